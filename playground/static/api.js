// Talking to the playground's server as the acting person. Every request carries this run's key.

const key = document.querySelector("meta[name=playground-key]").content;
let acting = "";

export function actAs(person) {
  acting = person;
}

async function answer(response) {
  if (!response.ok) throw new Error(`The playground answered ${response.status}.`);
  return response.json();
}

/** Read something: `get("place", {channel})`. */
export async function get(what, query = {}) {
  const asked = new URLSearchParams({ as: acting, ...query });
  return answer(await fetch(`/face/${what}?${asked}`, { headers: { "X-Playground-Key": key } }));
}

/** Do something; resolves to what the server says, `{ok, error?}`. */
export async function post(what, body = {}) {
  const headers = { "X-Playground-Key": key, "Content-Type": "application/json" };
  return answer(await fetch(`/face/${what}`, { method: "POST", headers, body: JSON.stringify({ as: acting, ...body }) }));
}

/** A verb of the acting person. */
export const act = (verb, body = {}) => post("act", { verb, ...body });

/** Hear of changes; returns the function that stops it. */
export function listen(heard, state) {
  const source = new EventSource(`/face/stream?${new URLSearchParams({ as: acting, key })}`);
  source.onmessage = (event) => heard(JSON.parse(event.data));
  source.onopen = () => state(true);
  source.onerror = () => state(false);
  return () => source.close();
}
