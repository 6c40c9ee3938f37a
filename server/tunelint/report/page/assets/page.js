// Draws the plots of a report from its data, and makes its tables and buttons work. The same in every report: no value of a
// dataset is ever part of it. In an editor's web view it asks the editor to open places.
"use strict";
(() => {
  const { plots } = JSON.parse(document.getElementById("data").textContent);
  const editor = typeof acquireVsCodeApi === "function" ? acquireVsCodeApi() : null;
  const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
  const money = new Intl.NumberFormat("en", { style: "currency", currency: "USD", notation: "compact", maximumFractionDigits: 1 });
  const colour = (index) => `var(--c${index})`;
  const shapes = ["circle", "triangle", "square", "diamond", "cross", "wye", "star"];
  // A group has a colour and a shape: the first seven differ in both, and so do neighbours among all others.
  const shapeOf = (group) => (group + Math.floor(group / 7)) % 7;
  const dashes = ["none", "7 4", "2 3", "10 3 2 3", "4 2"];

  const frame = (width, height, more) => ({
    width,
    height,
    marginLeft: 56,
    marginRight: 24,
    marginBottom: 42,
    marginTop: 28,
    className: "drawn",
    style: { background: "transparent", color: "currentColor" },
    ...more,
  });

  const draw = {
    lengths({ bars, parts, log, limits }, width) {
      const most = new Map(parts.map((part) => [part, Math.max(...bars.filter((bar) => bar.part === part).map((bar) => bar.records))]));
      const shown = bars.map((bar) => ({ ...bar, from: log ? Math.max(bar.from, 1) : bar.from, height: bar.records / most.get(bar.part) }));
      return Plot.plot(frame(width, 70 + 86 * parts.length, {
        marginTop: 34,
        marginLeft: 24,
        x: { label: "tokens", type: log ? "log" : "linear", tickFormat: (value) => short.format(value), grid: true, ticks: width < 500 ? 4 : 8 },
        y: { axis: null, domain: [0, 1] },
        fy: { axis: null, domain: parts, padding: 0.25 },
        marks: [
          Plot.rectY(shown, {
            x1: "from", x2: "to", y: "height", fy: "part", insetLeft: 0.5, insetRight: 0.5,
            fill: (bar) => colour(parts.indexOf(bar.part) % 7), className: "bars", tip: false,
            title: (bar) => `${bar.part}: ${number.format(bar.records)} records of ${number.format(bar.from)} to ${number.format(bar.to - 1)} tokens`,
          }),
          Plot.ruleY([0]),
          Plot.text(parts, { fy: (part) => part, text: (part) => part, frameAnchor: "top-right", fontWeight: 650, stroke: "var(--card)", strokeWidth: 4, fill: "currentColor" }),
          Plot.ruleX(limits, { x: "tokens", stroke: "currentColor", strokeDasharray: "5 3" }),
          Plot.text(limits, { x: "tokens", text: "label", frameAnchor: "top", dy: -14, fy: () => parts[0], clip: false }),
        ],
      }));
    },

    map({ points, groups }, width, path) {
      const ringed = points.filter((point) => point.mark);
      const side = Math.min(width, 620);
      const words = (point) => [groups[point.group], point.mark ? `(${point.mark})` : "", `line ${point.line}`, "", point.text].join("\n").replace("\n\n", "\n");
      const svg = Plot.plot(frame(width, side, {
        margin: 12, marginLeft: 12, marginRight: 12, marginTop: 12, marginBottom: 12,
        x: { axis: null, domain: [0, 1] },
        y: { axis: null, domain: [0, 1] },
        marks: [
          shapes.map((symbol, shape) => Plot.dot(points.filter((point) => shapeOf(point.group) === shape), {
            x: "x", y: "y", symbol, r: 4, fill: (point) => colour(point.group % 7), fillOpacity: 0.85, className: "points",
          })),
          Plot.dot(ringed, {
            x: "x", y: "y", r: 7, stroke: "currentColor", strokeWidth: 1.6, className: "rings",
            strokeDasharray: "none",
          }),
          Plot.tip(points, Plot.pointer({ x: "x", y: "y", title: words, lineWidth: 24, fill: "var(--card)", stroke: "var(--soft)", maxRadius: 24 })),
        ],
      }));
      svg.addEventListener("click", () => {
        const point = svg.value;
        if (point && point.line && path) open(path, point.line, 1);
      });
      return svg;
    },

    duplicates({ bars }, width) {
      const names = bars.map((_, index) => String(index));
      return Plot.plot(frame(width, 40 + 26 * bars.length, {
        marginLeft: 12, marginTop: 8, marginRight: 40,
        x: { label: "records in the cluster", grid: true, tickFormat: (value) => (Number.isInteger(value) ? number.format(value) : "") },
        y: { axis: null, domain: names },
        marks: [
          Plot.barX(bars, { x: "records", y: (_, index) => String(index), fill: colour(5), fillOpacity: 0.55, insetTop: 2, insetBottom: 2, className: "bars" }),
          Plot.text(bars, { x: 0, y: (_, index) => String(index), text: (bar) => clip(bar.text || `line ${bar.line}`, width / 8.5), textAnchor: "start", dx: 6, fill: "currentColor" }),
          Plot.text(bars, { x: "records", y: (_, index) => String(index), text: (bar) => number.format(bar.records), textAnchor: "start", dx: 5, fontWeight: 650 }),
        ],
      }));
    },

    overlap({ bars }, width) {
      const kinds = ["prompts", "examples"];
      const rows = bars.flatMap((bar) => kinds.map((kind) => ({ pair: bar.pair, kind, share: bar.records ? bar[kind] / bar.records : 0, count: bar[kind] })));
      return Plot.plot(frame(width, 50 + 64 * bars.length, {
        marginLeft: 12, marginRight: 90, marginTop: 20,
        x: { label: "share of the records of the first file", percent: true, domain: [0, Math.max(1, ...rows.map((row) => row.share * 100))], grid: true },
        y: { axis: null, domain: kinds },
        fy: { axis: null, domain: bars.map((bar) => bar.pair), padding: 0.35 },
        marks: [
          Plot.barX(rows, { x: "share", y: "kind", fy: "pair", fill: (row) => colour(kinds.indexOf(row.kind)), className: "bars" }),
          Plot.text(rows, { x: "share", y: "kind", fy: "pair", text: (row) => `${number.format(row.count)} ${row.kind}`, textAnchor: "start", dx: 5 }),
          Plot.text(bars, { frameAnchor: "top-left", fy: "pair", text: "pair", dy: -13, fontWeight: 650 }),
        ],
      }));
    },

    curve({ points, floor, score }, width) {
      const learners = [...new Set(points.map((point) => point.learner))];
      const index = (point) => learners.indexOf(point.learner);
      return Plot.plot(frame(width, 340, {
        x: { type: "log", label: "examples", grid: true, ticks: [...new Set(points.map((point) => point.examples))], tickFormat: (value) => number.format(value) },
        y: { label: score, percent: true, domain: [0, 100], grid: true },
        marks: [
          Plot.ruleY([floor], { stroke: "currentColor", strokeDasharray: "4 4" }),
          Plot.areaY(points, { x: "examples", y1: "low", y2: "high", z: "learner", fill: (point) => colour(index(point)), fillOpacity: 0.15 }),
          learners.map((learner, place) => Plot.line(points.filter((point) => point.learner === learner), {
            x: "examples", y: "score", stroke: colour(place), strokeWidth: 2.2, strokeDasharray: dashes[place], className: "lines",
          })),
          Plot.dot(points, { x: "examples", y: "score", symbol: (point) => shapes[index(point)], fill: (point) => colour(index(point)), r: 4, className: "points",
            title: (point) => `${point.learner}, ${number.format(point.examples)} examples: ${(100 * point.score).toFixed(1)}% (${(100 * point.low).toFixed(1)} to ${(100 * point.high).toFixed(1)})` }),
          Plot.text([floor], { y: (value) => value, frameAnchor: "left", text: () => "without the request", textAnchor: "start", dy: -9, dx: 6, stroke: "var(--card)", strokeWidth: 4, fill: "currentColor" }),
        ],
      }));
    },

    money({ points, ways, even, now, months }, width) {
      const index = (point) => ways.indexOf(point.way);
      return Plot.plot(frame(width, 380, {
        x: { type: "log", label: "calls a month", tickFormat: (value) => short.format(value), ticks: [1e2, 1e3, 1e4, 1e5, 1e6, 1e7], grid: true },
        y: { type: "log", label: `US dollars over ${months} months`, tickFormat: (value) => money.format(value), ticks: 5, grid: true },
        marks: [
          Plot.areaY(points.filter((point) => point.low > 0), { x: "calls", y1: "low", y2: "high", z: "way", fill: (point) => colour(index(point)), fillOpacity: 0.15 }),
          ways.map((way, place) => Plot.line(points.filter((point) => point.way === way), {
            x: "calls", y: "usd", stroke: colour(place), strokeWidth: 2.4, strokeDasharray: dashes[place % dashes.length], className: "lines",
          })),
          now ? Plot.ruleX([now], { stroke: "currentColor", strokeDasharray: "2 4" }) : null,
          now ? Plot.text([now], { x: (value) => value, frameAnchor: "top", text: () => "your calls", dy: -8 }) : null,
          Plot.dot(even, { x: "calls", y: "usd", r: 6, stroke: "currentColor", strokeWidth: 2, fill: "var(--card)", className: "even" }),
          Plot.text(even, { x: "calls", y: "usd", text: (one) => `even at ${number.format(one.calls)}`, dy: -16, fontWeight: 650, stroke: "var(--card)", strokeWidth: 4, fill: "currentColor" }),
        ],
      }));
    },

    memory({ parts, low, high, gpu, name }, width) {
      let start = 0;
      const boxes = parts.map((part, index) => ({ ...part, from: start, to: (start += part.gb), index }));
      const most = Math.max(high, gpu || 0) * 1.05;
      const wide = boxes.filter((box) => ((box.to - box.from) / most) * width > 8 * box.part.length);
      return Plot.plot(frame(width, 130, {
        marginLeft: 12, marginTop: 34,
        x: { label: "GB of one GPU", domain: [0, most], grid: true },
        y: { axis: null },
        marks: [
          Plot.barX(boxes, { x1: "from", x2: "to", fill: (box) => colour(box.index % 8), fillOpacity: 0.8, insetLeft: 0.5, className: "bars", title: (box) => `${box.part}: ${box.gb.toFixed(2)} GB` }),
          Plot.text(wide, { x: (box) => (box.from + box.to) / 2, text: "part", fill: "var(--ink)", stroke: "var(--card)", strokeWidth: 3 }),
          Plot.ruleX([low, high], { stroke: "currentColor", strokeDasharray: "2 3" }),
          gpu ? Plot.ruleX([gpu], { stroke: "var(--bad)", strokeWidth: 2.5 }) : null,
          gpu ? Plot.text([gpu], { x: (value) => value, frameAnchor: "top", text: () => `${name}, ${gpu} GB`, dy: -14, textAnchor: gpu / most > 0.7 ? "end" : "middle" }) : null,
        ],
      }));
    },
  };

  function clip(text, most) {
    return text.length <= most ? text : `${text.slice(0, Math.max(most - 1, 1))}…`;
  }

  function open(path, line, column) {
    if (editor) editor.postMessage({ command: "open", path, line, column });
    else location.href = `vscode://file${path.startsWith("/") ? "" : "/"}${encodeURI(path.replaceAll("\\", "/")).replace(/[?#]/g, encodeURIComponent)}:${line}:${column}`;
  }

  function follow(link) {
    if (link && editor) {
      editor.postMessage({ command: "open", path: link.dataset.path, line: Number(link.dataset.line), column: Number(link.dataset.column) });
    }
  }

  function drawAll() {
    for (const { section, kind, path, data } of plots) {
      const place = document.querySelector(`#${section} .plot`);
      const width = Math.max(Math.floor(place.clientWidth), 280);
      if (place.dataset.width === String(width)) continue;
      place.dataset.width = String(width);
      const drawn = draw[kind](data, width, path);
      for (const svg of [drawn, ...drawn.querySelectorAll("svg")]) if (svg.tagName === "svg") svg.setAttribute("aria-hidden", "true");
      place.replaceChildren(drawn);
    }
  }

  function filter(section) {
    const wanted = section.querySelector("[data-search]").value.trim().toLowerCase().split(/\s+/);
    const only = section.querySelector("[data-only]").checked;
    let shown = 0;
    for (const row of section.querySelectorAll(".records tbody tr")) {
      const text = row.textContent.toLowerCase();
      const place = row.querySelector("a");
      const fits = wanted.every((word) => text.includes(word) || (place && place.dataset.line === word)) && (!only || row.dataset.worst !== "4");
      row.hidden = !fits;
      shown += fits;
    }
    section.querySelector("output").textContent = `${number.format(shown)} shown`;
  }

  async function copy(button) {
    const text = button.parentElement.querySelector("pre");
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
    } catch {
      const range = document.createRange();
      range.selectNodeContents(text);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      button.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => (button.textContent = "Copy"), 3000);
  }

  document.addEventListener("input", (event) => {
    const controls = event.target.closest(".controls");
    if (controls) filter(controls.closest("section"));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
    follow(event.target.closest("a[data-line]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter") follow(event.target.closest("a[data-line]"));
  });
  // An editor opens every address that is clicked in its web views, whatever the page says: there places have none.
  if (editor) {
    for (const link of document.querySelectorAll("a[data-line]")) {
      link.removeAttribute("href");
      link.setAttribute("role", "link");
      link.tabIndex = 0;
    }
  }
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });
  let waiting = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(drawAll);
  });
  drawAll();
})();
