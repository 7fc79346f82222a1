// Making nodes: text goes in as text, never as markup, and links only to schemes that cannot run code.

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name in node && ["value", "checked", "disabled", "selected"].includes(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An element: `h("p", {class: "x"}, "text", node)`. `onclick` and the like take functions. */
export function h(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** The address if it is one that may be followed, else null. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link that opens elsewhere and tells nothing of where it came from; plain text if it may not be followed. */
export function link(address, ...label) {
  const href = safeUrl(address);
  const shown = label.length ? label : [address];
  return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...shown) : h("span", {}, ...shown);
}

/** Put new children in place of the old ones. */
export function replace(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(Boolean));
  return node;
}

let counter = 0;

/** An id that no other node has. */
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
