// Completion as one types: commands at the start, @people, #channels. The list is a listbox that the field controls.

import { h, replace, uid } from "./dom.js";
import { avatar, nameOf, about } from "./people.js";
import { store } from "./store.js";

const MOST = 8;

function commands(typed) {
  const offered = store.scene.app.commands.filter((it) => it.name.startsWith(typed));
  return offered.map((it) => ({ insert: `${it.name} `, shown: [h("strong", {}, it.name), " ", h("span", { class: "muted" }, it.hint), h("small", {}, it.says)] }));
}

function people(typed) {
  const wanted = typed.slice(1).toLowerCase();
  const fits = (it) => !it.deleted && it.id !== "USLACKBOT" && (it.name.toLowerCase().startsWith(wanted) || nameOf(it).toLowerCase().includes(wanted));
  return store.scene.people.filter(fits).map((it) => ({ insert: `@${it.name} `, shown: [avatar(it, "tiny"), h("strong", {}, nameOf(it)), " ", h("span", { class: "muted" }, it.app ? "app" : about(it))] }));
}

function channels(typed) {
  const wanted = typed.slice(1).toLowerCase();
  return store.scene.channels.filter((it) => it.name.includes(wanted)).map((it) => ({ insert: `#${it.name} `, shown: [h("strong", {}, `#${it.name}`), " ", h("span", { class: "muted" }, it.topic)] }));
}

function offers(field) {
  const before = field.value.slice(0, field.selectionStart);
  const word = /(^|\s)([@#][\w.-]*|\/[\w-]*)$/.exec(before)?.[2] ?? "";
  if (word.startsWith("/")) return word === before ? { word, list: commands(word) } : null;
  const list = word.startsWith("@") ? people(word) : word.startsWith("#") ? channels(word) : [];
  return list.length ? { word, list: list.slice(0, MOST) } : null;
}

/** Completion for a textarea. Returns `{list, key(event)}`: the list to show, and whether a key was for it. */
export function completion(field) {
  const list = h("div", { role: "listbox", id: uid("offers"), class: "offers", "aria-label": "Suggestions", hidden: true });
  let found = null;
  let at = 0;
  Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }).forEach(([name, value]) => field.setAttribute(name, value));

  const close = () => {
    found = null;
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const take = (offer) => {
    const end = field.selectionStart;
    field.setRangeText(offer.insert, end - found.word.length, end, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("input"));
  };
  const mark = (step) => {
    at = (at + step + found.list.length) % found.list.length;
    [...list.children].forEach((it, i) => it.setAttribute("aria-selected", String(i === at)));
    field.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const show = () => {
    found = offers(field);
    if (!found?.list.length) return close();
    replace(list, found.list.map((offer) => h("div", { role: "option", id: uid("offer"), "aria-selected": "false", onmousedown: (event) => (event.preventDefault(), take(offer)) }, ...offer.shown)));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    at = 0;
    mark(0);
  };

  field.addEventListener("input", show);
  field.addEventListener("click", show);
  field.addEventListener("blur", close);
  const keys = { ArrowDown: () => mark(1), ArrowUp: () => mark(-1), Tab: () => take(found.list[at]), Enter: () => take(found.list[at]), Escape: close };
  const key = (event) => {
    const complete = found?.list.length === 1 && event.key === "Enter" && found.list[0].insert.trim() === found.word;
    if (!found || !keys[event.key] || event.shiftKey || complete) return false;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
    return true;
  };
  return { list, key, close };
}
