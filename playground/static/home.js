// The app's Home, as the app last published it for this person.

import { blocks } from "./blocks.js";
import { context } from "./context.js";
import { h, replace } from "./dom.js";
import { carry, rememberFocus } from "./keeping.js";
import { store } from "./store.js";

/** The pane of the Home tab. */
export function homePane() {
  const inside = h("div", { class: "home-blocks" });
  const node = h("div", { class: "home", tabindex: 0, role: "region", "aria-label": "Home", hidden: true }, inside);
  let printed = "";
  const draw = (view) => {
    const print = JSON.stringify([view?.hash, view?.id, view?.blocks]);
    if (print === printed) return;
    printed = print;
    const back = rememberFocus(node);
    if (!view) return replace(inside, h("p", { class: "empty muted" }, "The app has put nothing here yet."));
    const ctx = context({ target: { view_id: view.id }, state: view.state.values, root: () => inside });
    const next = h("div", {}, blocks(view.blocks, ctx));
    carry(inside, next);
    replace(inside, ...next.childNodes);
    return back();
  };
  return { node, show: (wanted) => {
    node.hidden = !wanted;
    if (wanted) draw(store.scene.home);
  } };
}
