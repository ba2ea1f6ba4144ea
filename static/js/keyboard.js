// The desk's keys: j and k walk the list, Enter opens, / searches here, s everywhere, n begins a new one, ? tells the keys.
(() => {
  const typing = (element) => element.closest("input, textarea, select, [contenteditable], dialog[open], .dropdown-menu.show");

  function walk(step) {
    const rows = [...document.querySelectorAll(".list tbody tr")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("at"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    rows.forEach((row) => row.classList.toggle("at", row === next));
    const link = next.querySelector("a");
    if (link) link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  // The list's own field is nearer than the box in the head; where neither is drawn (a phone), the icon leads to the page.
  function search(fields) {
    const drawn = [...document.querySelectorAll(fields)].filter((field) => field.offsetParent);
    const field = drawn.find((one) => one.matches("[data-search]") && fields.includes("[data-search],")) || drawn[0];
    if (field?.matches("a")) field.click();
    else if (field) { field.focus(); field.select(); }
  }

  const actions = {
    j: () => walk(1),
    k: () => walk(-1),
    "/": () => search("[data-search], [data-search-all]"),
    s: () => search("[data-search-all]"),
    n: () => document.querySelector("[data-new]")?.click(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
