// Interactive elements of Block Kit. Each renderer takes the element, its block and a context `ctx`:
// `ctx.press(block, element, wanted?)` tells the app, `ctx.state(block, element)` is what stands in an input,
// `ctx.search(block, element, text)` asks for options, `ctx.people` and `ctx.channels` fill the pickers.

import { h, link, replace, safeUrl, uid } from "./dom.js";
import { textObject, words } from "./mrkdwn.js";
import { ask } from "./dialogs.js";
import { fileInput } from "./fileinput.js";
import { typed } from "./marks.js";
import { richTextInput } from "./richinput.js";
import { icon } from "./icons.js";

const MANY = /^multi_/;
const LONG_LIST = 8;

async function confirmed(element) {
  if (!element.confirm) return true;
  const { title, text, confirm, deny, style } = element.confirm;
  return ask({ title: words(title), text: textObject(text), yes: words(confirm), no: words(deny), danger: style === "danger" });
}

function button(element, block, ctx) {
  const press = async () => {
    if (!(await confirmed(element))) return;
    node.setAttribute("aria-busy", "true");
    try {
      if (safeUrl(element.url ?? "")) window.open(safeUrl(element.url), "_blank", "noopener,noreferrer");
      await ctx.press(block, element);
    } finally {
      node.removeAttribute("aria-busy");
    }
  };
  const node = h("button", { type: "button", class: `action ${element.style ?? ""}`, "aria-label": element.accessibility_label, onclick: press }, ...textObject(element.text));
  return node;
}

function changed(element, block, ctx, wanted) {
  return confirmed(element).then((sure) => (sure ? ctx.change(block, element, wanted) : ctx.redraw?.()));
}

function textInput(type) {
  return (element, block, ctx) => {
    const value = ctx.state(block, element)?.value ?? element.initial_value ?? "";
    const shared = {
      id: ctx.labelled, value, maxlength: element.max_length, minlength: element.min_length, autofocus: element.focus_on_load,
      placeholder: words(element.placeholder) || null, "aria-describedby": ctx.described, "aria-invalid": ctx.invalid, dataset: { holds: "value" },
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && block.dispatch_action && !element.multiline) {
          event.preventDefault();
          ctx.enter(block, element);
        }
      },
    };
    if (element.multiline) return h("textarea", { ...shared, rows: 4 });
    const limits = type === "number" ? { step: element.is_decimal_allowed ? "any" : "1", min: element.min_value, max: element.max_value, inputmode: "decimal" } : {};
    return h("input", { ...shared, ...limits, type });
  };
}

function option(it, chosen) {
  return h("option", { value: it.value, selected: chosen.includes(it.value) }, words(it.text));
}

function chosenOptions(element, state) {
  const many = state?.selected_options ?? element.initial_options ?? [];
  const one = state && "selected_option" in state ? state.selected_option : element.initial_option;
  return (MANY.test(element.type) || element.type === "checkboxes" ? many : [one]).filter(Boolean).map((it) => it.value);
}

function picker(element, block, ctx, groups, chosen) {
  if (MANY.test(element.type)) return many(element, block, ctx, groups, chosen);
  const node = h("select", {
    id: ctx.labelled, "aria-describedby": ctx.described, "aria-invalid": ctx.invalid, autofocus: element.focus_on_load,
    "aria-label": ctx.labelled ? null : words(element.placeholder) || "Choose", dataset: { holds: "one" },
    onchange: () => changed(element, block, ctx, node.value || null),
  });
  node.append(h("option", { value: "" }, words(element.placeholder) || "Choose…"));
  for (const group of groups) {
    const options = group.options.map((it) => option(it, chosen));
    node.append(...(group.label ? [h("optgroup", { label: words(group.label) }, options)] : options));
  }
  return node;
}

function tickLine(type, name, it, chosen, onchange) {
  const box = h("input", { type, name, value: it.value, checked: chosen.includes(it.value), onchange });
  return h("label", { class: "tick-line" }, box, h("span", {}, ...textObject(it.text), it.description ? h("small", {}, ...textObject(it.description)) : null));
}

const grouped = (ctx, spoken) => ({ "aria-labelledby": ctx.labelId, "aria-label": ctx.labelId ? null : spoken, "aria-describedby": ctx.described });

