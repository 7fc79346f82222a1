// Rich text as it is typed in a field, *bold* and lists and all, and the rich_text value that it stands for.

const SIGNS = { "*": "bold", _: "italic", "~": "strike", "`": "code" };
const MARKED = /(?<![\w*_~`])([*_~`])(?=\S)([^\n]*?\S)\1(?![\w*_~`])|https?:\/\/[^\s<>]+/g;
const LINES = [[/^[-•] +/, "bullet"], [/^\d+[.)] +/, "ordered"], [/^> ?/, "quote"]];

const styled = (it, style) => (Object.keys(style).length ? { ...it, style } : it);
const said = (text, style) => styled({ type: "text", text }, style);

function inline(text, style = {}) {
  const found = [];
  let at = 0;
  for (const hit of text.matchAll(MARKED)) {
    if (hit.index > at) found.push(said(text.slice(at, hit.index), style));
    if (!hit[1]) found.push(styled({ type: "link", url: hit[0] }, style));
    else if (hit[1] === "`") found.push(said(hit[2], { ...style, code: true }));
    else found.push(...inline(hit[2], { ...style, [SIGNS[hit[1]]]: true }));
    at = hit.index + hit[0].length;
  }
  return at < text.length ? [...found, said(text.slice(at), style)] : found;
}

function part({ kind, lines }) {
  if (kind === "section") return { type: "rich_text_section", elements: inline(lines.join("\n")) };
  if (kind === "quote") return { type: "rich_text_quote", elements: inline(lines.join("\n")) };
  return { type: "rich_text_list", style: kind, elements: lines.map((line) => ({ type: "rich_text_section", elements: inline(line) })) };
}

/** What somebody typed, as the rich_text value of an input. */
export function typed(text) {
  const parts = [];
  for (const line of text.split("\n")) {
    const [sign, kind] = LINES.find(([pattern]) => pattern.test(line)) ?? ["", "section"];
    if (parts.at(-1)?.kind !== kind) parts.push({ kind, lines: [] });
    parts.at(-1).lines.push(line.replace(sign, ""));
  }
  return { type: "rich_text", elements: parts.map(part).filter((it) => it.elements.length) };
}

function marked(it) {
  const bare = it.type === "link" ? it.url : it.text ?? "";
  return Object.entries(SIGNS).reduce((text, [sign, name]) => (it.style?.[name] ? `${sign}${text}${sign}` : text), bare);
}

function lines(it) {
  if (it.type === "rich_text_list") return it.elements.map((item, i) => `${it.style === "ordered" ? `${i + 1}.` : "-"} ${lines(item)}`).join("\n");
  const text = (it.elements ?? []).map(marked).join("");
  return it.type === "rich_text_quote" ? text.replace(/^/gm, "> ") : text;
}

/** A rich_text value as one would type it. */
export const wordsOf = (value) => (value?.elements ?? []).map(lines).join("\n");
