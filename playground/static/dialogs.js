// Small questions and passing notes, in dialogs of the page's own.

import { h, replace } from "./dom.js";

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

/** Say something that went wrong or is worth knowing; it goes away by itself. */
export function toast(text) {
  const place = document.querySelector("#toast");
  replace(place, h("p", {}, text), h("button", { type: "button", class: "small", onclick: () => replace(place) }, "Dismiss"));
  clearTimeout(timer);
  timer = setTimeout(() => replace(place), 9000);
}
