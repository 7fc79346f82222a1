// Moments as the acting person sees them: in their own time zone.

let zone = "UTC";

export function useZone(name) {
  zone = name;
}

function format(date, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(date);
}

/** Seconds or a message's ts as a Date. */
export function moment(ts) {
  return new Date(Number(ts) * 1000);
}

export const clockTime = (date) => format(date, { hour: "2-digit", minute: "2-digit" });
export const longDay = (date) => format(date, { weekday: "long", day: "numeric", month: "long" });
export const full = (date) => format(date, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" });
export const brief = (date) => format(date, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
export const dayKey = (date) => format(date, { year: "numeric", month: "2-digit", day: "2-digit" });

/** "just now", "5 minutes ago", "in 3 days", as seen at `now`. */
export function relative(date, now) {
  const seconds = (date - now) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return "just now";
  const [unit, length] = size < 3600 ? ["minute", 60] : size < 86400 ? ["hour", 3600] : ["day", 86400];
  return new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" }).format(Math.round(seconds / length), unit);
}

const PIECES = {
  date_num: () => ({ year: "numeric", month: "2-digit", day: "2-digit" }),
  date: () => ({ year: "numeric", month: "long", day: "numeric" }),
  date_short: () => ({ year: "numeric", month: "short", day: "numeric" }),
  date_long: () => ({ weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  time: () => ({ hour: "2-digit", minute: "2-digit" }),
  time_secs: () => ({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
};

function pretty(date, now, options) {
  const days = { [dayKey(now)]: "today", [dayKey(new Date(+now - 864e5))]: "yesterday", [dayKey(new Date(+now + 864e5))]: "tomorrow" };
  return days[dayKey(date)] ?? format(date, options);
}

/** A Slack date token's format, filled in; `now` decides what is today. */
export function dateToken(seconds, pattern, now) {
  const date = moment(seconds);
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === "ago") return relative(date, now);
    const plain = name.replace(/_pretty$/, "");
    if (!PIECES[plain]) return whole;
    return name.endsWith("_pretty") ? pretty(date, now, PIECES[plain]()) : format(date, PIECES[plain]());
  });
}

function offsetAt(date) {
  const shown = Object.fromEntries(new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23",
  }).formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) - Math.floor(date.getTime() / 1000) * 1000;
}

/** Seconds as the text of a datetime-local input, in the acting person's zone. */
export function localTime(seconds) {
  const date = moment(seconds);
  return new Date(date.getTime() + offsetAt(date)).toISOString().slice(0, 16);
}

/** The text of a datetime-local input as seconds. */
export function toSeconds(text) {
  const wall = Date.parse(`${text}Z`);
  const guess = wall - offsetAt(new Date(wall));
  return Math.round((wall - offsetAt(new Date(guess))) / 1000);
}

/** "Today", "Yesterday" or the day, as seen at `now`. */
export function dayName(date, now) {
  const near = { [dayKey(now)]: "Today", [dayKey(new Date(+now - 864e5))]: "Yesterday" };
  const sameYear = format(date, { year: "numeric" }) === format(now, { year: "numeric" });
  return near[dayKey(date)] ?? (sameYear ? longDay(date) : format(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" }));
}
