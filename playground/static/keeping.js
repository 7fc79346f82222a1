// Keeping what a person is doing while the page changes around them: focus, typed text, nodes that did not change.

import { held } from "./elements.js";

const FOCUSABLE = "button, input, select, textarea, summary, a[href], [tabindex]";
const label = (node) => node.getAttribute("aria-label") ?? (node.textContent.trim() || node.name || node.placeholder || "");

/** Where the focus is now; returns the function that puts it back there, or as near as there is. */
export function rememberFocus(root = document.body) {
  const active = document.activeElement;
  if (!active || active === document.body || !root.contains(active)) return () => false;
  const box = active.closest("[data-ts]");
  const among = (place) => [...place.querySelectorAll(FOCUSABLE)];
  const [name, index] = [label(active), among(box ?? root).indexOf(active)];
  return () => {
    if (active.isConnected && !active.hidden) {
      if (document.activeElement !== active) active.focus({ preventScroll: true });
      return true;
    }
    const place = box ? root.querySelector(`${box.tagName}[data-ts="${box.dataset.ts}"]`) : root;
    const offered = place ? among(place) : [];
    const target = offered.find((it) => it.tagName === active.tagName && label(it) === name) ?? offered[index];
    target?.focus({ preventScroll: true });
    return Boolean(target);
  };
}

/** Put `nodes` into `parent` in this order, touching only what differs. */
export function reconcile(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
}

const holders = (root) => [...root.querySelectorAll("[data-holds][data-block]")];
const sameField = (one) => (other) => one.dataset.block === other.dataset.block && one.dataset.action === other.dataset.action && one.dataset.holds === other.dataset.holds;

function put(node, old) {
  if (node.tagName === "SELECT") {
    for (const option of old.options) if (option.selected && ![...node.options].some((it) => it.value === option.value)) node.append(option.cloneNode(true));
    node.value = old.value;
  } else if ("value" in node) node.value = old.value;
  else {
    const ticked = new Set([...old.querySelectorAll("input:checked")].map((it) => it.value));
    for (const box of node.querySelectorAll("input[type=checkbox], input[type=radio]")) box.checked = ticked.has(box.value);
  }
}

/** Carry what was typed into the fields of `before` over to the same fields of `after`. */
export function carry(before, after) {
  const old = holders(before);
  for (const node of holders(after)) {
    const same = old.find(sameField(node));
    if (!same) continue;
    put(node, same);
    node.dispatchEvent(new Event("carried"));
  }
}

/** What stands in all fields of a layout, as the server wants it. */
export function values(root, ctx) {
  const found = {};
  for (const node of holders(root)) (found[node.dataset.block] ??= {})[node.dataset.action] = held(node, ctx);
  return found;
}