/** Several of many: a list to tick, with a filter once it is long. */
function many(element, block, ctx, groups, chosen) {
  const name = uid("tick");
  const tell = () => changed(element, block, ctx, [...list.querySelectorAll("input:checked")].map((it) => it.value));
  const list = h("div", { role: "group", class: "many", dataset: { holds: "checkbox" }, ...grouped(ctx, words(element.placeholder) || "Choices") });
  for (const group of groups) {
    if (group.label) list.append(h("div", { class: "heading" }, words(group.label)));
    list.append(...group.options.map((it) => tickLine("checkbox", name, it, chosen, tell)));
  }
  if (list.children.length <= LONG_LIST) return list;
  const sift = (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const line of list.querySelectorAll(".tick-line")) line.hidden = !line.textContent.toLowerCase().includes(wanted) && !line.querySelector(":checked");
  };
  return h("div", { class: "search-select" }, h("input", { type: "search", placeholder: words(element.placeholder) || "Filter", "aria-label": "Filter the choices", oninput: sift }), list);
}

function externalSelect(element, block, ctx) {
  const state = ctx.state(block, element);
  const known = [state?.selected_option ?? element.initial_option, ...(state?.selected_options ?? element.initial_options ?? [])].filter(Boolean);
  const least = element.min_query_length ?? 3;
  const several = MANY.test(element.type);
  const select = picker(element, block, ctx, [{ options: known }], known.map((it) => it.value));
  const found = h("span", { class: "hint", role: "status" });
  const search = h("input", {
    type: "search", placeholder: least ? `Type ${least} or more letters to search` : "Search", "aria-label": "Search the choices",
    oninput: async () => {
      if (search.value.length < least) return;
      const wanted = search.value;
      const offered = await ctx.search(block, element, wanted);
      if (wanted !== search.value) return;
      offer(select, offered, several, () => changed(element, block, ctx, held(select, ctx)));
      replace(found, offered.length ? `${offered.length} found` : "Nothing found");
    },
  });
  return h("div", { class: "search-select" }, search, select, found);
}

/** Put what was found in place of what is not chosen. */
function offer(select, offered, several, tell) {
  const standing = several ? [...select.querySelectorAll("input:checked")].map((it) => it.value) : [...select.selectedOptions].map((it) => it.value);
  const fresh = offered.filter((it) => !standing.includes(it.value));
  if (several) {
    for (const line of [...select.children]) if (!line.querySelector(":checked")) line.remove();
    select.append(...fresh.map((it) => tickLine("checkbox", uid("tick"), it, [], tell)));
  } else {
    for (const it of [...select.options]) if (it.value && !it.selected) it.remove();
    select.append(...fresh.map((it) => option(it, [])));
  }
}

function staticSelect(element, block, ctx) {
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return picker(element, block, ctx, groups, chosenOptions(element, ctx.state(block, element)));
}

const idOption = (id, name) => ({ value: id, text: { type: "plain_text", text: name, emoji: false } });

function listed(element, state) {
  const name = { users: "user", conversations: "conversation", channels: "channel" }[element.type.replace(MANY, "").split("_")[0]];
  const many = state?.[`selected_${name}s`] ?? element[`initial_${name}s`] ?? [];
  const one = state && `selected_${name}` in state ? state[`selected_${name}`] : element[`initial_${name}`];
  return MANY.test(element.type) ? many : [one].filter(Boolean);
}

function peoplePicker(element, block, ctx) {
  const people = ctx.people.filter((it) => !it.deleted);
  const options = [...people.filter((it) => !it.bot), ...people.filter((it) => it.bot)].map((it) => idOption(it.id, it.real_name || it.name));
  return picker(element, block, ctx, [{ options }], listed(element, ctx.state(block, element)));
}

function channelPicker(element, block, ctx) {
  const include = element.filter?.include;
  const fits = (it) => !include || include.includes(it.private ? "private" : "public");
  const options = ctx.channels.filter(fits).map((it) => idOption(it.id, `#${it.name}`));
  return picker(element, block, ctx, [{ options }], listed(element, ctx.state(block, element)));
}

function ticks(type) {
  return (element, block, ctx) => {
    const chosen = chosenOptions(element, ctx.state(block, element));
    const name = uid("tick");
    const picked = () => {
      const values = [...node.querySelectorAll("input:checked")].map((it) => it.value);
      return type === "radio" ? values[0] ?? null : values;
    };
    const tell = () => changed(element, block, ctx, picked());
    const role = type === "radio" ? "radiogroup" : "group";
    const node = h("div", { role, class: "ticks", dataset: { holds: type }, ...grouped(ctx, "Choices") }, (element.options ?? []).map((it) => tickLine(type, name, it, chosen, tell)));
    return node;
  };
}

