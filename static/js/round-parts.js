// The small parts of a round's page, and how an answer is judged on the phone.
window.roundParts = (sprite) => {
  function h(tag, facts = {}, ...inside) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(facts)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...inside.flat().filter((part) => part !== null && part !== undefined && part !== ""));
    return node;
  }

  function icon(name) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("class", "icon");
    drawing.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${sprite}#${name}`);
    drawing.append(use);
    return drawing;
  }

  const badge = (label, tone, drawing) => h("span", { class: `state tone-${tone}` }, icon(drawing), label);

  // Judged here as the server judges (inspections/judging.py): true, false, or null where there is nothing to judge.
  function judge(item, raw) {
    if (item.kind === "check") return raw === "1" ? true : raw === "0" ? false : null;
    if (item.kind === "value") {
      const value = Number(String(raw).replace(/[。．]/g, ".").replace("−", "-"));
      if (raw === "" || Number.isNaN(value) || (item.low === null && item.high === null)) return null;
      return (item.low === null || value >= Number(item.low)) && (item.high === null || value <= Number(item.high));
    }
    if (item.kind === "choice" && item.judged) return (item.options.find((one) => one.value === raw) || {}).passes === true;
    return null;
  }

  return { h, icon, badge, judge };
};
