// Stays on the phone when the network goes: hands out the pages of rounds that their owner has opened, and nothing else.
// Whoever signs in or out takes the pages of the one before out of reach; they come back when their owner opens them again.
const PATIENCE = 5000; // milliseconds for a network that is there and answers nothing

const offline = (path) => path.startsWith("/static/") || /^\/inspections\/my\/(\d+\/)?$/.test(path);

async function kept() {
  const known = await (await caches.open("rounds-who")).match("/who");
  return known ? known.json() : null;
}

async function fromCache(request) {
  const owner = await kept();
  return owner ? (await caches.open(`rounds-${owner.user}`)).match(request, { ignoreSearch: true, ignoreVary: true }) : undefined;
}

async function answer(request) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, "late"));
  const asked = fetch(request);
  asked.catch(() => {});
  try {
    const first = await Promise.race([asked, late]);
    if (first !== "late") return first;
  } catch {
    const found = await fromCache(request);
    return found || Response.error();
  }
  return (await fromCache(request)) || asked;
}

// A label scanned with the phone's own camera, without network: the round that is open here knows the code.
async function scanned(request, token) {
  try {
    return await fetch(request);
  } catch {
    const owner = await kept();
    return owner && /\d+\/$/.test(owner.page) ? Response.redirect(`${owner.page}#scan=${token}`) : Response.error();
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith("/account/sign-")) {
    event.waitUntil(caches.delete("rounds-who"));
    return;
  }
  if (request.method !== "GET") return;
  const door = pathname.match(/^\/d\/([^/]+)\/$/);
  if (door && request.mode === "navigate") event.respondWith(scanned(request, door[1]));
  else if (offline(pathname)) event.respondWith(answer(request));
});
