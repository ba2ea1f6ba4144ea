// Scanning a label within the page, where the browser can read codes from its camera; elsewhere the code is typed, or the
// phone's own camera opens the label's link, which leads to the same point.
(() => {
  const TOKEN = /\/d\/([A-Za-z0-9_-]+)\/?/;

  const tokenOf = (text) => (text.match(TOKEN) || [])[1] || "";

  async function fingerprint(token) {
    if (!crypto.subtle) return "";
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
  }

  // Shows the camera in the dialog until a label is read or the dialog is closed. Answers the token, or "".
  async function read(dialog) {
    const video = dialog.querySelector("video");
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
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

  const able = () => "BarcodeDetector" in window && !!(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

  window.roundScan = { able, read, tokenOf, fingerprint };
})();
