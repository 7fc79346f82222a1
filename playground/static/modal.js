// Forms: the top one of the stack, in a dialog. What was typed stays while the app changes the form around it.

import { blocks } from "./blocks.js";
import { context } from "./context.js";
import { h, replace } from "./dom.js";
import { carry, rememberFocus, values } from "./keeping.js";
import { words } from "./mrkdwn.js";
import { perform, store } from "./store.js";
import { icon } from "./icons.js";

const FIELD = "input:not([type=hidden]), select, textarea";
const dialog = document.querySelector("#modal");
let shown = null;
let giveBack = null;
let unfit = {};

const close = (everything) => perform("close", { everything });

function contextOf(view, form) {
  return context({ target: { view_id: view.id }, state: view.state.values, errors: { ...view.errors, ...unfit }, root: () => form() });
}

async function submit(view, form, ctx, button) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  form.classList.add("sending");
  unfit = {};
  const answer = await perform("submit", { view_id: view.id, values: values(form, ctx) });
  form.classList.remove("sending");
  button.removeAttribute("aria-busy");
  if (answer.fields) {
    unfit = answer.fields;
    draw(view);
  } else if (shown?.id === view.id && dialog.querySelector(".wrong")) focusFirst(dialog);
}

function build(view) {
  const body = h("div", { class: "modal-body" });
  const ctx = contextOf(view, () => body);
  replace(body, blocks(view.blocks, ctx));
  const button = view.submit ? h("button", { type: "submit", class: "action primary", disabled: view.submit_disabled }, words(view.submit)) : null;
  const form = h("form", { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit(view, form, ctx, button)) },
    h("div", { class: "dialog-head" }, h("h2", { id: "modal-title" }, words(view.title)), h("button", { type: "button", class: "plain", "aria-label": "Close", onclick: () => close(true) }, icon("close"))),
    body, h("div", { class: "modal-foot" }, h("button", { type: "button", class: "action", onclick: () => close(false) }, view.close ? words(view.close) : view.submit ? "Cancel" : "Close"), button));
  return form;
}

function focusFirst(form) {
  const wrong = form.querySelector(".wrong");
  const target = wrong?.querySelector(FIELD) ?? form.querySelector("[autofocus]") ?? form.querySelector(`.modal-body :is(${FIELD})`) ?? form.querySelector(".modal-foot button:last-child");
  target?.focus();
}

function draw(view) {
  const form = build(view);
  const same = shown?.id === view.id;
  const old = dialog.querySelector("form");
  const back = same ? rememberFocus(dialog) : () => false;
  const top = same ? old.querySelector(".modal-body").scrollTop : 0;
  if (same) carry(old, form);
  replace(dialog, form, dialog.querySelector(":scope > .toast"));
  if (!dialog.open) {
    giveBack = rememberFocus();
    dialog.showModal();
  }
  form.querySelector(".modal-body").scrollTop = top;
  const wrong = Object.keys({ ...view.errors, ...unfit }).length;
  if (wrong || !back()) focusFirst(form);
}

function hide() {
  if (!dialog.open) return;
  dialog.close();
  replace(dialog);
  shown = null;
  giveBack?.();
}

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  close(false);
});

/** Show the top form of the stack, or none. */
export function drawModal() {
  const view = store.scene.views.at(-1);
  if (!view) return hide();
  const print = JSON.stringify([view.id, view.hash, view.errors]);
  if (shown?.print === print) return;
  if (shown?.id !== view.id || shown.hash !== view.hash) unfit = {};
  draw(view);
  shown = { id: view.id, hash: view.hash, print };
}
