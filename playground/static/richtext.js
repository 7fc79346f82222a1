// rich_text: sections, lists, quotes and preformatted text, with their inline elements.

import { h, link } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { broadcast, channelName, date, group, mention } from "./mrkdwn.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styled(node, style) {
  return Object.entries(STYLES).reduce((inside, [name, tag]) => (style?.[name] ? h(tag, {}, inside) : inside), node);
}

function broken(text) {
  return text.split("\n").flatMap((line, i) => (i ? [h("br"), withEmoji(line)] : [withEmoji(line)]));
}

const INLINE = {
  text: (it) => styled(h("span", {}, ...broken(it.text ?? "")), it.style),
  link: (it) => styled(link(it.url, it.text || it.url), it.style),
  user: (it) => mention(it.user_id),
  channel: (it) => channelName(it.channel_id),
  usergroup: (it) => group(it.usergroup_id),
  broadcast: (it) => broadcast(it.range),
  emoji: (it) => emoji(it.name),
  date: (it) => date(it.timestamp, it.format, it.fallback),
  color: (it) => h("code", {}, it.value),
};

function inline(elements) {
  return (elements ?? []).map((it) => INLINE[it.type]?.(it) ?? h("span", { class: "unknown" }, `[${it.type}]`));
}

const PARTS = {
  rich_text_section: (it) => h("div", {}, ...inline(it.elements)),
  rich_text_quote: (it) => h("blockquote", {}, ...inline(it.elements)),
  rich_text_preformatted: (it) => h("pre", {}, h("code", {}, ...inline(it.elements))),
  rich_text_list: (it) =>
    h(it.style === "ordered" ? "ol" : "ul", { class: `indent-${it.indent ?? 0}`, start: it.offset ? it.offset + 1 : null },
      (it.elements ?? []).map((item) => h("li", {}, ...inline(item.elements)))),
};

/** A rich_text block. */
export function richText(block) {
  return h("div", { class: "rich-text" }, ...(block.elements ?? []).map((it) => PARTS[it.type]?.(it) ?? h("span", { class: "unknown" }, `[${it.type}]`)));
}
