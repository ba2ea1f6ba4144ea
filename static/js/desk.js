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

  // A card let go over a column, or pushed to the next one: the server knows which step leads there, and asks what it needs.
  function drop(card, column) {
    if (!column || column.contains(card)) return;
    const values = { to: column.dataset.drop, next: document.querySelector("[data-board]").dataset.board };
    htmx.ajax("POST", card.dataset.drag, { target: "#sheet", swap: "innerHTML", values });
  }

  function push(title, key) {
    const columns = [...document.querySelectorAll(".board-column")];
    const at = columns.indexOf(title.closest(".board-column"));
    drop(title.closest(".board-card"), columns[at + (key === "ArrowLeft" ? -1 : 1)]);
  }

  let dragged = null;
  const under = (event) => event.target.closest?.(".board-column");
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".board-card") ?? null;
    dragged?.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    if (!dragged || !under(event)) return;
    event.preventDefault();
    document.querySelectorAll(".board-column.over").forEach((column) => column.classList.toggle("over", column === under(event)));
    under(event).classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    drop(dragged, under(event));
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    document.querySelectorAll(".board-column.over").forEach((column) => column.classList.remove("over"));
    dragged = null;
  });
  // While a card is in the hand the board is not drawn anew under it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (dragged && event.detail.target.matches("[data-board]")) event.detail.shouldSwap = false;
  });

  // What was ticked stays ticked when the queue is drawn anew.
  let ticked = [];
  const ticks = () => [...document.querySelectorAll(".desk-tick input")];
  document.addEventListener("htmx:beforeSwap", () => (ticked = ticks().filter((box) => box.checked).map((box) => box.value)));
  document.addEventListener("htmx:afterSettle", () => ticks().forEach((box) => (box.checked ||= ticked.includes(box.value))));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("[data-board]")) {
      const card = document.activeElement.closest(".board-card .title");
      if (event.shiftKey && card && (event.key === "ArrowLeft" || event.key === "ArrowRight")) push(card, event.key);
      else if (event.key.startsWith("Arrow")) stroll(card, event.key);
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

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
