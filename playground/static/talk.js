// A run of messages: those that did not change keep their nodes, so focus, open menus and typed text stay.

import { h, replace } from "./dom.js";
import { reconcile, rememberFocus } from "./keeping.js";
import { goesOn, messageNode } from "./message.js";
import { now, store } from "./store.js";
import { dayKey, dayName, moment } from "./time.js";

const NEAR_END = 80;

/** A list of messages in `box`; call `show` with what the server gave. */
export function talk(box, actions) {
  let known = new Map();
  let where = "";

  const fresh = (key, print, make) => {
    const old = known.get(key);
    return old?.print === print ? old : { print, node: make(old?.node) };
  };

  const day = (date, next) => {
    const key = `day ${dayKey(date)}`;
    const name = dayName(date, now());
    next.set(key, fresh(key, name, () => h("div", { class: "day" }, h("span", {}, name))));
  };

  const lay = (place) => {
    const next = new Map();
    place.messages.forEach((message, i) => {
      const before = place.messages[i - 1];
      const newDay = !before || dayKey(moment(before.ts)) !== dayKey(moment(message.ts));
      if (newDay) day(moment(message.ts), next);
      const compact = !newDay && goesOn(before, message);
      const print = JSON.stringify([message, compact, store.scene.me]);
      next.set(message.ts, fresh(message.ts, print, (old) => messageNode(message, place.channel, actions, { compact, before: old })));
    });
    return next;
  };

  /** Show these messages; `name` tells places apart: a new one begins at its end. */
  return function show(place, name, empty) {
    const atEnd = name !== where || box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    const back = rememberFocus(box);
    if (name !== where) known = new Map();
    where = name;
    if (place === null) return replace(box, empty);
    known = lay(place);
    const nodes = [...known.values()].map((it) => it.node);
    reconcile(box, nodes.length ? nodes : [empty]);
    back();
    if (atEnd) box.scrollTop = box.scrollHeight;
  };
}
