// Where a person looks, kept in the address so that Back works and a tab can be shared: #C123, #C123/thread, #home.

import { act } from "./api.js";
import { conversation, refresh, store } from "./store.js";

const HOME = "home";

function parse(hash) {
  const [channel, thread] = decodeURIComponent(hash.slice(1)).split("/");
  if (channel === HOME) return { kind: HOME };
  return channel ? { kind: "place", channel, thread: thread || null } : { kind: "list" };
}

function address(at) {
  if (at.kind === HOME) return "#home";
  return at.kind === "list" ? "#" : `#${at.channel}${at.thread ? `/${at.thread}` : ""}`;
}

/** Tell the app that its Home, or its messages, were opened, as Slack's client does. */
function tellApp(at) {
  if (at.kind === HOME) return act("home", { tab: "home" });
  const { app } = store.scene;
  return at.channel === app.dm && app.messages && app.home ? act("home", { tab: "messages" }) : null;
}

/** Go and look at something. */
export async function go(at) {
  const before = store.at;
  store.at = at;
  if (location.hash !== address(at)) history.pushState(null, "", address(at) === "#" ? location.pathname + location.search : address(at));
  const told = before.kind === at.kind && before.channel === at.channel ? null : tellApp(at);
  await refresh();
  if (told) await told;
}

export const goTo = (channel) => go({ kind: "place", channel, thread: null });
export const goHome = () => go({ kind: HOME });
export const goList = () => go({ kind: "list" });
export const openThread = (ts) => go({ ...store.at, thread: ts });
export const closeThread = () => go({ ...store.at, thread: null });

/** Look where the address says; on a wide page that is always somewhere. */
export function goByAddress(wide) {
  const at = parse(location.hash);
  if (at.channel && !conversation(at.channel)) at.kind = "list";
  if (at.kind === "list" && wide && store.scene.start) return goTo(store.scene.start);
  return go(at.kind === "list" ? { kind: "list" } : at);
}
