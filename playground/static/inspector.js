// Behind the scenes: every exchange between the workspace and the app, and faults to try the app with.

import { get, post } from "./api.js";
import { toast } from "./dialogs.js";
import { h, replace } from "./dom.js";
import { clockTime, moment } from "./time.js";
import { icon } from "./icons.js";

const KEPT = 400;
const KINDS = { call: ["→ Slack", "The app called Slack"], delivery: ["→ app", "Slack told the app"], response_url: ["→ Slack", "The app answered by its response URL"], warning: ["note", "A remark"] };
const FAULTS = [["rate_limit", "Answer 429, try again in 3 s"], ["server_error", "Answer 500"], ["time_out", "Break the connection"], ["duplicate", "Deliver the next event twice"], ["drop_sockets", "Drop the socket"]];
const FOR_CALLS = new Set(["rate_limit", "server_error", "time_out"]);
const METHODS = ["chat.postMessage", "chat.update", "views.open", "views.publish", "*"];

const panel = document.querySelector("#inspector");
const lines = new Map();
let last = 0;
let drawn = null;

const problems = (record) => record.verdicts.filter((it) => it.severity === "error").length;
const failed = (record) => problems(record) || record.error || (record.status ?? 200) >= 400;

function verdict(record) {
  const found = record.verdicts.length;
  if (problems(record)) return h("span", { class: "verdict bad" }, `${problems(record)} refused`);
  if (record.error) return h("span", { class: "verdict bad" }, record.error);
  if ((record.status ?? 200) >= 400) return h("span", { class: "verdict bad" }, String(record.status));
  return found ? h("span", { class: "verdict warn" }, found === 1 ? "1 remark" : `${found} remarks`) : h("span", { class: "verdict good" }, "ok");
}

async function open(details, record) {
  if (!details.open || details.dataset.loaded) return;
  details.dataset.loaded = "yes";
  const found = await get("record", { seq: record.seq });
  const part = (title, value) => (value === null || value === undefined || value === "" ? null : [h("h4", {}, title), h("pre", { tabindex: 0 }, typeof value === "string" ? value : JSON.stringify(value, null, 2))]);
  const said = record.verdicts.map((it) => h("li", { class: it.severity }, h("strong", {}, it.code), ` ${it.message} `, h("code", {}, it.pointer)));
  details.append(h("div", { class: "record" }, record.note ? h("p", {}, record.note) : null, said.length ? h("ul", {}, said) : null,
    found.ok ? [part("Sent", found.request), part("Answered", found.response)] : found.error));
}

function line(record) {
  const [arrow, meaning] = KINDS[record.kind];
  const took = record.elapsed === null ? (record.kind === "delivery" ? "no answer" : "") : `${Math.round(record.elapsed * 1000)} ms`;
  const details = h("details", { class: record.kind, ontoggle: () => open(details, record) },
    h("summary", {}, h("span", { class: "arrow", title: meaning }, arrow), h("span", { class: "name" }, record.name || record.verdicts[0]?.code), h("span", { class: "took" }, took), verdict(record), h("span", { class: "took" }, clockTime(moment(record.t)))));
  return details;
}

function fits(record, { text, kind }) {
  if (kind === "problems" ? !failed(record) : kind && record.kind !== kind) return false;
  return !text || `${record.name} ${record.error} ${record.note} ${record.verdicts.map((it) => it.code).join(" ")}`.toLowerCase().includes(text);
}

async function cause(kind, method) {
  const answer = await post("fault", { kind, method });
  if (!answer.ok) toast(answer.error);
  if (kind === "clear_wire") (lines.clear(), (last = 0));
  await read();
}

function faultBar(waiting) {
  const kind = h("select", { "aria-label": "Fault" }, FAULTS.map(([name, text]) => h("option", { value: name }, text)));
  const method = h("select", { "aria-label": "Method" }, METHODS.map((name) => h("option", { value: name }, name === "*" ? "any method" : name)));
  kind.addEventListener("change", () => (method.disabled = !FOR_CALLS.has(kind.value)));
  return h("div", { class: "faults" }, h("div", { class: "row" }, kind, method, h("button", { type: "button", class: "action", onclick: () => cause(kind.value, method.value) }, "Make it happen")), waiting);
}

function build(shut) {
  const text = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the exchanges", oninput: () => show() });
  const kind = h("select", { "aria-label": "Which exchanges", onchange: () => show() },
    [["", "Everything"], ["delivery", "To the app"], ["call", "From the app"], ["problems", "Problems"]].map(([value, name]) => h("option", { value }, name)));
  const list = h("div", { class: "lines", tabindex: 0, role: "region", "aria-label": "Exchanges" });
  const waiting = h("div", { class: "waiting", role: "status" });
  const show = () => {
    const asked = { text: text.value.toLowerCase(), kind: kind.value };
    const fitting = [...lines.values()].filter(({ record }) => fits(record, asked)).reverse();
    replace(list, fitting.length ? fitting.map((it) => it.node) : h("p", { class: "empty muted" }, "Nothing yet. Whatever passes between Slack and the app stands here."));
  };
  const showFaults = (faults) => replace(waiting, faults.length ? [`Waiting: ${faults.map((it) => `${it.kind.replace("_", " ")} ${it.method}`).join(", ")} `, h("button", { type: "button", class: "plain", onclick: () => cause("clear_faults") }, "Call off")] : null);
  replace(panel, h("header", { class: "pane-head" }, h("h2", {}, "Behind the scenes"), h("button", { type: "button", class: "plain", "aria-label": "Close", onclick: shut }, icon("close"))),
    h("div", { class: "row filters" }, text, kind, h("button", { type: "button", class: "action", onclick: () => cause("clear_wire") }, "Clear")), faultBar(waiting), list);
  return { show, showFaults };
}

/** Read what is new, if the panel is open. */
export async function read() {
  if (panel.hidden) return;
  const found = await get("wire", { after: last });
  for (const record of found.records) lines.set(record.seq, { record, node: line(record) });
  for (const seq of [...lines.keys()].slice(0, -KEPT)) lines.delete(seq);
  last = Math.max(last, ...found.records.map((it) => it.seq));
  drawn.show();
  drawn.showFaults(found.faults);
}

/** Open the panel, or shut it. */
export function inspect() {
  panel.hidden = !panel.hidden;
  document.body.classList.toggle("inspecting", !panel.hidden);
  const button = document.querySelector("#inspect");
  button.setAttribute("aria-pressed", String(!panel.hidden));
  drawn ??= build(inspect);
  if (panel.hidden) return button.focus();
  panel.querySelector("input").focus();
  return read();
}
