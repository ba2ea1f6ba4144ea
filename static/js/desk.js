// The desk's keys: j and k walk the queue, Enter sends the first team, digits the people in their order; arrows walk the board.
(() => {
  const typing = (element) => element.closest("input, textarea, select, dialog[open], .dropdown-menu.show");
  const queue = () => [...document.querySelectorAll("[data-queue] [data-key]")];

  // The line of the order that is open on the right stays marked, whatever the queue does.
  function mark() {
    const key = document.getElementById("panel")?.dataset.key;
    queue().forEach((line) => (line.dataset.key === key ? line.setAttribute("aria-current", "true") : line.removeAttribute("aria-current")));
  }

  function walk(step) {
    const lines = queue();
    if (!lines.length) return;
    const at = lines.findIndex((line) => line.hasAttribute("aria-current"));
    const next = lines[Math.min(lines.length - 1, Math.max(0, at + step))];
    next.click();
    next.scrollIntoView({ block: "nearest" });
  }

  function stroll(card, key) {
    const columns = [...document.querySelectorAll(".board-column")];
    const column = card ? card.closest(".board-column") : columns[0];
    const cards = [...column.querySelectorAll(".board-card .title")];
    const at = cards.indexOf(card);
    const across = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const target = across
      ? columns[columns.indexOf(column) + across]?.querySelectorAll(".board-card .title")[Math.max(0, at)] ??
        columns[columns.indexOf(column) + across]?.querySelector(".board-card .title")
      : cards[at + (key === "ArrowUp" ? -1 : 1)];
    target?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("[data-board]")) {
      const card = document.activeElement.closest(".board-card .title");
      if (event.key.startsWith("Arrow")) stroll(card, event.key);
      else if (event.key === "m" && card) card.closest(".board-card").querySelector("[data-steps]").click();
      else return;
    } else if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
    else if (event.key === "Enter" && !event.target.closest("a, button")) document.querySelector("#panel [data-first]")?.click();
    else if (/^[1-9]$/.test(event.key)) document.querySelectorAll("#panel .crew button")[Number(event.key) - 1]?.click();
    else return;
    event.preventDefault();
  });

  // On a phone the order opens below the queue: the tap leads there.
  document.addEventListener("htmx:afterSettle", (event) => {
    mark();
    const asked = event.detail.requestConfig?.elt?.matches?.("[data-key]");
    if (asked && window.innerWidth < 992) document.getElementById("panel")?.scrollIntoView({ block: "start" });
  });
  document.addEventListener("DOMContentLoaded", mark);

  // On the call sheet a few letters leave the pictures that fit; Enter takes the first of them.
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-narrow]")) return;
    const words = event.target.value.trim().toLowerCase();
    const box = event.target.closest("[data-pictures]");
    box.querySelectorAll("label").forEach((label) => (label.hidden = !label.dataset.words.toLowerCase().includes(words)));
    box.querySelectorAll("fieldset").forEach((group) => (group.hidden = !group.querySelector("label:not([hidden])")));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-narrow]")) return;
    event.preventDefault();
    const first = event.target.closest("[data-pictures]").querySelector("label:not([hidden]) input");
    if (first) first.checked = true;
    event.target.form.querySelector("button.btn-primary").focus();
  });
})();
