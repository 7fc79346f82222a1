// The middle of the page: a conversation, or the app's Home; and beside it the thread that is open.

import { composer } from "./composer.js";
import { h, replace } from "./dom.js";
import { closeThread, goHome, goList, goTo, openThread } from "./going.js";
import { homePane } from "./home.js";
import { avatar, nameOf } from "./people.js";
import { conversation, perform, person, store } from "./store.js";
import { talk } from "./talk.js";
import { icon } from "./icons.js";

const back = () => h("button", { type: "button", class: "back", "aria-label": "Back to the list", onclick: goList }, icon("back"));

function titleOf(it) {
  if (it.kind === "im" || it.kind === "mpim") return [avatar(person(it.with[0]), "small"), it.with.map((id) => nameOf(person(id))).join(", ") || "You"];
  return [h("span", { class: "sign", "aria-hidden": "true" }, it.private ? icon("lock") : "#"), it.name];
}

function tabs(at) {
  const { app } = store.scene;
  const tab = (text, current, run) => h("button", { type: "button", class: "tab", "aria-current": current ? "page" : null, onclick: run }, text);
  return h("nav", { class: "tabs", "aria-label": app.name }, app.home ? tab("Home", at.kind === "home", goHome) : null, app.messages ? tab("Messages", at.kind === "place", () => goTo(app.dm)) : null);
}

function head(at, channel) {
  const { app } = store.scene;
  const isApp = at.kind === "home" || channel.id === app.dm;
  const title = isApp ? [avatar(person(app.user), "small"), app.name] : titleOf(channel);
  const members = channel && !isApp && channel.kind !== "im" ? h("span", { class: "muted members" }, channel.members === 1 ? "1 member" : `${channel.members} members`) : null;
  return [back(), h("h1", {}, title), channel?.topic ? h("span", { class: "muted topic" }, channel.topic) : null, members, isApp ? tabs(at) : null];
}

function foot(channel, write) {
  if (channel.archived) return h("p", { class: "closed" }, "This channel is archived: nobody can write here.");
  if (channel.member) return write.node;
  return h("div", { class: "closed" }, h("span", {}, "You are not in this channel."), h("button", { type: "button", class: "action primary", onclick: () => perform("join", { channel: channel.id }) }, `Join #${channel.name}`));
}

const empty = (text) => h("p", { class: "empty muted" }, text);

/** Builds the two panes once; the function it returns draws them anew. */
export function panes() {
  const [main, aside] = [document.querySelector("#place"), document.querySelector("#thread")];
  const messages = h("div", { class: "messages", role: "log", tabindex: 0, "aria-label": "Messages" });
  const replies = h("div", { class: "messages", role: "log", tabindex: 0, "aria-label": "Replies" });
  const [showPlace, showThread] = [talk(messages, { thread: openThread }), talk(replies, {})];
  const label = () => {
    const channel = conversation(store.at.channel);
    if (!channel) return "Message";
    return channel.kind === "im" ? `Message ${nameOf(person(channel.with[0]))}` : `Message #${channel.name}`;
  };
  const write = composer({ where: () => ({ channel: store.at.channel }), name: () => store.at.channel ?? "", label });
  const answer = composer({ where: () => ({ channel: store.at.channel, thread: store.at.thread }), name: () => `${store.at.channel}/${store.at.thread}`, label: () => "Reply" });
  const [header, footer] = [h("header", { class: "pane-head" }), h("footer")];
  const home = homePane();
  const threadHead = h("header", { class: "pane-head" }, h("button", { type: "button", class: "back", "aria-label": "Back to the conversation", onclick: closeThread }, icon("back")), h("h2", {}, "Thread"),
    h("button", { type: "button", class: "plain wide-only", "aria-label": "Close the thread", onclick: closeThread }, icon("close")));
  replace(aside, threadHead, replies, h("footer", {}, answer.node));
  replace(main, header, messages, home.node, footer);
  let [headed, shown, threaded] = ["", "", ""];

  return function draw() {
    const { at } = store;
    const channel = conversation(at.channel);
    document.body.dataset.screen = at.thread ? "thread" : at.kind; // first: what is not shown cannot be scrolled
    const print = JSON.stringify([at.kind, channel && { ...channel, unread: 0, called: 0 }, store.scene.app, store.scene.me]);
    if (print !== headed && (channel || at.kind === "home")) replace(header, head(at, channel)), replace(footer, channel ? foot(channel, write) : null);
    headed = print;
    home.show(at.kind === "home");
    messages.hidden = footer.hidden = at.kind !== "place";
    aside.hidden = !at.thread;
    const name = `${store.scene.me} ${at.channel}`;
    if (at.kind === "place") showPlace(store.place, name, empty("Nothing has been said here yet."));
    if (name !== shown) write.turn();
    shown = name;
    if (at.thread) showThread(store.thread, `${name}/${at.thread}`, empty("This thread is gone."));
    if (`${name}/${at.thread}` !== threaded) {
      answer.turn();
      if (at.thread) answer.field.focus();
    }
    threaded = `${name}/${at.thread}`;
  };
}
