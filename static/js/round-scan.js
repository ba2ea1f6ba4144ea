// Scanning a label within the page. A browser that cannot read codes itself is lent a reader (its two files are kept on the
// phone with the round); without a camera the code is typed, or the phone's own camera opens the label's link, which leads
// to the same point.
(() => {
  const root = document.querySelector("[data-round]");
  const lent = [root.dataset.reader, root.dataset.decoder];
  const TOKEN = /\/d\/([A-Za-z0-9_-]+)\/?/;

  const tokenOf = (text) => (text.match(TOKEN) || [])[1] || "";

  async function fingerprint(token) {
    if (!crypto.subtle) return "";
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
  }

  async function isBuiltIn() {
    const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
    return formats.includes("qr_code");
  }

  let borrowed = null; // the promise of the lent reader: it is fetched once
  function borrow() {
    borrowed ||= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = lent[0];
      script.onload = () => {
        window.BarcodeDetectionAPI.prepareZXingModule({ overrides: { locateFile: () => lent[1] } });
        resolve(window.BarcodeDetectionAPI.BarcodeDetector);
      };
      script.onerror = () => {
        borrowed = null;
        reject(new Error("no reader"));
      };
      document.head.append(script);
    });
    return borrowed;
  }

  // Shows the camera in the dialog until a label is read or the dialog is closed. Answers the token, or "".
  async function read(dialog) {
    const video = dialog.querySelector("video");
    const Detector = (await isBuiltIn()) ? window.BarcodeDetector : await borrow();
    const detector = new Detector({ formats: ["qr_code"] });
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    await video.play();
    try {
      while (dialog.open) {
        const codes = await detector.detect(video).catch(() => []);
        const token = codes.map((code) => tokenOf(code.rawValue)).find(Boolean);
        if (token) return token;
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
      return "";
    } finally {
      stream.getTracks().forEach((track) => track.stop());
      video.srcObject = null;
    }
  }

  const able = () => !!(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  // What has to be on the phone for scanning without network.
  const parts = async () => (able() && !(await isBuiltIn()) ? lent : []);

  window.roundScan = { able, read, tokenOf, fingerprint, parts };
})();
