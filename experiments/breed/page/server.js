// What the page says to the server, and how it takes its answers.
let token = document.querySelector('meta[name="token"]').content;

/** An answer that was no: its message is for people. */
export class Trouble extends Error {}

/** An answer, or what is read of it: a server may also end in the middle of it. */
async function heard(answer) {
  try {
    return await answer;
  } catch {
    throw new Trouble('The server does not answer. Nothing is lost: start skein breed again, this page goes on by itself.');
  }
}

async function ask(path, options, again = true) {
  const response = await heard(fetch(path, options()));
  if (response.status === 403 && again) {  // started anew, it has another token
    const page = await heard((await heard(fetch('/'))).text());
    token = new DOMParser().parseFromString(page, 'text/html').querySelector('meta[name="token"]')?.content ?? token;
    return ask(path, options, false);
  }
  if (response.ok) return response;
  let reason = `the server says ${response.status}`;
  try {
    reason = (await response.json()).error ?? reason;
  } catch { /* no JSON: the number has to do */ }
  throw new Trouble(reason[0].toUpperCase() + reason.slice(1));
}

export const get = path => ask(path, () => ({}));
export const getJson = async path => heard((await get(path)).json());
/** With `keepalive` a small body arrives although the page is left meanwhile. */
export const post = (path, body, type = 'application/json', keepalive = false) =>
  ask(path, () => ({method: 'POST', keepalive, headers: {'Content-Type': type, 'X-Skein-Token': token}, body: type === 'application/json' ? JSON.stringify(body) : body}));
export const postJson = async (path, body, keepalive = false) => heard((await post(path, body, 'application/json', keepalive)).json());

/** RGB bytes as the pixels of a canvas. */
export function pixels(rgb, size) {
  const image = new ImageData(size, size), out = new Uint32Array(image.data.buffer);
  for (let p = 0, b = 0; p < out.length; ++p, b += 3) out[p] = 0xff000000 | rgb[b + 2] << 16 | rgb[b + 1] << 8 | rgb[b];
  return image;
}

/** A length, JSON, and pictures one after the other. */
export async function unpackPictures(response) {
  const buffer = await heard(response.arrayBuffer()), length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const one = 3 * head.size * head.size, bytes = new Uint8Array(buffer, 4 + length);
  head.images = Array.from({length: bytes.length / one}, (_, i) => pixels(bytes.subarray(i * one, (i + 1) * one), head.size));
  return head;
}
