// The emoji that bots commonly send by name; any other name is shown as it was written.

const KNOWN = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", tada: "🎉", wave: "👋", eyes: "👀", heart: "❤️", fire: "🔥",
  rocket: "🚀", star: "⭐", sparkles: "✨", bulb: "💡", warning: "⚠️", x: "❌", white_check_mark: "✅", heavy_check_mark: "✔️",
  ballot_box_with_check: "☑️", ballot_box_with_ballot: "🗳️", checkered_flag: "🏁", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", alarm_clock: "⏰", calendar: "📆", date: "📅", clock9: "🕘", memo: "📝", pencil2: "✏️",
  speech_balloon: "💬", thought_balloon: "💭", question: "❓", grey_question: "❔", exclamation: "❗", bell: "🔔",
  no_bell: "🔕", lock: "🔒", unlock: "🔓", busts_in_silhouette: "👥", bust_in_silhouette: "👤", raised_hand: "✋",
  raising_hand: "🙋", pray: "🙏", clap: "👏", muscle: "💪", scales: "⚖️", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", bar_chart: "📊", clipboard: "📋", pushpin: "📌", link: "🔗", gear: "⚙️", wrench: "🔧",
  hammer_and_wrench: "🛠️", mag: "🔍", inbox_tray: "📥", outbox_tray: "📤", package: "📦", trophy: "🏆", medal: "🏅",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", large_blue_circle: "🔵", white_circle: "⚪",
  black_circle: "⚫", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️", repeat: "🔁", pause_button: "⏸️",
  no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", information_source: "ℹ️", zzz: "💤", seedling: "🌱",
  slightly_smiling_face: "🙂", smile: "😄", joy: "😂", thinking_face: "🤔", disappointed: "😞", snail: "🐌",
};

/** The character of an emoji name, or the name between colons. */
export function emoji(name) {
  return KNOWN[name.split("::")[0]] ?? `:${name}:`;
}

/** Those offered for a reaction. */
export const REACTIONS = ["+1", "-1", "tada", "heart", "eyes", "bulb", "white_check_mark", "question"];

/** Text with its emoji names turned into characters. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+(?:::skin-tone-\d)?):/g, (whole, name) => (KNOWN[name.split("::")[0]] ? emoji(name) : whole));
}
