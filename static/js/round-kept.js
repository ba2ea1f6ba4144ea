// What this phone keeps of rounds and could not hand in: shown among the rounds of the day, so that nothing is lost silently.
(() => {
  const root = document.querySelector("[data-kept]");
  const store = window.roundStore;
  const user = Number(root.dataset.user);

  function line(row) {
    const item = document.createElement("li");
    const text = document.createElement("span");
    text.textContent = [row.about, row.why].filter(Boolean).join(": ");
    item.append(text);
    if (row.state === store.REFUSED) {
      const seen = document.createElement("button");
      seen.type = "button";
      seen.className = "btn btn-sm";
      seen.textContent = root.dataset.forget;
      seen.addEventListener("click", async () => {
        await store.drop(row.id);
        draw();
      });
      item.append(seen);
    }
    return item;
  }

  async function draw() {
    const left = (await store.all(user)).filter((row) => row.state !== store.TAKEN && row.entry.kind !== "reach");
    root.hidden = !left.length;
    root.querySelector("ul").replaceChildren(...left.map(line));
  }

  async function begin() {
    await store.flush(user, root.dataset.who);
    await draw();
  }
  begin();
})();
