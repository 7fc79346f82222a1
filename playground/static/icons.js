// The page's own signs, drawn as SVG: they look alike on every machine, whatever fonts it has.

import { svg } from "./dom.js";

const PATHS = {
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4v5l3.5 2",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 14.5c1 1.4 2.1 2 3.5 2s2.5-.6 3.5-2M9 9.5v.6M15 9.5v.6",
  reply: "M9 6 4 11l5 5M4 11h9c4 0 6.5 2.5 7 7",
  more: "M12 5.5v.1M12 12v.1M12 18.5v.1",
  plus: "M12 5v14M5 12h14",
  code: "M9 7l-5 5 5 5M15 7l5 5-5 5",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 8.5v.1",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  close: "M6 6l12 12M18 6 6 18",
  back: "M15 5l-7 7 7 7",
  down: "M6 9l6 6 6-6",
  send: "M4 12 20 4l-5 16-3.5-6.5z",
};

/** A sign by name; it says nothing to a screen reader, the control around it does. */
export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" }, svg("path", { d: PATHS[name] }));
}
