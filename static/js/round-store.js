// What a phone keeps of a round while the network is away: answers and photos in the order in which they were given, each
// under a key of its own, bound to the person who gave them. They are sent when the network is back, and arrive once.
(() => {
  const EDGE = 1600;
  const BATCH = 30;
  const PHOTOS = 3;
  const KEPT_DAYS = 14;
  const WAITING = "waiting", TAKEN = "taken", REFUSED = "refused";

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("rounds", 1);
      asked.onupgradeneeded = () => {
        const store = asked.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
        store.createIndex("user", "user");
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function inStore(mode, act) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const deed = database.transaction("entries", mode);
        const asked = act(deed.objectStore("entries"));
        deed.oncomplete = () => resolve(asked && asked.result);
        deed.onerror = deed.onabort = () => reject(deed.error);
      });
    } finally {
      database.close();
    }
  }

  const all = (user) => inStore("readonly", (store) => store.index("user").getAll(user));
  const put = (row) => inStore("readwrite", (store) => store.put(row));
  const drop = (id) => inStore("readwrite", (store) => store.delete(id));

  const uuid = () =>
    crypto.randomUUID
      ? crypto.randomUUID()
      : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
          (Number(c) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(c) / 4)))).toString(16));

  // `about` says in words what it is: what cannot be sent is shown by them wherever its owner looks.
  async function add(user, round, url, entry, about, file) {
    const row = { user, round, url, about, entry: { ...entry, key: uuid(), at: new Date().toISOString() }, state: WAITING };
    if (file) row.file = file;
    await put(row);
    return row;
  }

  // Photos are sent small: a rating plate stays readable.
  async function smaller(file) {
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.8));
    } catch {
      return file; // the server says what is wrong with it
    }
  }

  // Whose phone it is now. Null: nobody is signed in. Throws while there is no network.
  async function who(url) {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
    const json = (answer.headers.get("content-type") || "").startsWith("application/json");
    return answer.ok && json ? answer.json() : null;
  }

  function batchOf(rows) {
    const batch = [];
    let photos = 0;
    for (const row of rows) {
      if (row.url !== rows[0].url || batch.length === BATCH || (row.file && photos === PHOTOS)) break;
      photos += row.file ? 1 : 0;
      batch.push(row);
    }
    return batch;
  }

  async function sendBatch(batch, person) {
    const form = new FormData();
    form.append("user", String(batch[0].user));
    form.append("sent_at", new Date().toISOString());
    form.append("entries", JSON.stringify(batch.map((row) => row.entry)));
    for (const row of batch) if (row.file) form.append(row.entry.key, row.file, "photo.jpg");
    const answer = await fetch(batch[0].url, { method: "POST", body: form, headers: { "X-CSRFToken": person.token } });
    if (answer.status >= 500) throw new Error("busy");
    const json = (answer.headers.get("content-type") || "").startsWith("application/json") ? await answer.json() : {};
    if (answer.status === 409) return "other";
    if (answer.status === 403 || answer.status === 404) return "barred"; // it stays here, until its owner may again
    const told = new Map((json.taken || []).map((one) => [one.key, one]));
    for (const row of batch) {
      const one = told.get(row.entry.key) || { taken: false, why: json.why || "" };
      if (one.taken) delete row.file;
      await put({ ...row, state: one.taken ? TAKEN : REFUSED, why: one.why || "", answer: one, taken: json.now || "" });
    }
    return "sent";
  }

  // Send everything of this person that waits, one batch after the other. Answers "sent", "offline", "signed-out", "other",
  // or "barred" where the person may not do one of the rounds any more; what belongs to other rounds is sent all the same.
  async function flush(user, whoUrl) {
    const lock = navigator.locks
      ? (act) => navigator.locks.request("rounds", { ifAvailable: true }, (free) => (free ? act() : "busy"))
      : (act) => act();
    return lock(async () => {
      const barred = new Set();
      try {
        for (;;) {
          const waiting = (await all(user)).filter((row) => row.state === WAITING && !barred.has(row.url));
          if (!waiting.length) return barred.size ? "barred" : "sent";
          const person = await who(whoUrl);
          if (!person) return "signed-out";
          if (person.user !== user) return "other";
          const result = await sendBatch(batchOf(waiting), person);
          if (result === "other") return "other";
          if (result === "barred") barred.add(waiting[0].url);
        }
      } catch {
        return "offline";
      }
    });
  }

  async function tidy(user) {
    const old = new Date(Date.now() - KEPT_DAYS * 86400000).toISOString();
    for (const row of await all(user)) if (row.state === TAKEN && row.entry.at < old) await drop(row.id);
  }

  // The page itself and what it is drawn with, kept for this person only; what others kept on this phone is put away.
  async function keep(user, page, worker, more) {
    if (!("serviceWorker" in navigator) || !("caches" in window)) return;
    try {
      await navigator.serviceWorker.register(worker, { scope: "/" });
      for (const name of await caches.keys()) {
        if (name.startsWith("rounds-") && name !== "rounds-who" && name !== `rounds-${user}`) await caches.delete(name);
      }
      const mine = await caches.open(`rounds-${user}`);
      const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], use, img[src]")]
        .map((part) => (part.getAttribute("href") || part.getAttribute("src") || "").split("#")[0])
        .filter((address) => address.startsWith("/static/"));
      for (const part of new Set([...parts, ...more])) if (!(await mine.match(part))) await mine.add(part);
      const fresh = await fetch(page, { cache: "no-store", headers: { Accept: "text/html" } });
      if (fresh.ok && !fresh.redirected) await mine.put(page, fresh);
      const known = await caches.open("rounds-who");
      await known.put("/who", new Response(JSON.stringify({ user, page })));
    } catch {
      // no room, or no network: the page works as long as it stays open
    }
  }

  window.roundStore = { WAITING, TAKEN, REFUSED, add, all, put, drop, smaller, flush, tidy, keep };
})();
