// The checklist of the first minute: it ticks itself off, and can be dismissed and brought back.

import { h } from "./dom.js";
import { store } from "./store.js";
import { icon } from "./icons.js";

const DISMISSED = "playground.guide.dismissed";

function line(step, current) {
  return h("li", { class: `${step.done ? "done" : ""}${current ? " current" : ""}` }, h("span", { class: "tick", role: "img", "aria-label": step.done ? "Done" : "To do" }, step.done ? "✓" : ""),
    h("div", {}, h("span", { class: "step" }, step.title), current ? h("small", {}, step.hint) : null));
}

/** The checklist's node, or null if there is none. */
export function guide(redraw) {
  const steps = store.scene.guide;
  if (!steps.length) return null;
  const turn = (dismissed) => () => (localStorage.setItem(DISMISSED, dismissed), redraw());
  const done = steps.filter((it) => it.done).length;
  if (localStorage.getItem(DISMISSED) === "yes") return h("div", { class: "guide small" }, h("button", { type: "button", class: "plain", onclick: turn("no") }, `Show the first steps (${done} of ${steps.length})`));
  const current = steps.findIndex((it) => !it.done);
  return h("section", { class: "guide", "aria-label": "First steps" },
    h("div", { class: "guide-head" }, h("h2", {}, current < 0 ? "All done" : "First steps"), h("span", { class: "muted", role: "status" }, `${done} of ${steps.length}`),
      h("button", { type: "button", class: "plain", "aria-label": "Dismiss the first steps", title: "Dismiss", onclick: turn("yes") }, icon("close"))),
    h("progress", { max: steps.length, value: done, "aria-label": "First steps done" }),
    h("ol", {}, steps.map((step, i) => line(step, i === current))));
}
