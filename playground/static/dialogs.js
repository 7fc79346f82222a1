// Small questions and passing notes, in dialogs of the page's own.

import { h, replace } from "./dom.js";

const SHOWN_MS = 9000;

/** Ask before acting; resolves to whether the answer was yes. Focus returns to where it was. */
export function ask({ title, text, yes, no, danger }) {
  return new Promise((resolve) => {
    const back = document.activeElement;
    const end = (sure) => {
      dialog.close();
      dialog.remove();
      back?.focus?.();
      resolve(sure);
    };
    const dialog = h("dialog", { class: "ask", "aria-label": title, oncancel: (event) => (event.preventDefault(), end(false)) },
      h("h2", {}, title), h("p", {}, ...text),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "action", onclick: () => end(false) }, no),
        h("button", { type: "button", class: `action ${danger ? "danger" : "primary"}`, onclick: () => end(true) }, yes)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

let timer = 0;

/** Where a note can be seen: within the dialog on top, if one is open. */
function spot() {
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (!open) return document.querySelector("#toast");
  if (!open.querySelector(":scope > .toast")) open.append(h("div", { class: "toast", role: "alert" }));
  return open.querySelector(":scope > .toast");
}

/** Say something that went wrong or is worth knowing; it goes away by itself. */
export function toast(text) {
  const place = spot();
  const dismiss = h("button", { type: "button", class: "plain", onclick: () => replace(place) }, "Dismiss");
  replace(place, h("p", {}, text), dismiss);
  clearTimeout(timer);
  timer = setTimeout(() => replace(place), SHOWN_MS);
}
