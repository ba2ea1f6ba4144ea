// A form asked for by a button opens in the sheet; closing or Escape empties it. Without script the button's link opens a page.
(() => {
  const sheet = document.getElementById("sheet");
  if (!sheet) return;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === sheet && !sheet.open && sheet.childElementCount) sheet.showModal();
  });
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-close-sheet]")) {
      event.preventDefault();
      sheet.close();
    }
  });
  sheet.addEventListener("close", () => sheet.replaceChildren());
})();
