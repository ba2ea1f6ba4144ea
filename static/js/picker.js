// The place field: a tap or Enter takes a found place; other words let the chosen one go.
(() => {
  const take = (option) => {
    const picker = option.closest("[data-picker]");
    const hidden = picker.querySelector("[data-picked]");
    hidden.value = option.dataset.pick;
    picker.querySelector("[data-words]").value = option.dataset.shown;
    picker.querySelector(".picker-found").replaceChildren();
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("click", (event) => {
    const option = event.target.closest("[data-pick]");
    if (option) take(option);
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-words]")) event.target.closest("[data-picker]").querySelector("[data-picked]").value = "";
  });

  document.addEventListener("keydown", (event) => {
    const picker = event.target.closest("[data-picker]");
    if (!picker) return;
    const options = [...picker.querySelectorAll("[data-pick]")];
    if (!options.length) return;
    const at = options.indexOf(document.activeElement);
    if (event.key === "Enter" && at < 0) take(options[0]);
    else if (event.key === "ArrowDown") options[Math.min(at + 1, options.length - 1)].focus();
    else if (event.key === "ArrowUp" && at > 0) options[at - 1].focus();
    else return;
    event.preventDefault();
  });
})();
