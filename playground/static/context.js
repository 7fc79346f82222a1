// What the elements of a layout can do: tell the app, hold values, ask for options. One context for each form or message.

import { act } from "./api.js";
import { toast } from "./dialogs.js";
import { values } from "./keeping.js";
import { perform, store } from "./store.js";
import { localTime, toSeconds } from "./time.js";

/** The context of a layout. `target` names it to the server, `state` is what stands in it, `root()` is its node. */
export function context({ target, state, errors = {}, root }) {
  const ids = (block, element) => ({ ...target, block_id: block.block_id, action_id: element.action_id, values: values(root(), ctx) });
  const ctx = {
    people: store.scene.people, channels: store.scene.channels.filter((it) => it.member), errors, localTime, seconds: toSeconds,
    state: (block, element) => state?.[block.block_id]?.[element.action_id],
    press: (block, element, value = element.value) => perform("click", { ...ids(block, element), value }),
    change: (block, element, wanted) => (block.type === "input" && !block.dispatch_action ? null : perform("choose", { ...ids(block, element), wanted })),
    enter: (block, element) => perform("enter", ids(block, element)),
    search: async (block, element, typed) => {
      const answer = await act("options", { ...ids(block, element), typed });
      if (!answer.ok) toast(answer.error);
      return answer.options ?? [];
    },
  };
  return ctx;
}
