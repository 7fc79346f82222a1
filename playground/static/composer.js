// Where one writes: Enter sends, Shift+Enter breaks the line, / runs a command, + offers shortcuts.

import { completion } from "./completing.js";
import { h } from "./dom.js";
import { menu } from "./menu.js";
import { perform, store } from "./store.js";
import { icon } from "./icons.js";

const drafts = new Map();
const TALLEST = 8;

function grow(field) {
  field.rows = Math.min(TALLEST, field.value.split("\n").length);
}

function insert(field, text) {
  field.setRangeText(text, 0, field.value.length, "end");
  field.focus();
  field.dispatchEvent(new Event("input"));
}

function offered(field) {
  const { app } = store.scene;
  const shortcuts = app.shortcuts.filter((it) => it.type === "global").map((it) => ({ glyph: icon("bolt"), label: it.name, note: it.says, run: () => perform("shortcut", { callback_id: it.id }) }));
  const commands = app.commands.map((it) => ({ glyph: "/", label: it.name, note: it.says, run: () => insert(field, `${it.name} `) }));
  return [...(shortcuts.length ? [{ heading: "Shortcuts" }, ...shortcuts] : []), ...(commands.length ? [{ heading: "Commands" }, ...commands] : [])];
}

async function send(text, where) {
  const [, name, rest] = /^(\/\S+)\s*(.*)$/s.exec(text) ?? [];
  if (name) return perform("command", { ...where, name, text: rest });
  return perform("say", { ...where, text });
}

/** A composer. `where()` gives `{channel, thread?}`; `name()` tells its draft from others. */
export function composer({ where, name, label }) {
  const field = h("textarea", { rows: 1, "aria-label": label(), placeholder: label(), spellcheck: "true" });
  const offers = completion(field);
  const submit = async () => {
    const text = field.value.trim();
    if (!text) return;
    const place = name();
    field.value = "";
    offers.close();
    grow(field);
    drafts.delete(place);
    const answer = await send(text, where());
    if (answer.ok || name() !== place || field.value) return;
    field.value = text;
    grow(field);
  };
  field.addEventListener("input", () => (grow(field), drafts.set(name(), field.value)));
  field.addEventListener("keydown", (event) => {
    if (offers.key(event) || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  const node = h("div", { class: "composer" }, offers.list, field,
    h("div", { class: "bar" }, menu({ label: "Shortcuts and commands", face: icon("plus"), items: () => offered(field), className: "round", side: "up" }),
      h("span", { class: "hint muted" }, "Enter sends · Shift+Enter for a new line · / for commands"),
      h("button", { type: "button", class: "action primary send", "aria-label": "Send", onclick: submit }, "Send")));
  const turn = () => {
    field.value = drafts.get(name()) ?? "";
    field.setAttribute("aria-label", label());
    field.setAttribute("placeholder", label());
    offers.close();
    grow(field);
  };
  return { node, field, turn };
}
