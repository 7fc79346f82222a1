// One message: who, when, what, and what can be done with it.

import { blocks, plainMessage } from "./blocks.js";
import { context } from "./context.js";
import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { REACTIONS, emoji } from "./emoji.js";
import { carry } from "./keeping.js";
import { menu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar, nameOf } from "./people.js";
import { now, perform, person, store } from "./store.js";
import { clockTime, full, moment, relative } from "./time.js";
import { icon } from "./icons.js";

const QUIET = new Set(["channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive"]);
const GROUPED_SECONDS = 300;

/** Whether a message goes on from the one before: same author, soon after, both plain. */
export function goesOn(before, message) {
  if (!before || before.hidden || message.hidden || QUIET.has(before.subtype) || before.subtype === "tombstone") return false;
  return before.user === message.user && !before.reply_count && Number(message.ts) - Number(before.ts) < GROUPED_SECONDS;
}

/** A moment, with how long ago it was; `keepTimes` keeps that current. */
function when(ts) {
  const date = moment(ts);
  return h("time", { datetime: date.toISOString(), title: full(date) }, clockTime(date), h("span", { class: "ago", dataset: { ago: ts } }, relative(date, now())));
}

/** Bring every "5 minutes ago" up to date. */
export function keepTimes() {
  for (const node of document.querySelectorAll("[data-ago]")) node.textContent = relative(moment(node.dataset.ago), now());
}

function attachment(it, ctx) {
  const text = it.blocks ? blocks(it.blocks, ctx) : [h("strong", {}, it.title ?? ""), h("div", {}, ...mrkdwn(it.text ?? it.fallback ?? ""))];
  return h("div", { class: "attachment" }, it.pretext ? h("div", {}, ...mrkdwn(it.pretext)) : null, text);
}

function content(message, channel, root) {
  const ctx = context({ target: { channel, ts: message.ts }, state: message.values, root });
  const files = (message.files ?? []).map((it) => h("div", { class: "picture" }, icon("file"), " ", it.title ?? it.name));
  const body = message.blocks?.length ? blocks(message.blocks, ctx) : [plainMessage(message.text)];
  return h("div", { class: "content" }, body, (message.attachments ?? []).map((it) => attachment(it, ctx)), files,
    message.edited ? h("span", { class: "edited", title: full(moment(message.edited.ts)) }, "(edited)") : null);
}

function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((it) => {
    const mine = it.users.includes(store.scene.me);
    const names = it.users.map((id) => nameOf(person(id))).join(", ");
    return h("button", { type: "button", class: "chip", "aria-pressed": String(mine), title: `${names}: ${it.name}`, "aria-label": `${it.name}, ${it.count}`,
      onclick: () => perform(mine ? "unreact" : "react", { channel, ts: message.ts, name: it.name }) }, emoji(it.name), " ", String(it.count));
  }));
}

function replies(message, actions) {
  if (!message.reply_count) return null;
  const faces = message.reply_users.slice(0, 4).map((id) => avatar(person(id), "tiny"));
  return h("button", { type: "button", class: "replies", onclick: () => actions.thread(message.ts) },
    faces, h("strong", {}, message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`),
    h("span", { class: "muted" }, "Last reply ", h("span", { dataset: { ago: message.latest_reply } }, relative(moment(message.latest_reply), now()))));
}

function edit(message, channel, node) {
  const field = h("textarea", { rows: 2, "aria-label": "Edit the message", value: message.text.replace(/<@(\w+)>/g, (whole, id) => `@${person(id)?.name ?? id}`).replace(/<#\w+\|([^>]*)>/g, "#$1").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&") });
  const old = node.querySelector(".content");
  const end = () => box.replaceWith(old);
  const save = async () => (await perform("edit", { channel, ts: message.ts, text: field.value })).ok && box.isConnected && end();
  const box = h("div", { class: "editing", onkeydown: (event) => {
    if (event.key === "Escape") end();
    if (event.key === "Enter" && !event.shiftKey) (event.preventDefault(), save());
  } }, field, h("div", { class: "buttons" }, h("button", { type: "button", class: "action", onclick: end }, "Cancel"), h("button", { type: "button", class: "action primary", onclick: save }, "Save")));
  old.replaceWith(box);
  field.focus();
}

async function remove(message, channel) {
  const sure = await ask({ title: "Delete this message?", text: ["It will be gone for everybody."], yes: "Delete", no: "Keep it", danger: true });
  if (sure) await perform("delete", { channel, ts: message.ts });
}

function more(message, channel, actions, node) {
  const me = person(store.scene.me);
  const shortcuts = store.scene.app.shortcuts.filter((it) => it.type === "message");
  const own = message.user === me.id;
  return [
    ...(actions.thread ? [{ label: "Reply in thread", run: () => actions.thread(message.ts) }] : []),
    ...(own ? [{ label: "Edit message", run: () => edit(message, channel, node()) }] : []),
    ...(own || me.admin ? [{ label: "Delete message", danger: true, run: () => remove(message, channel) }] : []),
    ...(shortcuts.length ? [{ heading: store.scene.app.name }] : []),
    ...shortcuts.map((it) => ({ label: it.name, note: it.says, run: () => perform("message_shortcut", { channel, ts: message.ts, callback_id: it.id }) })),
  ];
}

function tools(message, channel, actions, node) {
  if (message.hidden || message.subtype === "tombstone") return null;
  const add = () => REACTIONS.map((name) => ({ label: emoji(name), spoken: name.replaceAll("_", " "), run: () => perform("react", { channel, ts: message.ts, name }) }));
  return h("div", { class: "tools", role: "group", "aria-label": "What can be done with this message" },
    menu({ label: "Add a reaction", face: icon("smile"), items: add, side: "right emojis" }),
    actions.thread ? h("button", { type: "button", title: "Reply in thread", "aria-label": "Reply in thread", onclick: () => actions.thread(message.ts) }, icon("reply")) : null,
    menu({ label: "More actions", face: icon("more"), items: () => more(message, channel, actions, node), side: "right" }));
}

function whispered(message, channel) {
  if (!message.hidden) return null;
  return h("div", { class: "whisper" }, icon("eye"), "Only visible to you ·", h("button", { type: "button", class: "plain", onclick: () => perform("hush", { channel, ts: message.ts }) }, "Dismiss"));
}

/** A message's node. `actions.thread(ts)` opens its thread; `compact` leaves out who and when. */
export function messageNode(message, channel, actions, { compact = false, before = null } = {}) {
  const author = person(message.user);
  const name = message.username || nameOf(author);
  if (QUIET.has(message.subtype)) return h("div", { class: "message quiet", dataset: { ts: message.ts } }, ...mrkdwn(message.text), " ", when(message.ts));
  const head = h("div", { class: "head" }, h("strong", {}, name), author?.bot ? h("span", { class: "badge" }, "App") : null, when(message.ts));
  const gutter = h("span", { class: "gutter muted", "aria-hidden": "true" }, clockTime(moment(message.ts)));
  const node = h("article", { class: `message${compact ? " compact" : ""}${message.hidden ? " hidden-from-others" : ""}`, dataset: { ts: message.ts }, "aria-label": `${name}, ${clockTime(moment(message.ts))}` },
    compact ? gutter : avatar(author), h("div", { class: "body" }, whispered(message, channel), compact ? null : head,
      message.broadcast && actions.thread ? h("div", { class: "muted" }, icon("reply"), " replied to a thread") : null,
      content(message, channel, () => node), reactions(message, channel), actions.thread ? replies(message, actions) : null),
    tools(message, channel, actions, () => node));
  if (before) carry(before, node);
  return node;
}
