// What the page knows, read anew whenever the server tells of a change, and the one way to act.

import { act, get } from "./api.js";
import { toast } from "./dialogs.js";
import { useNames } from "./mrkdwn.js";
import { useZone } from "./time.js";

/** `at` is where the person looks: `{kind: "place", channel, thread}` or `{kind: "home"}` or `{kind: "list"}`. */
export const store = { scene: null, place: null, thread: null, at: { kind: "list" }, offset: 0, seen: 0 };

const watchers = [];
let running = null;
let again = false;

/** Call `watcher` after every reading. */
export const watch = (watcher) => watchers.push(watcher);

/** The workspace's time. */
export const now = () => new Date(Date.now() + store.offset);

export const me = () => store.scene.people.find((it) => it.id === store.scene.me);
export const person = (id) => store.scene.people.find((it) => it.id === id);
export const conversation = (id) => [...store.scene.channels, ...store.scene.dms].find((it) => it.id === id);

function learn(scene) {
  store.scene = scene;
  store.offset = scene.now * 1000 - Date.now();
  useZone(me().tz);
  useNames({
    people: new Map(scene.people.map((it) => [it.id, it])), channels: new Map(scene.channels.map((it) => [it.id, it])),
    groups: new Map(scene.groups.map((it) => [it.id, it.handle])), now, me: scene.me,
  });
}

async function read() {
  const { channel, thread } = store.at;
  const reading = document.visibilityState === "visible";
  const asked = [get("scene"), channel ? get("place", { channel, reading }) : null, thread ? get("thread", { channel, ts: thread }) : null];
  const [scene, place, replies] = await Promise.all(asked);
  if (!scene.ok) throw new Error(scene.error);
  learn(scene);
  if (channel !== store.at.channel || thread !== store.at.thread) return;
  store.place = place?.ok ? place : null;
  store.thread = replies?.ok ? replies : null;
  for (const watcher of watchers) watcher();
}

async function readAll() {
  do {
    again = false;
    await read();
  } while (again);
}

/** Read what is shown, once more if something changes meanwhile; resolves when the page is up to date. */
export function refresh() {
  again = true;
  running ??= readAll().catch((trouble) => toast(trouble.message)).finally(() => (running = null));
  return running;
}

let due = null;

/** Read soon: many changes in a row are read once. */
export function refreshSoon(delay) {
  if (due !== null && due.at <= Date.now() + delay) return;
  if (due !== null) clearTimeout(due.timer);
  due = { at: Date.now() + delay, timer: setTimeout(() => ((due = null), refresh()), delay) };
}

/** Act as the acting person; what went wrong is said. Resolves to the server's answer once the page shows it. */
export async function perform(verb, body) {
  const answer = await act(verb, body).catch((trouble) => ({ ok: false, error: trouble.message }));
  if (!answer.ok && !answer.fields) toast(answer.error);
  await refresh();
  return answer;
}
