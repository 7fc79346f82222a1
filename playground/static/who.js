// Choosing a person, in a dialog with a filter.

import { h, replace } from "./dom.js";
import { about, avatar, nameOf } from "./people.js";
import { store } from "./store.js";
import { icon } from "./icons.js";

/** Ask for a person; resolves to the id, or null. `extra(person)` may add something beside each. */
export function whoDialog(title, fits, extra = () => null) {
  return new Promise((resolve) => {
    const back = document.activeElement;
    const end = (id) => {
      dialog.close();
      dialog.remove();
      if (back?.isConnected) back.focus();
      resolve(id);
    };
    const list = h("ul", { class: "who" });
    const line = (it) => h("li", {}, h("button", { type: "button", class: "person", "aria-current": it.id === store.scene.me ? "true" : null, onclick: () => end(it.id) },
      avatar(it), h("span", {}, h("strong", {}, nameOf(it)), it.id === store.scene.me ? h("span", { class: "badge" }, "you") : null, h("small", {}, about(it)))), extra(it));
    const draw = () => {
      const wanted = field.value.toLowerCase();
      const people = store.scene.people.filter((it) => !it.bot && fits(it) && `${it.name} ${nameOf(it)}`.toLowerCase().includes(wanted));
      replace(list, people.length ? people.map(line) : h("li", { class: "muted" }, "Nobody of that name."));
    };
    const field = h("input", { type: "search", placeholder: "Filter by name", "aria-label": "Filter by name", autofocus: true, oninput: draw,
      onkeydown: (event) => event.key === "Enter" && list.querySelector("button")?.click() });
    const dialog = h("dialog", { class: "who-dialog", "aria-label": title, oncancel: (event) => (event.preventDefault(), end(null)), onclick: (event) => event.target === dialog && end(null) },
      h("div", { class: "dialog-head" }, h("h2", {}, title), h("button", { type: "button", class: "plain", "aria-label": "Close", onclick: () => end(null) }, icon("close"))), field, list);
    draw();
    document.body.append(dialog);
    dialog.showModal();
  });
}
