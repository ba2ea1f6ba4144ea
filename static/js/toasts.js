// Short messages: they leave by themselves, errors stay until closed; "undo" counts its seconds down.
(() => {
  const STAY = 6;
  const UNDO = 10;

  function live(line) {
    line.querySelector("[data-close]").addEventListener("click", () => line.remove());
    if (line.classList.contains("tone-red")) return;
    const left = line.querySelector("[data-seconds]");
    let seconds = left ? UNDO : STAY;
    const timer = setInterval(() => {
      if (line.matches(":hover, :focus-within") && !left) return;
      seconds -= 1;
      if (left) left.textContent = seconds;
      if (seconds <= 0) {
        clearInterval(timer);
        line.remove();
      }
    }, 1000);
  }

  function say(text) {
    const line = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    line.querySelector("[data-text]").textContent = text;
    line.dataset.live = "1";
    document.getElementById("toasts").append(line);
    live(line);
  }

  const fresh = (root) => root.querySelectorAll?.(".toast-line:not([data-live])").forEach((line) => {
    line.dataset.live = "1";
    live(line);
  });
  fresh(document);
  document.addEventListener("htmx:load", () => fresh(document));
  document.addEventListener("say", (event) => say(event.detail.text ?? event.detail.value));
  document.addEventListener("htmx:sendError", () => say(document.body.dataset.unreachable));
  document.addEventListener("htmx:responseError", (event) => {
    const refused = event.detail.xhr.status === 403 || event.detail.xhr.status === 404;
    say(refused ? document.body.dataset.refused : document.body.dataset.failed);
  });
})();
