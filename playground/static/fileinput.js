// The field for files: each is uploaded when it is chosen, and goes to the app with the form.

import { act } from "./api.js";
import { toast } from "./dialogs.js";
import { h, replace } from "./dom.js";
import { icon } from "./icons.js";

const MOST = 10;
const KB = 1024;

const size = (bytes) => (bytes < KB ? `${bytes} bytes` : bytes < KB * KB ? `${Math.round(bytes / KB)} KB` : `${(bytes / KB / KB).toFixed(1)} MB`);

function content(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

async function upload(file) {
  try {
    const answer = await act("upload", { name: file.name, content: file.size ? await content(file) : "" });
    if (answer.ok) return [answer.file];
    toast(answer.error);
  } catch (trouble) {
    toast(`${file.name} could not be uploaded: ${trouble.message}`);
  }
  return [];
}

/** The field, and the files that stand in it. */
export function fileInput(element, block, ctx) {
  const most = element.max_files ?? MOST;
  const standing = (ctx.state(block, element)?.files ?? []).map(({ id, name, size }) => ({ id, name, size }));
  const list = h("ul", { class: "files", "aria-label": "Files chosen" });
  const holder = h("input", { type: "hidden", dataset: { holds: "files" }, oncarried: () => show() });
  const files = () => JSON.parse(holder.value);
  const hold = (all) => ((holder.value = JSON.stringify(all)), show());
  const drop = (gone) => () => (hold(files().filter((it) => it.id !== gone)), choose.focus());
  const show = () => replace(list, files().map((it) => h("li", {}, icon("file"), h("span", {}, it.name), h("small", {}, size(it.size)), h("button", { type: "button", class: "plain", "aria-label": `Remove ${it.name}`, onclick: drop(it.id) }, icon("close")))));
  const choose = h("input", {
    type: "file", id: ctx.labelled, multiple: most > 1, accept: (element.filetypes ?? []).map((it) => `.${it}`).join(",") || null,
    "aria-describedby": ctx.described, "aria-invalid": ctx.invalid,
    onchange: async () => {
      choose.setAttribute("aria-busy", "true");
      for (const file of choose.files) hold([...files(), ...(await upload(file))]);
      choose.value = "";
      choose.removeAttribute("aria-busy");
    },
  });
  hold(standing);
  return h("div", { class: "file-input" }, choose, holder, list, h("small", { class: "muted" }, most === 1 ? "One file." : `Up to ${most} files.`));
}
