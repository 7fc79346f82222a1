// How people look: a coloured square with their initials, and what is known of them.

import { h } from "./dom.js";

const TONES = 8;

function tone(id) {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % TONES;
}

/** A square with initials; the app's has a shape of its own. */
export function avatar(person, size = "") {
  const name = person?.real_name || person?.name || "?";
  const letters = name.split(/[\s.]+/).filter(Boolean).map((it) => [...it][0]).slice(0, 2).join("").toUpperCase();
  const look = person?.app ? "app" : `tone-${tone(person?.id ?? "")}`;
  return h("span", { class: `avatar ${look} ${size}`, "aria-hidden": "true" }, person?.app ? "◆" : letters);
}

export const nameOf = (person) => (person ? person.real_name || person.name : "Somebody");

/** "admin · Europe/Berlin", for lists. */
export function about(person) {
  const parts = [person.title, person.admin ? "admin" : "", person.guest ? "guest" : "", person.deleted ? "deactivated" : "", person.tz.replace("_", " ")];
  return parts.filter(Boolean).join(" · ");
}
