// What was typed into a form whose sender had to sign in again stands in it afterwards, for the same person in the same tab.
(() => {
  const KEY = "typed";
  const person = document.body.dataset.person;
  const page = location.pathname + location.search;
  const SECRET = ["password", "hidden", "file"];

  const read = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  };
  const write = (kept) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      sessionStorage.removeItem(KEY);
    }
  };

  function put(field, values) {
    if (!field.name || SECRET.includes(field.type) || field.disabled) return;
    const given = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
    else if (field.multiple) [...field.options].forEach((option) => (option.selected = given.includes(option.value)));
    else if (given.length === 1) field.value = given[0];
    else return;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function bringBack(kept) {
    const form = [...document.forms].find((one) => one.method === "post" && one.action === kept.action);
    if (!form) return;
    form.closest("details")?.setAttribute("open", "");
    [...form.elements].forEach((field) => put(field, kept.values));
    document.dispatchEvent(new CustomEvent("say", { detail: { text: document.body.dataset.typed } }));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!person || form.method !== "post" || form.hasAttribute("hx-post")) return;
    const hidden = new Set([...form.elements].filter((field) => SECRET.includes(field.type)).map((field) => field.name));
    const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !hidden.has(name));
    write({ person, page, action: form.action, values });
  });

  const kept = read();
  if (!kept) return;
  if (!person) {
    write({ ...kept, out: true });
    return;
  }
  sessionStorage.removeItem(KEY);
  if (kept.out && kept.person === person && kept.page === page) window.addEventListener("load", () => bringBack(kept));
})();
