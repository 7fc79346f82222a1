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
