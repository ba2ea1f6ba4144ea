// Plans: fields that do not go with what was chosen are put away; an offer is taken with one tap; points are dragged.
(() => {
  const chosen = (form, name) => {
    const field = form.elements[name];
    return field ? field.value : "";
  };

  const arrange = (form) => {
    form.querySelectorAll("[data-shown-for]").forEach((field) => {
      const row = field.closest(".field-row");
      const [name, values] = field.dataset.shownFor.split("=");
      if (row) row.hidden = !values.split(" ").includes(chosen(form, name));
    });
  };

  const form = () => document.getElementById("plan-form");
  document.addEventListener("DOMContentLoaded", () => form() && arrange(form()));
  document.addEventListener("change", () => form() && arrange(form()));

  const set = (form, name, values) => {
    form.querySelectorAll(`[name="${name}"]`).forEach((field) => {
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else field.value = values[0];
    });
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take-offer]");
    if (!button) return;
    const offer = JSON.parse(document.getElementById(button.dataset.takeOffer).textContent);
    Object.entries(offer).forEach(([name, values]) => set(form(), name, values));
    form().dispatchEvent(new Event("change", { bubbles: true }));
  });

  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest("[data-stop]");
  });
  document.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-stop]");
    if (!dragged || !over) return;
    event.preventDefault();
    document.querySelectorAll(".over").forEach((other) => other.classList.remove("over"));
    over.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const over = event.target.closest("[data-stop]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    over.before(dragged);
    const list = over.closest("[data-route]");
    const order = [...list.querySelectorAll("[data-stop]")].map((stop) => stop.dataset.stop).join(",");
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const values = { do: "order", order, csrfmiddlewaretoken: token };
    htmx.ajax("POST", list.dataset.route, { target: "#route-stops", swap: "outerHTML", values });
  });
})();
