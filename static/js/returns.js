// Requested returns. What the office arranges: fields that do not go with what was chosen are put away. A hospital's form: an unusual value asks for a word at once; what is typed is kept as a draft a moment later.
(() => {
  const request = document.querySelector("form[data-request]");
  const arrange = () =>
    request.querySelectorAll("[data-shown-for]").forEach((field) => {
      const [name, value] = field.dataset.shownFor.split("=");
      field.closest(".field-row").hidden = request.elements[name].value !== value;
    });
  if (request) {
    arrange();
    request.addEventListener("change", arrange);
  }

  const form = document.querySelector("form[data-return]");
  if (!form) return;
  const deviation = Number(form.dataset.deviation);
  const kept = form.querySelector("[data-kept]");

  const numberOf = (text) => {
    const plain = text.replace(/[,，\s]/g, "");
    return plain === "" ? NaN : Number(plain);
  };

  function judge(line) {
    const [value, unknown] = [line.querySelector("[name^='value.']"), line.querySelector("[name^='unknown.']")];
    const note = line.querySelector("[data-note]");
    const share = note.querySelector("[data-share]");
    if (unknown.checked) value.value = "";
    value.disabled = unknown.checked;
    const before = line.dataset.before === "" ? NaN : Number(line.dataset.before);
    const now = numberOf(value.value);
    const unusual = Number.isFinite(before) && Number.isFinite(now) && Math.abs(now - before) * 100 > before * deviation;
    const written = note.querySelector("input").value !== "";
    note.hidden = !unusual && !written;
    share.hidden = !unusual || before === 0;
    if (!share.hidden) share.textContent = `${now > before ? "+" : "−"}${Math.round((Math.abs(now - before) / before) * 100)} %`;
  }

  const lines = [...form.querySelectorAll(".asked-line")];
  lines.forEach((line) => {
    judge(line);
    line.addEventListener("input", () => judge(line));
    line.addEventListener("change", () => judge(line));
  });

  if (!form.dataset.draft) return;
  let waiting = null;
  let sending = false;
  let leaving = false;

  async function keep() {
    if (sending) return later();
    if (leaving) return;
    sending = true;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
      });
      const said = await answer.json();
      if (answer.ok) form.elements.seen.value = said.seen;
      kept.textContent = answer.ok ? said.said : said.why;
      kept.classList.toggle("tone-red", !answer.ok);
    } catch {
      kept.textContent = "";
    }
    sending = false;
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 800);
  }

  form.addEventListener("input", later);
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(waiting);
  });
})();