function dateInput(type, held, initial) {
  return (element, block, ctx) => {
    const state = ctx.state(block, element);
    const value = (state && held in state ? state[held] : element[initial]) ?? "";
    return h("input", { id: ctx.labelled, type, value, autofocus: element.focus_on_load, "aria-describedby": ctx.described, "aria-invalid": ctx.invalid, "aria-label": ctx.labelled ? null : words(element.placeholder) || "Date", dataset: { holds: "value" }, onchange: (event) => changed(element, block, ctx, event.target.value || null) });
  };
}

function momentInput(element, block, ctx) {
  const state = ctx.state(block, element);
  const seconds = state?.selected_date_time ?? element.initial_date_time;
  const value = seconds ? ctx.localTime(seconds) : "";
  return h("input", { id: ctx.labelled, type: "datetime-local", value, "aria-describedby": ctx.described, "aria-invalid": ctx.invalid, "aria-label": ctx.labelled ? null : "Date and time", dataset: { holds: "moment" }, onchange: (event) => changed(element, block, ctx, event.target.value ? ctx.seconds(event.target.value) : null) });
}

function overflow(element, block, ctx) {
  const menu = h("div", { role: "menu", class: "menu", hidden: true });
  const toggle = (open) => {
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) menu.querySelector("button")?.focus();
    else opener.focus();
  };
  const choose = (it) => async () => {
    toggle(false);
    if (safeUrl(it.url ?? "")) window.open(safeUrl(it.url), "_blank", "noopener,noreferrer");
    if (await confirmed(element)) await ctx.change(block, element, it.value ?? words(it.text));
  };
  const opener = h("button", { type: "button", class: "action more", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": element.accessibility_label ?? "More choices", onclick: () => toggle(menu.hidden) }, icon("more"));
  menu.append(...element.options.map((it) => h("button", { type: "button", role: "menuitem", onclick: choose(it) }, ...textObject(it.text), it.description ? h("small", {}, ...textObject(it.description)) : null)));
  menu.addEventListener("keydown", (event) => event.key === "Escape" && (event.stopPropagation(), toggle(false)));
  return h("span", { class: "overflow" }, opener, menu);
}

function image(element) {
  return h("span", { class: "thumb", role: "img", "aria-label": element.alt_text, title: element.alt_text }, icon("picture"));
}

function feedback(element, block, ctx) {
  const one = (it) => h("button", { type: "button", class: "action", "aria-label": it.accessibility_label, onclick: () => ctx.press(block, element, it.value) }, ...textObject(it.text));
  return h("span", {}, one(element.positive_button), one(element.negative_button));
}

const ELEMENTS = {
  button, overflow, image, feedback_buttons: feedback, workflow_button: button, icon_button: button, file_input: fileInput,
  plain_text_input: textInput("text"), email_text_input: textInput("email"), url_text_input: textInput("url"), number_input: textInput("number"),
  rich_text_input: richTextInput, static_select: staticSelect, multi_static_select: staticSelect, external_select: externalSelect,
  multi_external_select: externalSelect, users_select: peoplePicker, multi_users_select: peoplePicker, conversations_select: channelPicker,
  multi_conversations_select: channelPicker, channels_select: channelPicker, multi_channels_select: channelPicker,
  radio_buttons: ticks("radio"), checkboxes: ticks("checkbox"), datepicker: dateInput("date", "selected_date", "initial_date"),
  timepicker: dateInput("time", "selected_time", "initial_time"), datetimepicker: momentInput,
  url_source: (it) => link(it.url, it.text),
};

/** Any element of a block; one that is not known is shown as unknown. */
export function element(it, block, ctx) {
  const render = ELEMENTS[it.type];
  return render ? render(it, block, ctx) : h("span", { class: "unknown" }, `Unknown element: ${it.type}`);
}

/** What stands in an input's node, as the server wants it. */
export function held(node, ctx) {
  const kind = node.dataset.holds;
  if (kind === "value") return node.value || null;
  if (kind === "one") return node.value || null;
  if (kind === "rich") return node.value.trim() ? typed(node.value) : null;
  if (kind === "files") return JSON.parse(node.value).map((it) => it.id);
  if (kind === "moment") return node.value ? ctx.seconds(node.value) : null;
  const values = [...node.querySelectorAll("input:checked")].map((it) => it.value);
  return kind === "radio" ? values[0] ?? null : values;
}
