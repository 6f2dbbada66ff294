"use strict";
(() => {
  const MOST = 500;
  const SVG = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("data").textContent);
  const tensors = data.tensors, widths = data.family.map(member => member.width);
  const $ = id => document.getElementById(id);
  const element = (tag, words, styleClass) => {
    const made = document.createElement(tag);
    if (words !== undefined) made.textContent = words;
    if (styleClass) made.className = styleClass;
    return made;
  };
  const number = v => v === null || v === undefined ? "–" : v === 0 ? "0"
    : Math.abs(v) >= 1e-3 && Math.abs(v) < 1e5 ? String(Number(v.toPrecision(4))) : v.toExponential(3);
  const signed = v => (v < 0 ? "−" : "+") + Math.abs(v).toFixed(3);
  const exponent = size => size && size.exponent !== undefined && size.exponent !== null
    ? signed(size.exponent) + " ± " + (size.error === null ? "–" : size.error.toFixed(3)) : "–";
  const RANK = { fails: 0, undecided: 1, holds: 2 };
  const off = t => Math.abs(t.sizes[t.judged].exponent ?? 0);
  const orders = {
    network: () => 0,
    verdict: (a, b) => RANK[a.verdict] - RANK[b.verdict],
    exponent: (a, b) => off(b) - off(a),
    name: (a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  };
  const updates = tensors.some(t => t.update_judged);
  let chosen = -1;

  const refresh = () => {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = tensors.map((t, i) => i).filter(i => words.every(w => tensors[i].search.includes(w)));
    const order = orders[$("order").value];
    shown.sort((a, b) => order(tensors[a], tensors[b]) || a - b);
    $("rows").replaceChildren(...shown.slice(0, MOST).map(i => {
      const t = tensors[i], row = element("tr");
      row.setAttribute("aria-selected", String(i === chosen));
      const button = element("button", t.name);
      button.type = "button";
      button.addEventListener("click", () => {
        chosen = i;
        refresh();
        /* The rows are new ones, and the one that was pressed is gone with the focus. */
        document.querySelector("#rows tr[aria-selected=true] button")?.focus({ preventScroll: true });
        describe();
      });
      const head = element("td");
      head.append(button);
      row.append(head, element("td", t.layer), element("td", exponent(t.sizes[t.judged])));
      if (updates) row.append(element("td", t.update_judged ? exponent(t.sizes[t.update_judged]) : "–"));
      row.append(element("td", t.verdict, t.verdict === "fails" ? "out" : ""));
      return row;
    }));
    $("more").textContent = shown.length > MOST ? shown.length - MOST + " more: search, or sort otherwise" : "";
    $("more").hidden = shown.length <= MOST;
    $("count").textContent = shown.length + " of " + tensors.length + " tensors";
  };

  /* A size over width, both logarithmic, with the power law through it. */
  const plot = size => {
    const points = widths.map((w, i) => [Math.log2(w), size.values[i]]).filter(p => p[1] > 0).map(p => [p[0], Math.log2(p[1])]);
    if (points.length < 2) return element("p", "Zero or not finite at some width: nothing to draw.", "note");
    const drawn = (tag, attributes, words) => {
      const made = document.createElementNS(SVG, tag);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      if (words) made.textContent = words;
      return made;
    };
    const xs = points.map(p => p[0]), ys = points.map(p => p[1]);
    const left = Math.min(...xs), right = Math.max(...xs);
    const middle = (Math.min(...ys) + Math.max(...ys)) / 2;
    const half = Math.max(1, (Math.max(...ys) - Math.min(...ys)) / 2 * 1.2);
    const x = v => 60 + 280 * (v - left) / (right - left || 1);
    const y = v => 85 - 65 * (v - middle) / half;
    const svg = drawn("svg", { viewBox: "0 0 360 190", role: "img", "aria-label": "size over width, logarithmic" });
    for (const v of [middle - half, middle, middle + half]) {
      svg.append(drawn("line", { x1: 52, x2: 350, y1: y(v), y2: y(v), class: "axis" }),
        drawn("text", { x: 48, y: y(v) + 4, "text-anchor": "end" }, number(2 ** v)));
    }
    let last = -Infinity;
    points.forEach(p => {
      if (x(p[0]) - last < 34) return;
      last = x(p[0]);
      svg.append(drawn("text", { x: last, y: 180, "text-anchor": "middle" }, String(Math.round(2 ** p[0]))));
    });
    if (size.exponent !== undefined && size.exponent !== null) {
      const mx = xs.reduce((a, b) => a + b) / xs.length, my = ys.reduce((a, b) => a + b) / ys.length;
      const at = v => y(my + size.exponent * (v - mx));
      svg.append(drawn("line", { x1: x(left), x2: x(right), y1: y(my), y2: y(my), class: "predicted" }));
      svg.append(drawn("line", { x1: x(left), x2: x(right), y1: at(left), y2: at(right), class: "fit" }));
    }
    points.forEach(p => svg.append(drawn("circle", { cx: x(p[0]), cy: y(p[1]), r: 3.5, class: "point" })));
    return svg;
  };
  const describe = () => {
    const t = tensors[chosen];
    if (!t) {
      $("details").replaceChildren(element("p", "Choose a tensor to see every size of it over width.", "note"));
      return;
    }
    const parts = [];
    const heading = element("h2");
    heading.append(element("span", t.name, "name"));
    parts.push(heading, element("p", t.role + ", " + t.layer + "; Condition 1: " + t.verdict, t.verdict === "fails" ? "out" : "note"));
    for (const [what, key] of [["Weight: size over target", t.judged], ["Update: size over target", t.update_judged]]) {
      if (key) parts.push(element("h2", what), plot(t.sizes[key]));
    }
    if (t.judged || t.update_judged) parts.push(element("p", "Logarithmic; dashed is flat, which Condition 1 asks for.", "note"));
    const dl = element("dl");
    const pair = (key, value) => {
      const div = element("div");
      div.append(element("dt", key), element("dd", value));
      dl.append(div);
    };
    pair("shapes", t.shapes.join(" "));
    for (const [key, size] of Object.entries(t.sizes)) {
      pair(key.replaceAll("_", " "), exponent(size)
        + (size.low === undefined || size.low === null ? "" : ", 95 % in " + signed(size.low) + " … " + signed(size.high))
        + "; " + size.values.map(number).join(", "));
    }
    parts.push(element("h2", "Exponents of width, and the sizes"), dl);
    $("details").replaceChildren(...parts);
  };

  for (const t of tensors) t.search = [t.name, t.role, t.layer, t.verdict].join(" ").toLowerCase();
  $("updateHead").hidden = !updates;
  $("partial").hidden = !data.partial;
  const counts = verdict => tensors.filter(t => t.verdict === verdict).length;
  $("summary").textContent = tensors.length + " tensors at " + new Set(widths).size + " widths; Condition 1 holds of "
    + counts("holds") + ", fails of " + counts("fails") + ", undecided of " + counts("undecided")
    + " (an exponent of size over target within ±" + data.tolerance + " of 0).";
  data.resemblance.forEach(words => $("resemblance").append(element("li", words)));
  $("members").textContent = widths.length + " checkpoints";
  data.family.forEach(m => $("memberList").append(element("li", "width " + m.width + ": " + m.checkpoint)));
  $("skipped").hidden = data.skipped.length === 0;
  $("skippedCount").textContent = data.skipped.length + " not followed";
  data.skipped.forEach(s => $("skippedList").append(element("li", s.name + ": " + s.reason)));
  $("search").addEventListener("input", refresh);
  $("order").addEventListener("change", refresh);
  /* To begin with, the one that is furthest off. */
  tensors.forEach((t, i) => { if (chosen < 0 || orders.verdict(t, tensors[chosen]) < 0
    || (t.verdict === tensors[chosen].verdict && off(t) > off(tensors[chosen]))) chosen = i; });
  refresh();
  describe();
})();
