// Block Kit as nodes. What is not known is shown as unknown, never dropped.

import { h, link, uid } from "./dom.js";
import { chart } from "./charts.js";
import { element } from "./elements.js";
import { markdown, mrkdwn, textObject, words } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";
import { icon } from "./icons.js";

function section(block, ctx) {
  const fields = block.fields ? h("div", { class: "fields" }, block.fields.map((it) => h("div", {}, ...textObject(it)))) : null;
  const accessory = block.accessory ? h("div", { class: "accessory" }, element(block.accessory, block, ctx)) : null;
  return h("div", { class: "section" }, h("div", { class: "words" }, block.text ? h("div", {}, ...textObject(block.text)) : null, fields), accessory);
}

function context(block) {
  return h("div", { class: "context" }, block.elements.map((it) => (it.type === "image" ? element(it, block, {}) : h("span", {}, ...textObject(it)))));
}

function input(block, ctx) {
  const id = uid("field");
  const error = ctx.errors?.[block.block_id];
  const described = [block.hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || null;
  const group = ["radio_buttons", "checkboxes"].includes(block.element.type);
  const inner = { ...ctx, labelled: id, labelId: `${id}-label`, described, invalid: error ? "true" : null };
  const field = element(block.element, block, inner);
  const holder = field.dataset?.holds ? field : field.querySelector?.("[data-holds]") ?? field;
  Object.assign(holder.dataset, { block: block.block_id, action: block.element.action_id });
  const label = h(group ? "div" : "label", { for: group ? null : id, id: `${id}-label`, class: "label" }, words(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null);
  return h("div", { class: `input${error ? " wrong" : ""}` }, label, field,
    error ? h("p", { id: `${id}-error`, class: "error", role: "alert" }, error) : null,
    block.hint ? h("p", { id: `${id}-hint`, class: "hint" }, words(block.hint)) : null);
}

function image(block) {
  // No request leaves the page: the picture's words and address stand in for it.
  const source = block.image_url ?? block.slack_file?.url ?? "";
  return h("figure", { class: "picture" }, h("div", { role: "img", "aria-label": block.alt_text }, icon("picture"), " ", block.alt_text),
    h("figcaption", {}, block.title ? words(block.title) : null, " ", source ? link(source, "open the picture") : null));
}

function card(block, ctx) {
  const sign = block.icon ? element(block.icon, block, ctx) : block.slack_icon ? h("span", { class: "sign", role: "img", "aria-label": `Icon: ${block.slack_icon.name}` }, `:${block.slack_icon.name}:`) : null;
  const lines = [["title", "strong"], ["subtitle", "div"], ["body", "div"], ["subtext", "small"]];
  return h("article", { class: "card" },
    block.hero_image ? h("div", { role: "img", "aria-label": block.hero_image.alt_text, class: "hero" }, icon("picture"), " ", block.hero_image.alt_text) : null,
    sign, lines.filter(([name]) => block[name]).map(([name, tag]) => h(tag, { class: name }, ...textObject(block[name]))),
    block.actions ? h("div", { class: "actions" }, block.actions.map((it) => element(it, block, ctx))) : null);
}

function container(block, ctx) {
  const title = block.title ? textObject(block.title) : block.rich_text_title ? [richText(block.rich_text_title)] : [];
  const head = [h("strong", {}, ...title), block.subtitle ? h("small", {}, ...textObject(block.subtitle)) : null];
  const inside = block.child_blocks.map((it) => one(it, ctx));
  if (block.is_collapsible) return h("details", { class: "container", open: !block.default_collapsed }, h("summary", {}, head), inside);
  return h("div", { class: "container" }, head, inside);
}

function task(block) {
  const signs = { pending: "○", in_progress: "◐", complete: "●", error: "⚠" };
  return h("div", { class: "task" }, h("span", { "aria-label": block.status }, signs[block.status] ?? "○"), " ", block.title, block.details ? richText(block.details) : null, block.output ? richText(block.output) : null);
}

const BLOCKS = {
  section, context, input, image, card, container, table, task_card: task, rich_text: richText, data_table: dataTable, data_visualization: chart,
  header: (block) => h(`h${Math.min((block.level ?? 1) + 2, 6)}`, {}, ...textObject(block.text)),
  divider: () => h("hr"),
  actions: (block, ctx) => h("div", { class: "actions" }, block.elements.map((it) => element(it, block, ctx))),
  context_actions: (block, ctx) => h("div", { class: "actions" }, block.elements.map((it) => element(it, block, ctx))),
  markdown: (block) => h("div", { class: "markdown" }, ...markdown(block.text)),
  alert: (block) => h("div", { class: `alert ${block.level ?? "default"}`, role: "note" }, ...textObject(block.text)),
  carousel: (block, ctx) => h("div", { class: "carousel", tabindex: 0, role: "region", "aria-label": "Cards" }, block.elements.map((it) => card(it, ctx))),
  plan: (block) => h("div", { class: "plan" }, h("strong", {}, block.title), (block.tasks ?? []).map(task)),
  video: (block) => h("div", { class: "picture" }, "▶ ", link(block.title_url ?? block.video_url, words(block.title)), h("div", {}, block.alt_text)),
  auth_provider: (block) => h("div", { class: "picture" }, h("strong", {}, words(block.name)), block.is_connected ? " · connected " : " · not connected ", block.description ? h("div", {}, words(block.description)) : null,
    block.is_connected ? link(block.disconnect_url ?? "", "Disconnect") : link(block.auth_url ?? "", "Connect")),
  file: (block) => h("div", { class: "picture" }, `A file: ${block.external_id}`),
};

function one(block, ctx) {
  const render = BLOCKS[block.type];
  return h("div", { class: "block", dataset: { type: block.type } }, render ? render(block, ctx) : h("p", { class: "unknown" }, `Unknown block: ${block.type}`));
}

/** All blocks, in order. */
export function blocks(list, ctx) {
  return list.map((block) => one(block, ctx));
}

/** A message's text where it has no blocks. */
export function plainMessage(text) {
  return h("div", { class: "block" }, ...mrkdwn(text ?? ""));
}
