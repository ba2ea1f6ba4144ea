// Several of many: typed words leave only the ticks that hold all of them; what is ticked stays, and stands on top of its heading.
(() => {
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  function narrow(box) {
    const asked = words(box.querySelector("[data-find]").value);
    let shown = 0;
    for (const group of box.querySelectorAll("[data-group]")) {
      let inside = 0;
      for (const option of group.querySelectorAll("[data-option]")) {
        const text = option.textContent.toLowerCase();
        const fits = option.querySelector("input").checked || asked.every((word) => text.includes(word));
        option.hidden = !fits;
        inside += fits;
      }
      group.hidden = !inside;
      shown += inside;
    }
    box.querySelector("[data-none]").hidden = shown > 0;
  }

  for (const box of document.querySelectorAll("[data-searched]")) {
    const find = box.querySelector("[data-find]");
    find.hidden = false;
    find.addEventListener("input", () => narrow(box));
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    for (const group of box.querySelectorAll("[data-group]")) {
      const chosen = [...group.querySelectorAll("[data-option]")].filter((option) => option.querySelector("input").checked);
      const first = group.querySelector("[data-option]");
      chosen.forEach((option) => option !== first && group.insertBefore(option, first));
    }
  }
})();
