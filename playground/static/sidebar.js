// Channels, direct messages and the app, with what is unread; below, the checklist.

import { h, replace } from "./dom.js";
import { go, goHome, goTo } from "./going.js";
import { guide } from "./guide.js";
import { rememberFocus } from "./keeping.js";
import { avatar, nameOf } from "./people.js";
import { perform, person, store } from "./store.js";
import { whoDialog } from "./who.js";
import { icon } from "./icons.js";

const MOST = 99;
let printed = "";

function entry({ sign, name, unread, called, current, muted, open }) {
  const spoken = `${name}${unread ? `, ${unread} unread` : ""}`;
  return h("li", {}, h("button", { type: "button", class: `entry${unread ? " unread" : ""}${muted ? " muted" : ""}`, "aria-current": current ? "page" : null, "aria-label": spoken, onclick: open },
    sign, h("span", { class: "name" }, name), called ? h("span", { class: "count" }, String(Math.min(called, MOST))) : unread ? h("span", { class: "dot" }) : null));
}

function channelEntry(it) {
  const sign = h("span", { class: "sign", "aria-hidden": "true" }, it.private ? icon("lock") : "#");
  return entry({ ...it, sign, current: store.at.channel === it.id, muted: !it.member || it.archived, open: () => goTo(it.id) });
}

function directEntry(it) {
  const others = it.with.map(person);
  return entry({ ...it, sign: avatar(others[0], "tiny"), name: others.map(nameOf).join(", ") || "You", current: store.at.channel === it.id, open: () => goTo(it.id) });
}

function appEntry() {
  const { app } = store.scene;
  const dm = store.scene.dms.find((it) => it.id === app.dm);
  const current = store.at.kind === "home" || store.at.channel === app.dm;
  const open = () => (dm?.unread || !app.home ? goTo(app.dm) : goHome());
  return entry({ ...dm, sign: avatar(person(app.user), "tiny"), name: app.name, current, open });
}

async function write() {
  const who = await whoDialog("Write to whom?", (it) => it.id !== store.scene.me);
  if (!who) return;
  const answer = await perform("direct", { user: who });
  if (answer.ok) go({ kind: "place", channel: answer.channel, thread: null });
}

function group(title, entries, extra) {
  const id = `group-${title.replace(/\W/g, "")}`;
  return h("section", { "aria-labelledby": id }, h("div", { class: "group" }, h("h2", { id }, title), extra), h("ul", {}, entries));
}

/** Draw the sidebar anew if it changed. */
export function drawSidebar() {
  const { scene, at } = store;
  const print = JSON.stringify([scene.channels, scene.dms, scene.app, scene.guide, scene.notice, at, scene.me]);
  if (print === printed) return;
  printed = print;
  const nav = document.querySelector("#sidebar");
  const back = rememberFocus(nav);
  const add = h("button", { type: "button", class: "round", "aria-label": "Write to somebody", title: "Write to somebody", onclick: write }, icon("plus"));
  const top = nav.querySelector(".scroll")?.scrollTop ?? 0;
  replace(nav, h("div", { class: "scroll" }, group("Apps", appEntry()), group("Channels", scene.channels.map(channelEntry)),
    group("Direct messages", scene.dms.filter((it) => !it.app).map(directEntry), add)), guide(drawAgain), scene.notice ? h("details", { class: "notice" }, h("summary", {}, "About the sample data"), scene.notice) : null);
  nav.querySelector(".scroll").scrollTop = top;
  back();
}

function drawAgain() {
  printed = "";
  drawSidebar();
}
