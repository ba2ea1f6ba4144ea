// The worker's phone: a new job rings and shakes, unless the person turned the sound off; steppers count by large buttons.
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const field = button.closest("[data-stepper]").querySelector("input");
    const stride = Number(field.value) >= 10 && field.name === "minutes" ? 5 : 1;
    field.value = Math.max(Number(field.min) || 0, (Number(field.value) || 0) + stride * Number(button.dataset.step));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  const toggle = document.querySelector("[data-sound]");
  if (!toggle) return;
  const bell = new Audio(toggle.dataset.sound);
  const on = () => localStorage.getItem("sound") !== "off";
  const show = () => toggle.setAttribute("aria-pressed", String(on()));
  show();

  toggle.addEventListener("click", () => {
    localStorage.setItem("sound", on() ? "off" : "on");
    show();
    if (on()) ring();
  });

  // Browsers let a page sound only after a tap: the first one anywhere opens the way, silently.
  document.addEventListener(
    "pointerdown",
    () => {
      bell.muted = true;
      bell.play().then(() => bell.pause(), () => {}).finally(() => {
        bell.muted = false;
        bell.currentTime = 0;
      });
    },
    { once: true },
  );

  function ring() {
    bell.currentTime = 0;
    bell.play().catch(() => {}); // no tap yet: the phone shakes all the same
    if (navigator.vibrate) navigator.vibrate([200, 100, 200]);
  }

  const shown = () => [...document.querySelectorAll("[data-job]")].map((card) => card.dataset.job);
  let known = new Set(shown());
  document.addEventListener("htmx:afterSwap", () => {
    const now = shown();
    const fresh = now.filter((job) => !known.has(job));
    known = new Set(now);
    if (fresh.length && on()) ring();
  });
})();
