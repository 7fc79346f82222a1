// The field for rich text: typed with marks, buttons that set them, and below how it will look.

import { h, replace } from "./dom.js";
import { typed, wordsOf } from "./marks.js";
import { words } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const AROUND = [["Bold", "*", "B"], ["Italic", "_", "I"], ["Strikethrough", "~", "S"], ["Code", "`", "</>"]];
const BEFORE = [["Bulleted list", () => "- ", "•"], ["Numbered list", (i) => `${i + 1}. `, "1."], ["Quote", () => "> ", "❝"]];
const SIGN = /^([-•]|\d+[.)]|>) +/;

function around(field, sign) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  field.setRangeText(`${sign}${value.slice(from, to)}${sign}`, from, to, "end");
  if (from === to) field.setSelectionRange(from + 1, from + 1);
}

function before(field, sign) {
  const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const chosen = field.value.slice(from, field.selectionEnd).split("\n");
  field.setRangeText(chosen.map((line, i) => sign(i) + line.replace(SIGN, "")).join("\n"), from, field.selectionEnd, "end");
}

/** The field, its buttons and its look. */
export function richTextInput(element, block, ctx) {
  const value = ctx.state(block, element)?.rich_text_value ?? element.initial_value;
  const look = h("div", { class: "look", "aria-label": "How it will look", role: "group" });
  const show = () => replace(look, /[*_~`]|^(-|•|\d+[.)]|>)|https?:/m.test(field.value) ? richText(typed(field.value)) : null);
  const field = h("textarea", {
    id: ctx.labelled, rows: 5, value: wordsOf(value), placeholder: words(element.placeholder) || null, autofocus: element.focus_on_load,
    "aria-describedby": ctx.described, "aria-invalid": ctx.invalid, dataset: { holds: "rich" }, oninput: show, oncarried: show,
  });
  const tool = (mark) => ([name, sign, face]) =>
    h("button", { type: "button", class: "tool", "aria-label": name, title: name, onclick: () => (mark(field, sign), field.focus(), show()) }, face);
  show();
  return h("div", { class: "rich-input" }, h("div", { class: "marks", role: "toolbar", "aria-label": "Marks" }, AROUND.map(tool(around)), BEFORE.map(tool(before))), field, look);
}
