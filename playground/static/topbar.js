// The bar on top: the workspace's time and how to move it, who acts in this tab, and the way behind the scenes.

import { post } from "./api.js";
import { toast } from "./dialogs.js";
import { h, replace } from "./dom.js";
import { menu } from "./menu.js";
import { avatar, nameOf } from "./people.js";
import { me, now, refresh, store } from "./store.js";
import { brief, full, localTime } from "./time.js";
import { whoDialog } from "./who.js";
import { icon } from "./icons.js";

async function move(body) {
  document.querySelector("#clock").setAttribute("aria-busy", "true");
  const answer = await post("clock", body).catch((trouble) => ({ ok: false, error: trouble.message }));
  document.querySelector("#clock").removeAttribute("aria-busy");
  if (!answer.ok) toast(answer.error);
  await refresh();
}

function custom() {
  const end = () => (dialog.close(), dialog.remove());
  const field = h("input", { type: "datetime-local", id: "clock-to", required: true, value: localTime(now() / 1000 + 3600) });
  const dialog = h("dialog", { class: "ask", "aria-labelledby": "clock-title", oncancel: end },
    h("form", { novalidate: true, onsubmit: (event) => (event.preventDefault(), end(), move({ to: field.value })) },
      h("h2", { id: "clock-title" }, "Move the clock to"), h("label", { for: "clock-to" }, `Date and time in ${me().tz.replace("_", " ")}`), field,
      h("div", { class: "buttons" }, h("button", { type: "button", class: "action", onclick: end }, "Cancel"), h("button", { type: "submit", class: "action primary" }, "Move"))));
  document.body.append(dialog);
  dialog.showModal();
}

function jumps() {
  const given = store.scene.jumps.map((title, i) => ({ label: title, run: () => move({ jump: i }) }));
  return [{ heading: "Move the clock" }, ...given, { label: "Custom…", run: custom }];
}

/** Fills the bar once; the function it returns draws it anew. */
export function topbar({ become, inspect }) {
  const bar = document.querySelector("#topbar");
  const team = h("strong", { class: "team" });
  const time = h("time", { role: "timer", "aria-label": "The workspace's time", "aria-live": "off" });
  const acting = h("button", { type: "button", class: "acting", onclick: async () => {
    const who = await whoDialog("Act as", (it) => !it.deleted, (it) => h("a", { href: `?as=${it.id}`, target: "_blank", rel: "opener", class: "new-tab", "aria-label": `Act as ${nameOf(it)} in a new tab` }, "new tab ↗"));
    if (who) become(who);
  } });
  const lamp = h("span", { class: "lamp", role: "status" });
  replace(bar, h("span", { class: "brand" }, h("span", { class: "logo", "aria-hidden": "true" }, "◆"), team, lamp),
    h("div", { id: "clock" }, icon("clock"), time, menu({ label: "Move the clock", face: ["Move", icon("down")], items: jumps, className: "on-bar", side: "down" })),
    h("div", { class: "right" }, h("button", { type: "button", class: "on-bar", id: "inspect", "aria-pressed": "false", title: "What goes over the wire", onclick: inspect }, icon("code"), h("span", { class: "wide-text" }, "Behind the scenes")), acting));
  const tick = () => replace(time, h("span", { class: "long" }, full(now())), h("span", { class: "short" }, brief(now())));
  setInterval(() => store.scene && tick(), 1000);
  let printed = "";
  return function draw() {
    tick();
    const print = JSON.stringify([me(), store.scene.team]);
    if (print === printed) return;
    printed = print;
    replace(team, store.scene.team.name);
    acting.setAttribute("aria-label", `Acting as ${nameOf(me())}; switch`);
    replace(acting, avatar(me(), "small"), h("span", { class: "wide-text" }, h("small", {}, "Acting as"), nameOf(me())), icon("down"));
    document.title = `${nameOf(me())} · ${store.scene.team.name}`;
  };
}

/** Show whether changes still come in. */
export function connected(yes) {
  const lamp = document.querySelector(".lamp");
  lamp.classList.toggle("lost", !yes);
  replace(lamp, yes ? null : "Connection lost; trying again…");
}
