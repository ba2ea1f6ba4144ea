// The builder of a checklist: rows are added, moved by grip, buttons or Alt with the arrows, and removed without a way to the server.
(() => {
  const form = document.getElementById("builder");
  const list = form?.querySelector("[data-rows]");
  if (!list) return;
  const rows = () => [...list.querySelectorAll("[data-row]")];
  const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));

  function tell(row) {
    form.querySelector("[data-told]").textContent = `${rows().indexOf(row) + 1} / ${rows().length}`;
  }

  function move(row, step, focus) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (step < 0) other.before(row);
    else other.after(row);
    focus.focus();
    row.scrollIntoView({ block: "nearest" });
    tell(row);
    changed();
  }

  function add() {
    const last = rows().at(-1);
    const id = `r${Date.now().toString(36)}${rows().length}`;
    const made = document.createElement("template");
    made.innerHTML = document.getElementById("row-template").innerHTML.replaceAll("__row__", id);
    const row = made.content.querySelector("[data-row]");
    list.append(row);
    const section = last?.querySelector("[name$='-section']");
    if (section) row.querySelector("[name$='-section']").value = section.value;
    row.querySelector("[name$='-text']").focus();
    changed();
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button) return;
    const row = button.closest("[data-row]");
    if ("move" in button.dataset) move(row, Number(button.dataset.move), button);
    else if ("remove" in button.dataset) {
      const near = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      near?.querySelector("[name$='-text']").focus();
      changed();
    } else if ("add" in button.dataset) add();
    else return;
    event.preventDefault();
  });

  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(row, event.key === "ArrowUp" ? -1 : 1, event.target);
    } else if (event.key === "Enter" && event.target.matches("[name$='-text']")) {
      event.preventDefault();
      if (row === rows().at(-1)) add();
      else row.nextElementSibling.querySelector("[name$='-text']").focus();
    }
  });

  // Only the grip drags: text in the boxes stays selectable.
  let dragged = null;
  form.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("[data-grip]")?.closest("[data-row]");
    if (row) row.draggable = true;
  });
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-row]");
    dragged?.classList.add("dragged");
  });
  form.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-row]");
    if (!dragged || !over) return;
    event.preventDefault();
    if (over === dragged) return;
    const middle = over.getBoundingClientRect().top + over.offsetHeight / 2;
    if (event.clientY < middle) over.before(dragged);
    else over.after(dragged);
  });
  form.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    dragged.draggable = false;
    tell(dragged);
    dragged = null;
    changed();
  });
})();
