// Slack's mrkdwn as nodes: the escapes, the tokens in angle brackets, bold, italic, struck, code and quotes.

import { h, link } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { dateToken, full, moment } from "./time.js";

let names = { people: new Map(), channels: new Map(), groups: new Map(), now: () => new Date(), me: "" };

/** Who and what the tokens stand for. */
export function useNames(known) {
  names = { ...names, ...known };
}

const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
const plainText = (text) => withEmoji(unescape(text));

export function mention(id) {
  const person = names.people.get(id);
  return h("span", { class: `mention${id === names.me ? " me" : ""}` }, `@${person ? person.real_name || person.name : id}`);
}

export function channelName(id, label) {
  const channel = names.channels.get(id);
  return h("span", { class: "mention" }, `#${channel ? channel.name : label || "a private channel"}`);
}

export function broadcast(range) {
  return h("span", { class: "mention me" }, `@${range}`);
}

export function date(seconds, pattern, fallback) {
  const when = moment(seconds);
  if (Number.isNaN(when.getTime())) return h("span", {}, fallback ?? "");
  return h("time", { title: full(when), datetime: when.toISOString() }, dateToken(seconds, pattern ?? "{date}", names.now()));
}

export function group(id, label) {
  return h("span", { class: "mention" }, `@${names.groups.get(id) ?? label ?? "group"}`);
}

function token(inside) {
  const [target, label] = inside.split(/\|(.*)/s);
  if (/^@[UW]/.test(target)) return mention(target.slice(1));
  if (/^#C/.test(target)) return channelName(target.slice(1), label);
  if (target.startsWith("!subteam^")) return group(target.slice(9), label);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, address] = target.split("^");
    const shown = date(seconds, pattern, label);
    return address ? link(address, shown) : shown;
  }
  if (/^!(here|channel|everyone)/.test(target)) return broadcast(target.slice(1));
  return link(unescape(target), plainText(label ?? target));
}

const RULES = [
  [/```\n?([\s\S]+?)```/, (found) => h("pre", {}, h("code", {}, unescape(found[1])))],
  [/`([^`\n]+)`/, (found) => h("code", {}, unescape(found[1]))],
  [/<([^<>\n]+)>/, (found) => token(found[1])],
  [/(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])/, (found) => h("strong", {}, ...inline(found[1]))],
  [/(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])/, (found) => h("em", {}, ...inline(found[1]))],
  [/(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])/, (found) => h("s", {}, ...inline(found[1]))],
];

function nearest(text) {
  let first = null;
  for (const [pattern, make] of RULES) {
    const found = pattern.exec(text);
    if (found && (first === null || found.index < first.found.index)) first = { found, make };
  }
  return first;
}

function inline(text) {
  const nodes = [];
  let rest = text;
  for (let first = nearest(rest); first !== null; first = nearest(rest)) {
    const { found, make } = first;
    nodes.push(plainText(rest.slice(0, found.index)), make(found));
    rest = rest.slice(found.index + found[0].length);
  }
  return [...nodes, plainText(rest)].filter((node) => node !== "");
}

function lines(text) {
  return text.split("\n").flatMap((line, i) => (i ? [h("br"), ...inline(line)] : inline(line)));
}

/** mrkdwn as nodes; lines that begin with > are a quote. */
export function mrkdwn(text) {
  const parts = [];
  for (const piece of text.split(/(```[\s\S]+?```)/)) {
    if (piece.startsWith("```")) parts.push(...inline(piece));
    else parts.push(...quotes(piece));
  }
  return parts;
}

function quotes(text) {
  const nodes = [];
  for (const run of text.split(/((?:^&gt; ?.*(?:\n|$))+)/m)) {
    if (!run) continue;
    if (!/^&gt;/.test(run)) nodes.push(...lines(run));
    else nodes.push(h("blockquote", {}, ...lines(run.replace(/^&gt; ?/gm, "").replace(/\n$/, ""))));
  }
  return nodes;
}

/** A text object: mrkdwn, or plain text with its emoji. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "");
  const said = object.emoji === false ? object.text : withEmoji(object.text ?? "");
  return said.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
}

/** A text object as a string, for labels. */
export function words(object) {
  return withEmoji(unescape(object?.text ?? ""));
}

const MARKDOWN = [
  [/^(#{1,6}) (.*)$/, (found) => h(`h${Math.min(found[1].length + 2, 6)}`, {}, ...markdownInline(found[2]))],
  [/^[-*] (.*)$/, (found) => h("div", { class: "bullet" }, "• ", ...markdownInline(found[1]))],
  [/^> ?(.*)$/, (found) => h("blockquote", {}, ...markdownInline(found[1]))],
];

function markdownInline(text) {
  const found = /\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|`([^`]+)`|_(.+?)_|~~(.+?)~~/.exec(text);
  if (!found) return [withEmoji(text)];
  const [whole, bold, label, address, code, italic, struck] = found;
  const node =
    bold ? h("strong", {}, ...markdownInline(bold))
    : label ? link(address, label)
    : code ? h("code", {}, code)
    : italic ? h("em", {}, ...markdownInline(italic))
    : h("s", {}, struck);
  return [...markdownInline(text.slice(0, found.index)), node, ...markdownInline(text.slice(found.index + whole.length))];
}

/** Standard markdown, as far as bots use it. */
export function markdown(text) {
  return text.split("\n").map((line) => {
    for (const [pattern, make] of MARKDOWN) {
      const found = pattern.exec(line);
      if (found) return make(found);
    }
    return h("div", {}, ...markdownInline(line));
  });
}
