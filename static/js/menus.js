// Menus that open below a button and the drawer on phones: the two behaviours of Tabler's script that pages need.
(() => {
  const toggles = '[data-bs-toggle="dropdown"]';
  const menuOf = (button) => button.parentElement.querySelector(".dropdown-menu");

  function setMenu(button, open) {
    const menu = menuOf(button);
    menu.dataset.bsPopper = "static";
    menu.classList.toggle("show", open);
    button.setAttribute("aria-expanded", String(open));
  }

  function closeMenus(except) {
    document.querySelectorAll(`${toggles}[aria-expanded="true"]`).forEach((button) => button !== except && setMenu(button, false));
  }

  let drawer = null;
  let opener = null;
  const shade = document.createElement("div");
  shade.className = "offcanvas-backdrop fade show";

  function setDrawer(panel, button) {
    if (drawer) drawer.classList.remove("show");
    shade.remove();
    if (!panel && opener) opener.focus();
    drawer = panel;
    opener = button;
    if (!panel) return;
    document.body.append(shade);
    panel.classList.add("show");
    panel.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(toggles);
    closeMenus(button);
    if (button) setMenu(button, button.getAttribute("aria-expanded") !== "true");
    const opens = event.target.closest('[data-bs-toggle="offcanvas"]');
    if (opens) setDrawer(document.querySelector(opens.dataset.bsTarget), opens);
    else if (drawer && (event.target === shade || event.target.closest('[data-bs-dismiss="offcanvas"]'))) setDrawer(null, null);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.querySelector(`${toggles}[aria-expanded="true"]`);
      closeMenus(null);
      if (open) open.focus();
      if (drawer) setDrawer(null, null);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const button = document.querySelector(`${toggles}[aria-expanded="true"]`);
    if (!step || !button) return;
    const items = [...menuOf(button).querySelectorAll(".dropdown-item")];
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length) % items.length].focus();
    event.preventDefault();
  });
})();
