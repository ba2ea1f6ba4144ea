// A wall screen: turns its pages, fetches the figures anew every minute, keeps the last ones when the network is gone and says how
// old they are, and loads itself anew every few hours, right after an answer, so that it runs for weeks.
(() => {
  const FETCH_EVERY = 60e3, GIVE_UP = 15e3, STALE = 3 * 60e3, OLD = 15 * 60e3, ANEW = 6 * 3600e3;
  const wall = document.getElementById("wall");
  const age = document.querySelector("[data-age]");
  const dots = document.querySelector("[data-dots]");
  const clock = document.querySelector("[data-clock]");
  const begun = Date.now();
  let here = 0, lost = false, skew = 0;

  const pages = () => [...wall.querySelectorAll("[data-page]")];
  const stamp = () => Date.parse(wall.querySelector("[data-at]")?.dataset.at ?? "");
  const time = (at) => new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: wall.dataset.zone }).format(at);

  function show(index) {
    const all = pages();
    here = all.length ? index % all.length : 0;
    all.forEach((page, nth) => (page.hidden = nth !== here));
    dots.replaceChildren(...all.map((_page, nth) => Object.assign(document.createElement("i"), { className: nth === here ? "here" : "" })));
  }

  // The age is reckoned by the server's clock: that of a screen on a wall may be wrong.
  function tell() {
    const now = Date.now() + skew, old = now - stamp();
    const minutes = Math.floor(old / 60e3);
    const words = minutes < 120 ? age.dataset.minutes.replace("{n}", minutes) : age.dataset.hours.replace("{n}", Math.floor(minutes / 60));
    age.textContent = [lost ? age.dataset.lost : "", `${age.dataset.now} ${time(stamp())}`, old >= STALE ? words : ""].filter(Boolean).join(" · ");
    age.classList.toggle("is-stale", old >= STALE && old < OLD);
    age.classList.toggle("is-old", old >= OLD);
    clock.textContent = time(now);
  }

  async function fetchAnew() {
    try {
      const answer = await fetch(wall.dataset.url, { signal: AbortSignal.timeout(GIVE_UP), cache: "no-store" });
      if (answer.status === 410) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".wall-pages");
      if (!fresh) throw new Error("no pages");
      wall.replaceChildren(fresh);
      lost = false;
      skew = stamp() - Date.now();
      show(here);
      if (Date.now() - begun > ANEW) return location.reload();
    } catch {
      lost = true;
    }
    tell();
  }

  skew = stamp() - Date.now();
  show(0);
  tell();
  setInterval(() => show(here + 1), Number(wall.dataset.seconds) * 1000);
  setInterval(fetchAnew, FETCH_EVERY);
  setInterval(tell, 5e3);
})();
