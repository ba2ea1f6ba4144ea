// One round on a phone: the list of points, one point with its items, the end. It works without network once it is open:
// every tap is kept first (round-store.js) and sent as soon as it can be.
(() => {
  const root = document.querySelector("[data-round]");
  if (!root) return;
  const sheet = JSON.parse(document.getElementById("sheet").textContent);
  const { words, urls, items } = sheet;
  const store = window.roundStore;
  const points = new Map(sheet.points.map((point) => [point.id, point]));
  const answers = new Map(sheet.answers.map((one) => [`${one.point}.${one.item}`, one]));
  const { h, icon, badge, judge } = window.roundParts(root.dataset.icons);
  const view = root.querySelector("[data-view]");
  let here = null; // the point that is open
  let finished = false;
  let refused = [];

  const answerOf = (point, item) => answers.get(`${point.id}.${item.id}`);
  const say = (text, value) => text.replace("%s", value);

  const wantsPhoto = (item, given) =>
    item.kind === "photo" || item.photo === "always" || (item.photo !== "never" && given && given.passed === false);

  function missing(point) {
    const open = items.filter((item) => {
      const given = answerOf(point, item);
      return given ? wantsPhoto(item, given) && !given.photos : item.required;
    });
    return open;
  }

  const undecided = (point) =>
    items.filter((item) => {
      const given = answerOf(point, item);
      return given && given.passed === false && (!given.became || given.became === "ask");
    });

  function restate(point) {
    if (point.state === "in_use" || point.state === "not_found") return;
    point.state = sheet.answers && items.some((item) => answerOf(point, item)) && !missing(point).length ? "done" : "open";
  }

  // What an entry means for what is shown; the same for a tap now and for one kept since yesterday.
  function apply(entry) {
    const point = points.get(entry.point);
    if (entry.kind === "finish") finished = true;
    if (!point) return;
    const key = `${entry.point}.${entry.item}`;
    if (entry.kind === "reach") point.reached = true;
    if (entry.kind === "answer") {
      const item = items.find((one) => one.id === entry.item);
      const before = answers.get(key) || { photos: 0, became: "", number: "" };
      const passed = judge(item, entry.raw);
      const became = passed === false ? before.became : "";
      answers.set(key, { ...before, became, point: entry.point, item: entry.item, raw: entry.raw, note: entry.note || before.note, passed });
      if (point.state !== "open") point.state = "open";
      point.reached = true;
    }
    if (entry.kind === "photo" && answers.has(key)) answers.get(key).photos += 1;
    if (entry.kind === "decide" && answers.has(key)) Object.assign(answers.get(key), { became: entry.became });
    if (entry.kind === "leave") point.state = entry.state;
    restate(point);
  }

  // An entry in words, for where the round itself cannot be shown.
  function about(entry) {
    const point = points.get(entry.point);
    const item = items.find((one) => one.id === entry.item);
    const said = entry.kind === "finish" ? root.dataset.finish : entry.kind === "photo" ? words.photo : words[entry.became || entry.state];
    const value = item && item.kind === "check" && entry.kind === "answer" ? (entry.raw === "1" ? words.pass : words.fail) : entry.raw;
    return [sheet.name, point && point.name, item && item.text, said, value].filter(Boolean).join(" · ");
  }

  async function give(entry, file) {
    apply(entry);
    await store.add(sheet.user, sheet.round, urls.send, entry, about(entry), file);
    badgeOf(await store.all(sheet.user));
    send();
  }

  const found = () => [...answers.values()].filter((one) => one.passed === false).length;
  const counts = () => {
    const list = [...points.values()].filter((point) => !["in_use", "not_found"].includes(point.state));
    return { done: list.filter((point) => point.state === "done").length, all: list.length };
  };
  const nextOpen = (after) => {
    const list = [...points.values()];
    const from = after ? list.indexOf(after) + 1 : 0;
    return [...list.slice(from), ...list.slice(0, from)].find((point) => point.state === "open");
  };

  // --- the list ---
  const LOOK = { open: ["grey", "circle"], done: ["green", "check"], in_use: ["amber", "lock"], not_found: ["amber", "help-circle"] };

  function line(point, next) {
    const [tone, drawing] = LOOK[point.state];
    const failed = items.filter((item) => (answerOf(point, item) || {}).passed === false).length;
    return h("li", {},
      h("a", { class: `round-line${next ? " next" : ""}`, href: `#p${point.id}` },
        h("span", { class: "round-number" }, String(point.order)),
        h("span", { class: "round-what" }, h("strong", {}, point.name), h("span", { class: "second" }, point.where)),
        h("span", { class: "round-state" }, failed ? badge(say(words.found, failed), "red", "alert-triangle") : null,
          badge(words[point.state], tone, drawing))));
  }

  function list() {
    const { done, all } = counts();
    const next = nextOpen();
    const bar = h("progress", { class: "round-progress", max: Math.max(all, 1), value: done, "aria-label": words.points.replace("%(done)s", done).replace("%(all)s", all) });
    return [
      h("p", { class: "round-count" }, words.points.replace("%(done)s", done).replace("%(all)s", all), found() ? h("span", { class: "ink-red" }, ` · ${say(words.found, found())}`) : null),
      bar,
      finished ? h("p", { class: "notice tone-green" }, icon("check"), h("span", {}, words.finish_waits)) : null,
      h("ol", { class: "round-list" }, [...points.values()].map((point) => line(point, point === next))),
    ];
  }

  // --- one point ---
  function choose(point, item, raw) {
    const given = answerOf(point, item);
    if (given && given.raw === raw) return;
    if (given && given.number) return;
    give({ kind: "answer", point: point.id, item: item.id, raw });
    drawItem(point, item);
    foot();
  }

  function field(point, item) {
    const given = answerOf(point, item) || {};
    const name = `item-${item.id}`;
    const label = `label-${item.id}`;
    if (item.kind === "check" || item.kind === "choice") {
      const offered = item.kind === "check"
        ? [{ value: "1", label: words.pass, tone: "green", drawing: "check" }, { value: "0", label: words.fail, tone: "red", drawing: "x" }]
        : item.options.map((one) => ({ ...one, tone: item.judged ? (one.passes ? "green" : "red") : "blue" }));
      return h("div", { class: item.kind === "check" ? "verdicts" : "verdicts many", role: "group", "aria-labelledby": label }, offered.map((one) =>
        h("button", { type: "button", class: "btn", "data-tone": one.tone, "aria-pressed": String(given.raw === one.value), onclick: () => choose(point, item, one.value) },
          one.drawing ? icon(one.drawing) : null, one.label)));
    }
    if (item.kind === "photo") return null;
    const number = item.kind === "value" || item.kind === "meter";
    const told = h("span", { class: "round-told", role: "status" });
    const tell = (raw) => {
      const passed = judge(item, raw);
      told.replaceChildren(passed === null ? "" : passed ? badge(words.passed, "green", "check") : badge(words.failed, "red", "alert-triangle"));
    };
    const input = number
      ? h("input", { class: "form-control", id: name, inputmode: "decimal", autocomplete: "off", "aria-labelledby": label, value: given.raw || "" })
      : h("textarea", { class: "form-control", id: name, rows: 2, maxlength: 500, "aria-labelledby": label }, given.raw || "");
    input.addEventListener("input", () => tell(input.value.trim()));
    input.addEventListener("change", () => input.value.trim() && choose(point, item, input.value.trim()));
    tell(given.raw || "");
    return h("div", { class: "round-number-field" }, input, item.unit ? h("span", { class: "round-unit" }, item.unit) : null, told);
  }

  function photo(point, item) {
    const given = answerOf(point, item);
    if (!wantsPhoto(item, given) || (!given && item.kind !== "photo")) return null;
    const id = `photo-${item.id}`;
    const pick = h("input", { type: "file", id, class: "visually-hidden", accept: "image/*", capture: "environment", onchange: async () => {
      const file = pick.files[0];
      if (!file) return;
      const small = await store.smaller(file);
      if (!answerOf(point, item)) await give({ kind: "answer", point: point.id, item: item.id, raw: "" });
      await give({ kind: "photo", point: point.id, item: item.id }, small);
      drawItem(point, item);
      foot();
    } });
    const count = given ? given.photos : 0;
    return h("div", { class: "photo-pick" }, pick, h("label", { class: `btn${count ? "" : " btn-tone-amber"}`, for: id }, icon("camera"), count ? say(words.photos, count) : words.photo),
      count ? null : h("span", { class: "second" }, words.photo_asked));
  }

  function decision(point, item) {
    const given = answerOf(point, item);
    if (!given || given.passed !== false) return null;
    if (given.number) return h("p", { class: "notice tone-blue" }, icon("check"), h("span", {}, say(words.raised, given.number)));
    const note = h("input", { class: "form-control", placeholder: words.note, "aria-label": words.note, maxlength: 300, value: given.note || "" });
    const button = (became, drawing) => h("button", { type: "button", class: "btn", "aria-pressed": String(given.became === became), onclick: async () => {
      await give({ kind: "decide", point: point.id, item: item.id, became, note: note.value.trim() });
      drawItem(point, item);
      foot();
    } }, icon(drawing), words[became], item.rule === became ? h("span", { class: "second" }, words.rule) : null);
    const raised = given.became === "order" || given.became === "hazard";
    return h("div", { class: "decision", role: "group", "aria-label": words.became }, h("strong", {}, words.became),
      raised ? badge(words[given.became], "blue", given.became === "order" ? "tools" : "alert-triangle")
        : [note, h("div", { class: "decision-ways" }, button("fixed", "check"), button("order", "tools"), button("hazard", "alert-triangle"))]);
  }

  function itemCard(point, item) {
    const given = answerOf(point, item) || {};
    const tone = given.passed === true ? "green" : given.passed === false ? "red" : "grey";
    return h("section", { class: `card card-body round-item tone-edge-${tone}`, id: `item-card-${item.id}` },
      h("h3", { id: `label-${item.id}` }, item.text, item.weight === "dangerous" ? badge(words.critical, "red", "alarm") : null),
      item.hint ? h("p", { class: "second" }, item.hint) : null,
      item.limits ? h("p", { class: "second" }, say(words.limits, item.limits)) : null,
      field(point, item), photo(point, item), decision(point, item));
  }

  function drawItem(point, item) {
    const card = document.getElementById(`item-card-${item.id}`);
    if (card && point === here) card.replaceWith(itemCard(point, item));
  }

  function page(point) {
    const leave = (state, drawing) => h("button", { type: "button", class: "btn", onclick: async () => {
      await give({ kind: "leave", point: point.id, state });
      show(state === "open" ? point : null);
    } }, icon(drawing), state === "open" ? words.again : words[state]);
    const out = point.state === "in_use" || point.state === "not_found";
    let section = null;
    const cards = items.flatMap((item) => {
      const head = item.section && item.section !== section ? [h("h2", { class: "round-section" }, item.section)] : [];
      section = item.section;
      return [...head, itemCard(point, item)];
    });
    return [
      h("div", { class: "round-here" }, h("span", { class: "round-number" }, String(point.order)),
        h("div", {}, h("h1", { class: "job-place", tabindex: "-1" }, point.name), h("span", { class: "second" }, point.where, point.code ? ` · ${point.code}` : ""))),
      h("div", { class: "act-grid mb-3" }, out ? leave("open", "refresh") : [leave("in_use", "lock"), leave("not_found", "help-circle")]),
      ...(out ? [] : cards),
    ];
  }

  // --- the bar at the bottom ---
  const bar = root.querySelector("[data-foot]");
  function foot() {
    const scan = h("button", { type: "button", class: "btn big-action", onclick: scanNow }, icon("qrcode"), root.dataset.scan);
    if (!here) {
      const next = nextOpen();
      const end = h("button", { type: "button", class: "btn btn-primary big-action", onclick: finish, disabled: finished }, icon("check"), root.dataset.finish);
      const on = next && h("a", { class: "btn btn-primary big-action", href: `#p${next.id}` }, icon("arrow-right"), words.next);
      bar.replaceChildren(scan, ...(next ? [on] : [end]));
      root.querySelector("[data-partly]").hidden = !next || finished || !counts().done;
      return;
    }
    root.querySelector("[data-partly]").hidden = true;
    const ready = here.state !== "open";
    const end = h("button", { type: "button", class: `btn big-action${ready ? " btn-primary" : ""}`, onclick: leavePoint }, icon("check"),
      ready ? words.point_done : say(words.missing, missing(here).length));
    bar.replaceChildren(scan, end);
  }

  async function leavePoint() {
    if (document.activeElement) document.activeElement.blur();
    const point = here;
    const first = missing(point)[0];
    const asks = undecided(point);
    for (const item of asks.filter((one) => one.rule !== "ask")) await give({ kind: "decide", point: point.id, item: item.id, became: item.rule, note: "" });
    const open = first && point.state === "open" ? first : asks.find((item) => item.rule === "ask");
    if (open && point.state !== "in_use" && point.state !== "not_found") {
      const card = document.getElementById(`item-card-${open.id}`);
      card.scrollIntoView({ block: "center" });
      card.classList.add("asked");
      return;
    }
    const next = nextOpen(point);
    location.hash = next ? `#p${next.id}` : "#list";
  }

  async function finish() {
    await give({ kind: "finish" });
    draw();
  }
  root.querySelector("[data-partly] button").addEventListener("click", finish);

  // --- scanning ---
  const dialog = root.querySelector("[data-scanner]");
  async function arrived(token) {
    const mark = await window.roundScan.fingerprint(token);
    const point = [...points.values()].find((one) => one.mark && one.mark === mark && one.state === "open") || [...points.values()].find((one) => one.mark && one.mark === mark);
    if (!point) return tell(words.unknown);
    await give({ kind: "reach", point: point.id, way: "scan", code: token });
    location.hash = `#p${point.id}`;
    return show(point);
  }
  async function typed(text) {
    const code = text.trim().toLowerCase();
    const token = window.roundScan.tokenOf(text);
    if (token) return arrived(token);
    const point = code && [...points.values()].find((one) => one.code.toLowerCase() === code || String(one.order) === code);
    if (!point) return tell(words.unknown);
    await give({ kind: "reach", point: point.id, way: "hand" });
    location.hash = `#p${point.id}`;
    return undefined;
  }
  function tell(text) {
    root.querySelector("[data-told]").textContent = text;
  }
  async function scanNow() {
    tell("");
    dialog.showModal();
    const without = (none) => {
      dialog.querySelector("video").hidden = none;
      dialog.querySelector("[data-no-camera]").hidden = !none;
      if (none) dialog.querySelector("input").focus();
    };
    without(!window.roundScan.able());
    if (!window.roundScan.able()) return undefined;
    try {
      const token = await window.roundScan.read(dialog);
      dialog.close();
      if (token) await arrived(token);
    } catch {
      without(true);
    }
    return undefined;
  }
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = dialog.querySelector("input");
    dialog.close();
    typed(input.value);
    input.value = "";
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());

  // --- what waits ---
  function badgeOf(rows) {
    const mark = root.querySelector("[data-waits]");
    const waiting = rows.filter((row) => row.state === store.WAITING).length;
    refused = rows.filter((row) => row.state === store.REFUSED && row.round === sheet.round);
    mark.className = `state tone-${waiting ? "amber" : "green"}`;
    mark.replaceChildren(icon(waiting ? "cloud-off" : "check"), waiting === 1 ? words.one_waits : waiting ? say(words.waits, waiting) : words.sent);
    root.querySelector("[data-refused]").replaceChildren(...refused.map((row) => {
      const point = points.get(row.entry.point);
      return h("div", { class: "notice tone-red" }, icon("alert-triangle"),
        h("span", {}, `${words.refused}: ${point ? point.name : ""} ${row.why}`),
        h("button", { type: "button", class: "btn btn-sm", onclick: async () => { await store.drop(row.id); badgeOf(await store.all(sheet.user)); } }, words.forget));
    }));
  }

  let again = false;
  let sending = false;
  async function send() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    const result = await store.flush(sheet.user, urls.who);
    sending = false;
    const rows = await store.all(sheet.user);
    badgeOf(rows);
    for (const row of rows) if (row.state === store.TAKEN && row.answer && row.answer.order) numbered(row);
    root.querySelector("[data-signed-out]").hidden = result !== "signed-out";
    root.querySelector("[data-barred]").hidden = result !== "barred";
    if (result === "other") return location.reload();
    const over = rows.find((row) => row.round === sheet.round && row.entry.kind === "finish");
    if (over && over.state === store.TAKEN) return location.assign(urls.here.split("#")[0]);
    if (over && over.state === store.REFUSED) finished = false;
    if (again) {
      again = false;
      return send();
    }
    return undefined;
  }
  function numbered(row) {
    const given = answers.get(`${row.entry.point}.${row.entry.item}`);
    if (!given || given.number) return;
    given.number = row.answer.order;
    if (here && here.id === row.entry.point) drawItem(here, items.find((item) => item.id === row.entry.item));
  }

  function show(point) {
    here = point;
    draw();
    window.scrollTo(0, 0);
  }
  function draw() {
    view.replaceChildren(...(here ? page(here) : list()).filter(Boolean));
    root.classList.toggle("at-point", !!here);
    foot();
  }
  function follow() {
    const scan = location.hash.match(/^#scan=(.+)$/);
    if (scan) return arrived(scan[1]);
    const asked = location.hash.match(/^#p(\d+)$/);
    return show(asked ? points.get(Number(asked[1])) || null : null);
  }

  async function begin() {
    for (const point of points.values()) if (!["in_use", "not_found"].includes(point.state)) restate(point);
    const rows = await store.all(sheet.user);
    for (const row of rows) {
      const known = row.state === store.TAKEN && row.taken && row.taken <= sheet.made;
      if (row.round === sheet.round && row.state !== store.REFUSED && !known) apply(row.entry);
    }
    window.addEventListener("hashchange", follow);
    await follow();
    window.addEventListener("online", send);
    setInterval(send, 15000);
    await store.tidy(sheet.user);
    await send();
    const parts = await window.roundScan.parts();
    const keep = () => store.keep(sheet.user, urls.here, urls.worker, parts);
    window.addEventListener("online", keep); // the network may have gone before everything was there
    await keep();
  }
  begin();
})();
