// Putting it together: who acts, where they look, and what to do when something changes.

import { actAs, listen } from "./api.js";
import { go, goByAddress } from "./going.js";
import { inspect, read as readWire } from "./inspector.js";
import { keepTimes } from "./message.js";
import { drawModal } from "./modal.js";
import { panes } from "./place.js";
import { drawSidebar } from "./sidebar.js";
import { conversation, refresh, refreshSoon, store, watch } from "./store.js";
import { connected, topbar } from "./topbar.js";

const SOON = 40;
const LATER = 350;
const TIMES_EVERY = 20_000;
const BEHIND = new Set(["wire", "fault"]);
const wide = () => matchMedia("(min-width: 761px)").matches;

let silence = () => {};
let wireDue = null;

function heard(change) {
  const behind = BEHIND.has(change.kind);
  refreshSoon(behind ? LATER : SOON);
  if (!behind || wireDue) return;
  wireDue = setTimeout(() => ((wireDue = null), readWire()), LATER);
}

function hearAs(id) {
  silence();
  actAs(id);
  silence = listen(heard, (yes) => {
    connected(yes);
    if (yes) refreshSoon(SOON);
  });
}

/** Act as somebody else in this tab. */
async function become(id) {
  const address = new URL(location.href);
  address.searchParams.set("as", id);
  history.pushState(null, "", address);
  hearAs(id);
  await refresh();
  if (store.at.channel && !conversation(store.at.channel)) await goByAddress(wide());
  else await go({ ...store.at });
}

function asked() {
  return new URLSearchParams(location.search).get("as") ?? "";
}

async function begin() {
  actAs(asked());
  await refresh();
  if (!store.scene) return;
  const { me } = store.scene;
  if (asked() !== me) history.replaceState(null, "", `?as=${me}${location.hash}`);
  hearAs(me);
  for (const draw of [topbar({ become, inspect }), drawSidebar, panes(), drawModal]) watch(draw);
  await goByAddress(wide());
  document.body.dataset.ready = "yes";
  setInterval(keepTimes, TIMES_EVERY);
  addEventListener("popstate", () => (asked() === store.scene.me ? goByAddress(wide()) : location.reload()));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refreshSoon(SOON));
}

begin();
