// Draws what ui/charts.py describes: SVG, colours of the theme, names at the lines instead of a legend, the running period dashed.
(() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const others = () => ["#7a6aa8", "#b0722f", "#5a7d4d", "#9a5b73", "#4f6f8f"];

  function axes(data, ink, line) {
    const names = { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: ink, hideOverlap: true } };
    const whole = data.unit === "%" && data.series.every((one) => one.values.every((value) => (value?.value ?? value ?? 0) <= 100)); // no share is more than all
    const counts = data.unit === "" && data.series.every((one) => one.values.every((value) => Number.isInteger(value?.value ?? value ?? 0)));
    const values = { type: "value", ...(counts ? { minInterval: 1 } : {}), scale: data.kind === "line", ...(whole ? { max: 100, min: ["line", "dots"].includes(data.kind) ? (seen) => 5 * Math.floor(Math.min(seen.min, data.target ?? 100) / 5) : 0 } : {}), splitLine: { lineStyle: { color: line } }, axisLabel: { color: ink }, name: data.unit, nameTextStyle: { color: ink, align: "right" } };
    if (data.kind !== "sorted-bars") return { xAxis: names, yAxis: values };
    return { xAxis: { ...values, name: "" }, yAxis: { ...names, inverse: true } };
  }

  function line(data, series, color, ink) {
    const last = series.values.length - 1;
    const full = { type: "line", name: series.name, data: series.values, symbol: "circle", symbolSize: 5, lineStyle: { width: 2 }, itemStyle: { color }, emphasis: { disabled: true }, labelLayout: { moveOverlap: "shiftY" }, endLabel: { show: data.series.length > 1, formatter: "{a}", color: ink } };
    if (!data.running || last < 1) return [full];
    const open = series.values.map((value, index) => (index < last - 1 ? null : value));
    const closed = series.values.map((value, index) => (index === last ? null : value));
    return [
      { ...full, data: closed, endLabel: { show: false } },
      { ...full, data: open, lineStyle: { width: 2, type: "dashed" } },
    ];
  }

  function bars(data, series, color, ink) {
    const last = series.values.length - 1;
    const open = (index) => data.running && index === last;
    const values = series.values.map((value, index) => ({ value, itemStyle: open(index) ? { color: "transparent", borderColor: color, borderType: "dashed", borderWidth: 1.5 } : { color } }));
    const position = data.kind === "sorted-bars" ? "right" : "top";
    return [{ type: "bar", name: series.name, data: values, barMaxWidth: 28, emphasis: { disabled: true }, label: { show: data.labels.length <= 16, position, color: ink } }];
  }

  function options(data) {
    const ink = css("--ink-2");
    const grid = css("--line");
    const palette = [css("--accent"), ...others()];
    if (data.kind === "dots") {
      const { xAxis, yAxis } = axes(data, ink, grid);
      return { animation: false, textStyle: { fontFamily: css("--tblr-font-sans-serif") }, grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true }, xAxis: { ...xAxis, axisLabel: { ...xAxis.axisLabel, show: data.labels.length <= 8 } }, yAxis: { ...yAxis, scale: true }, series: dots(data, palette[0], ink) };
    }
    const draw = data.kind === "line" ? line : bars;
    const series = data.series.flatMap((one, index) => draw(data, one, one.own ? palette[0] : palette[index % palette.length], ink));
    if (data.target !== null && series.length) {
      const along = data.kind === "sorted-bars" ? { xAxis: data.target } : { yAxis: data.target };
      series[0].markLine = { silent: true, symbol: "none", data: [along], lineStyle: { color: ink, type: "dotted" }, label: { formatter: data.targetName, color: ink, position: "insideStartTop" } };
    }
    const many = data.kind === "line" && data.series.length > 1;
    return { animation: false, textStyle: { fontFamily: css("--tblr-font-sans-serif") }, grid: { left: 8, right: many ? 96 : 48, top: 32, bottom: 8, containLabel: true }, ...axes(data, ink, grid), series: bounds(data, series, ink) };
  }

  // The lines between which a course is left to chance, and the points where it is more.
  function bounds(data, series, ink) {
    const found = data.bounds;
    if (!found) return series;
    const limit = (values) => ({ type: "line", data: values, step: "middle", symbol: "none", silent: true, lineStyle: { width: 1, type: "dashed", color: ink }, emphasis: { disabled: true } });
    const own = series[0];
    own.markPoint = { silent: true, symbol: "circle", symbolSize: 13, itemStyle: { color: "transparent", borderColor: css("--red"), borderWidth: 2.5 }, label: { show: false }, data: found.marks.map((at) => ({ coord: [data.labels[at], data.series[0].values[at]] })) };
    const middle = { yAxis: found.middle, name: found.middleName, label: { formatter: found.middleName, color: ink, position: "insideEndTop" }, lineStyle: { color: ink, type: "solid", width: 1 } };
    own.markLine = { silent: true, symbol: "none", ...own.markLine, data: [...(own.markLine?.data ?? []), middle] };
    return [...series, limit(found.lower), limit(found.upper)];
  }

  // Side by side, from the best: a dot each, its band behind it, the marked one large and named, the middle of the peers.
  function dots(data, accent, ink) {
    const values = data.series[0].values;
    const marked = new Set(data.bounds?.marks ?? []);
    const point = (value, index) => ({ value, symbolSize: marked.has(index) ? 16 : values.length > 80 ? 6 : 9, itemStyle: { color: marked.has(index) ? css("--amber") : accent, borderColor: marked.has(index) ? ink : "transparent", borderWidth: 1.5 }, label: { show: marked.has(index), position: "top", formatter: data.labels[index], color: css("--ink"), fontWeight: 600, padding: [1, 4], backgroundColor: css("--surface") } });
    const scatter = { type: "scatter", z: 3, data: values.map(point), emphasis: { disabled: true } };
    const lines = data.bounds?.middle === undefined ? [] : [{ yAxis: data.bounds.middle, label: { formatter: data.bounds.middleName, color: ink, position: "insideEndTop" }, lineStyle: { color: ink, type: "solid" } }];
    if (data.target !== null) lines.push({ yAxis: data.target, label: { formatter: data.targetName, color: ink, position: "insideStartTop" }, lineStyle: { color: ink, type: "dotted" } });
    scatter.markLine = { silent: true, symbol: "none", data: lines };
    const low = data.bounds?.lower ?? [], high = data.bounds?.upper ?? [];
    if (!low.some((value) => value !== null)) return [scatter];
    const band = { type: "bar", stack: "band", silent: true, barWidth: 3, emphasis: { disabled: true } };
    return [
      { ...band, data: low, itemStyle: { color: "transparent" } },
      { ...band, data: low.map((value, index) => (value === null ? null : high[index] - value)), itemStyle: { color: accent, opacity: 0.3 } },
      scatter,
    ];
  }

  const drawn = new Map();
  function draw(box) {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    if (data.kind === "sorted-bars") box.classList.add(`rows-${Math.min(4, Math.ceil(data.labels.length / 8))}`);
    const chart = drawn.get(box) ?? echarts.init(box, null, { renderer: "svg" });
    drawn.set(box, chart);
    chart.setOption(options(data), true);
  }

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  drawAll();
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  document.addEventListener("htmx:afterSettle", drawAll);
  new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
