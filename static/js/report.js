// Reporting from a phone: photos are shown small and sent small; what was typed survives signing in again.
(() => {
  const EDGE = 2000;
  const KEPT = "kept:";

  async function smaller(file) {
    if (!file.type.startsWith("image/") || file.size < 800000 || !window.createImageBitmap) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
      return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file; // the server says what is wrong with it
    }
  }

  async function choose(input) {
    const files = new DataTransfer();
    for (const file of input.files) files.items.add(await smaller(file));
    input.files = files.files;
    const row = input.closest("[data-photos]").querySelector("[data-previews]");
    row.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    row.replaceChildren(
      ...[...input.files].map((file) => {
        const image = document.createElement("img");
        image.src = URL.createObjectURL(file);
        image.alt = file.name;
        return image;
      }),
    );
    const form = input.closest("form[data-send-photos]");
    if (form && input.files.length) form.requestSubmit();
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-photos] input[type=file]")) choose(event.target);
  });

  // What was typed, by field; never the token or the key of the sheet.
  const typed = (form) =>
    [...form.elements].filter((field) => field.name && !["hidden", "file", "password", "submit"].includes(field.type));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-keep]")) return;
    const values = typed(form).map((field) => [field.name, field.value, field.checked]);
    sessionStorage.setItem(KEPT + location.pathname, JSON.stringify(values));
  });

  function bringBack(form) {
    const kept = sessionStorage.getItem(KEPT + location.pathname);
    if (!kept || form.querySelector(".error-summary")) return;
    for (const [name, value, checked] of JSON.parse(kept)) {
      for (const field of typed(form).filter((one) => one.name === name)) {
        if (["radio", "checkbox"].includes(field.type)) field.checked = field.value === value ? checked : field.checked;
        else if (!field.value) field.value = value;
      }
    }
    sessionStorage.removeItem(KEPT + location.pathname);
  }

  if (document.querySelector("[data-sent]")) {
    Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT)).forEach((key) => sessionStorage.removeItem(key));
  }
  document.querySelectorAll("form[data-keep]").forEach(bringBack);
})();
