// A button with a menu: arrows move, Escape and Tab close, focus returns to the button.

import { h, replace } from "./dom.js";

let open = null;

document.addEventListener("click", (event) => open && !open.box.contains(event.target) && open.close(false));

function move(list, event) {
  const items = [...list.querySelectorAll("[role=menuitem]:not(:disabled)")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || !items.length) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
}

/** `items()` gives `{label, note?, glyph?, run, danger?, heading?}`; they are asked for each time the menu opens. */
export function menu({ label, face, items, className = "", side = "left" }) {
  const list = h("div", { role: "menu", class: `menu ${side}`, "aria-label": label, hidden: true });
  const close = (back = true) => {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    open = null;
    if (back) opener.focus();
  };
  const item = (it) =>
    it.heading ? h("div", { class: "heading", role: "presentation" }, it.heading)
    : h("button", { type: "button", role: "menuitem", class: it.danger ? "danger" : "", "aria-label": it.spoken, onclick: () => (close(), it.run()) },
        it.glyph ? h("span", { class: "glyph", "aria-hidden": "true" }, it.glyph) : null, h("span", {}, it.label, it.note ? h("small", {}, it.note) : null));
  const show = () => {
    open?.close(false);
    replace(list, items().map(item));
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    open = { box, close };
    list.querySelector("[role=menuitem]")?.focus();
    list.scrollIntoView?.({ block: "nearest" });
  };
  const opener = h("button", { type: "button", class: className, title: label, "aria-label": label, "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => (list.hidden ? show() : close()) }, face);
  const box = h("div", { class: "has-menu", onkeydown: (event) => {
    if (list.hidden) return;
    if (event.key === "Escape") (event.stopPropagation(), event.preventDefault(), close());
    else if (event.key === "Tab") close(false);
    else move(list, event);
  } }, opener, list);
  return box;
}
