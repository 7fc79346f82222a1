// table and data_table: cells of text, numbers and rich text; a data_table has pages.

import { h, replace } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { richText } from "./richtext.js";

function cell(content, tag, settings) {
  const align = settings?.align ?? (content?.type === "raw_number" ? "right" : "left");
  const shown = !content ? "" : content.type === "rich_text" ? richText(content) : withEmoji(content.text ?? String(content.value ?? ""));
  return h(tag, { class: `align-${align}`, scope: tag === "th" ? "col" : null }, shown);
}

function row(cells, tag, settings) {
  return h("tr", {}, cells.map((content, i) => cell(content, tag, settings?.[i])));
}

/** A table block. */
export function table(block) {
  const [head, ...rows] = block.rows;
  const settings = block.column_settings;
  return h("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Table" },
    h("table", {}, h("thead", {}, row(head, "th", settings)), h("tbody", {}, rows.map((cells) => row(cells, "td", settings)))));
}

/** A data_table block: `page_size` rows at a time, five unless it says otherwise. */
export function dataTable(block) {
  const [head, ...rows] = block.rows;
  const size = block.page_size ?? 5;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const body = h("tbody");
  const where = h("span", { "aria-live": "polite" });
  let page = 0;
  const show = (step) => {
    page = Math.min(Math.max(page + step, 0), pages - 1);
    replace(body, rows.slice(page * size, (page + 1) * size).map((cells) => row(cells, "td")));
    replace(where, `Page ${page + 1} of ${pages}`);
  };
  show(0);
  const turn = (text, step) => h("button", { type: "button", class: "small", onclick: () => show(step) }, text);
  return h("div", { class: "table", tabindex: 0, role: "region", "aria-label": block.caption },
    h("table", {}, h("caption", {}, block.caption), h("thead", {}, row(head, "th")), body),
    pages > 1 ? h("div", { class: "turn" }, turn("Previous rows", -1), where, turn("Next rows", 1)) : null);
}
