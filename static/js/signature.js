// A box to sign in with the finger; the drawing goes into the hidden field as a PNG when the form is sent.
(() => {
  function start(box) {
    if (box.dataset.started) return;
    box.dataset.started = "1";
    const canvas = box.querySelector("canvas");
    const field = box.querySelector("[data-drawing]");
    const pad = new SignaturePad(canvas, { penColor: "#10253f", backgroundColor: "#ffffff", minWidth: 1, maxWidth: 3 });

    // The canvas has as many dots as the screen; turning the phone keeps what is drawn.
    function fit() {
      const drawn = pad.toData();
      const ratio = Math.max(window.devicePixelRatio || 1, 1);
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.clear();
      pad.fromData(drawn);
    }

    const keep = () => (field.value = pad.isEmpty() ? "" : canvas.toDataURL("image/png"));
    pad.addEventListener("endStroke", keep);
    box.querySelector("[data-clear]").addEventListener("click", () => {
      pad.clear();
      keep();
    });
    window.addEventListener("resize", fit);
    fit();
  }

  const all = () => document.querySelectorAll("[data-signature]").forEach(start);
  all();
  document.addEventListener("htmx:load", all); // a box that came in a sheet
})();
