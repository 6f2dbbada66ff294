"use strict";
(() => {
  const ROW = 28;
  const data = JSON.parse(document.getElementById("data").textContent);
  const tensors = data.tensors;
  const $ = id => document.getElementById(id);
  const element = (tag, words, styleClass) => {
    const made = document.createElement(tag);
    if (words !== undefined) made.textContent = words;
    if (styleClass) made.className = styleClass;
    return made;
  };
  const [low, high] = data.band;
  const state = { of: "weight", query: "", order: "network", outOnly: false, chosen: -1 };
  let shown = [];

  const multiple = t => state.of === "update" ? t.update_multiple : t.multiple;
  const sized = t => { const m = multiple(t); return m !== null && m > 0 ? m : null; };
  const off = t => {
    const m = multiple(t);
    return m !== null && (m > high || (m < low && !(t.may_be_small && state.of === "weight")));
  };
  /* A tensor may be as large as it should be while a map that it holds is not. */
  const beyond = t => off(t) || t.maps_out[state.of];
  const number = v => {
    if (v === null || v === undefined) return "–";
    if (v === 0) return "0";
    const size = Math.abs(v);
    return size >= 1e-3 && size < 1e5 ? String(Number(v.toPrecision(4))) : v.toExponential(3);
  };
  const told = t => {
    const sizes = state.of === "update" ? t.update : t.sizes;
    if (!sizes) return "no update";
    if (sizes.non_finite > 0) return "not finite";
    return multiple(t) === 0 ? "zero" : number(multiple(t));
  };

  /* The logarithmic scale that bars share: whole decades around all sizes and the band. */
  let floor = -1, ceiling = 1;
  const rescale = () => {
    let least = Math.log10(low), most = Math.log10(high);
    for (const t of tensors) {
      const m = sized(t);
      if (m !== null) { const l = Math.log10(m); least = Math.min(least, l); most = Math.max(most, l); }
    }
    floor = Math.max(-12, Math.floor(least));
    ceiling = Math.min(12, Math.ceil(most));
  };
  const place = m => Math.min(1, Math.max(0, (Math.log10(m) - floor) / (ceiling - floor)));

  /* The overview: one bar a tensor in network order, the one furthest off where pixels are fewer. */
  const chart = $("chart");
  const margin = { left: 46, right: 6, top: 8, bottom: 8 };
  const column = (index, width) => margin.left + (index + .5) * (width - margin.left - margin.right) / tensors.length;
  const draw = () => {
    const ratio = window.devicePixelRatio || 1;
    const width = chart.clientWidth, height = chart.clientHeight;
    chart.width = Math.round(width * ratio);
    chart.height = Math.round(height * ratio);
    const g = chart.getContext("2d");
    g.scale(ratio, ratio);
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    const y = m => height - margin.bottom - place(m) * (height - margin.top - margin.bottom);
    g.fillStyle = colour("--band");
    g.fillRect(margin.left, y(high), width - margin.left - margin.right, y(low) - y(high));
    g.font = "12px " + colour("--sans");
    g.textAlign = "right";
    g.textBaseline = "middle";
    const step = Math.max(1, Math.ceil((ceiling - floor) / 6));
    for (let e = floor; e <= ceiling; e += step) {
      g.fillStyle = colour("--rule");
      g.fillRect(margin.left, Math.round(y(10 ** e)), width - margin.left - margin.right, 1);
      g.fillStyle = colour("--muted");
      g.fillText(Math.abs(e) <= 3 ? String(Number((10 ** e).toPrecision(1))) : "1e" + e, margin.left - 6, y(10 ** e));
    }
    const inBand = colour("--in"), out = colour("--out");
    const pitch = (width - margin.left - margin.right) / tensors.length;
    const bar = Math.max(1, Math.min(14, pitch * .8));
    const visible = new Set(shown);
    const base = y(1);
    for (const pass of [false, true]) {
      tensors.forEach((t, i) => {
        const m = sized(t);
        if (m === null || beyond(t) !== pass) return;
        g.globalAlpha = visible.size === tensors.length || visible.has(i) ? 1 : .2;
        g.fillStyle = pass ? out : inBand;
        const top = y(m);
        g.fillRect(column(i, width) - bar / 2, Math.min(top, base), bar, Math.max(1, Math.abs(top - base)));
      });
    }
    g.globalAlpha = 1;
    g.fillStyle = colour("--ink");
    g.fillRect(margin.left, Math.round(base) - .5, width - margin.left - margin.right, 1);
    if (state.chosen >= 0) {
      g.fillRect(column(state.chosen, width) - .5, margin.top, 1, height - margin.top - margin.bottom);
    }
    const t = tensors[state.chosen];
    chart.setAttribute("aria-valuenow", String(state.chosen + 1));
    chart.setAttribute("aria-valuetext", t ? t.name + ": " + told(t) : "none chosen");
  };

  /* The list: only the rows that can be seen are in the document. */
  const list = $("list"), rows = $("rows");
  const fill = () => {
    rows.style.height = shown.length * ROW + "px";
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 4);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 4);
    const made = [];
    for (let at = first; at < last; at++) {
      const index = shown[at], t = tensors[index];
      const row = element("div", undefined, "row");
      row.id = "row-" + index;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(index === state.chosen));
      row.setAttribute("aria-setsize", String(shown.length));
      row.setAttribute("aria-posinset", String(at + 1));
      row.style.top = at * ROW + "px";
      row.dataset.index = String(index);
      const name = element("span", t.name, "name");
      name.title = t.name;
      const scale = element("span", undefined, "scale");
      const m = sized(t);
      if (m !== null) {
        const bar = element("span", undefined, beyond(t) ? "bar beyond" : "bar");
        const reach = Math.max(-1, Math.min(1, Math.log10(m) / Math.max(ceiling, -floor)));
        bar.style.left = 50 + 50 * Math.min(0, reach) + "%";
        bar.style.width = Math.max(1, 50 * Math.abs(reach)) + "%";
        scale.append(bar);
      }
      row.append(name, scale, element("span", told(t), beyond(t) || told(t) === "not finite" ? "value out" : "value"));
      made.push(row);
    }
    rows.replaceChildren(...made);
    const chosen = shown.includes(state.chosen);
    if (chosen) list.setAttribute("aria-activedescendant", "row-" + state.chosen);
    else list.removeAttribute("aria-activedescendant");
  };

  const orders = {
    network: () => 0,
    largest: (a, b) => (sized(b) ?? -1) - (sized(a) ?? -1),
    smallest: (a, b) => (sized(a) ?? Infinity) - (sized(b) ?? Infinity),
    furthest: (a, b) => Math.abs(Math.log(sized(b) ?? 1)) - Math.abs(Math.log(sized(a) ?? 1)),
    rank: (a, b) => ((state.of === "update" ? a.update : a.sizes)?.stable_rank ?? Infinity)
      - ((state.of === "update" ? b.update : b.sizes)?.stable_rank ?? Infinity),
    name: (a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  };
  const refresh = () => {
    const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
    shown = [];
    tensors.forEach((t, i) => {
      const text = t.search;
      if ((!state.outOnly || beyond(t) || told(t) === "not finite") && words.every(w => text.includes(w))) shown.push(i);
    });
    const order = orders[state.order];
    shown.sort((a, b) => order(tensors[a], tensors[b]) || a - b);
    $("count").textContent = shown.length + " of " + tensors.length + " tensors";
    fill();
    draw();
  };

  /* Details of the one that is chosen. */
  const SIZES = [["spectral norm ‖·‖₂", "spectral_norm"], ["its relative error", "spectral_norm_relative_error"],
    ["Frobenius norm ‖·‖_F", "frobenius_norm"], ["stable rank", "stable_rank"], ["rms entry", "rms"],
    ["natural norm", "natural_norm"], ["ratio to the target", "ratio"]];
  const BOUND = ["norm of the convolution, at most", "operator_norm_bound"];
  const sizesOf = sizes => SIZES.concat(sizes.operator_norm_bound === null ? [] : [BOUND])
    .map(([words, key]) => [words, number(sizes[key])]);
  /* The distribution of singular values: bars, the curve of noise, and the edge that noise stays within. */
  const plot = d => {
    const drawn = (tag, attributes, words) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const key in attributes) made.setAttribute(key, attributes[key]);
      if (words) made.textContent = words;
      return made;
    };
    const bins = d.shares.length, most = Math.max(...d.shares, ...d.noise);
    const x = v => 8 + 340 * v / d.largest, y = v => 128 - 116 * v / most;
    const svg = drawn("svg", { viewBox: "0 0 360 152", role: "img", "aria-label": "distribution of singular values" });
    d.shares.forEach((share, i) => svg.append(drawn("rect", { x: x(i / bins * d.largest) + .5, width: 340 / bins - 1,
      y: y(share) - (share > 0), height: 128 - y(share) + (share > 0), class: i / bins * d.largest >= d.edge ? "beyond" : "share" })));
    svg.append(drawn("line", { x1: 8, x2: 348, y1: 128, y2: 128, class: "axis" }));
    if (d.edge > 0 && d.edge <= d.largest) {
      svg.append(drawn("line", { x1: x(d.edge), x2: x(d.edge), y1: 12, y2: 128, class: "predicted" }));
    }
    const points = d.noise.map((v, i) => x((i + .5) / bins * d.largest) + "," + y(v));
    if (Math.max(...d.noise) > 0) svg.append(drawn("polyline", { points: points.join(" "), class: "fit" }));
    for (const part of [0, .5, 1]) {
      svg.append(drawn("text", { x: x(part * d.largest), y: 145,
        "text-anchor": part === 0 ? "start" : part === 1 ? "end" : "middle" }, number(part * d.largest)));
    }
    return svg;
  };
  const describe = () => {
    const t = tensors[state.chosen], parts = [];
    if (!t) {
      $("details").replaceChildren(element("p", "Choose a tensor in the list or in the overview to see all about it.", "note"));
      return;
    }
    const section = (title, pairs) => {
      parts.push(element("h2", title));
      const dl = element("dl");
      for (const [key, value] of pairs) {
        const div = element("div");
        div.append(element("dt", key), element("dd", value));
        dl.append(div);
      }
      parts.push(dl);
    };
    const heading = element("h2");
    heading.append(element("span", t.name, "name"));
    parts.push(heading);
    for (const words of t.advice) parts.push(element("p", words, "out"));
    const bad = (t.sizes.non_finite > 0 ? "Of the weight, " + t.sizes.non_finite + " entries are NaN or infinite, the first at " + t.first_non_finite + ". " : "")
      + (t.update && t.update.non_finite > 0 ? "Of the update, " + t.update.non_finite + " entries are." : "");
    if (bad) parts.push(element("p", bad, "bad"));
    section("What it is", [["shape", "[" + t.shape.join(", ") + "], " + t.dtype], ["role", t.role + ", " + t.layer],
      ["because", t.reason], ["fan-in, fan-out", t.fan_in + ", " + t.fan_out], ["target ‖·‖₂", number(t.target)]]);
    section("Weight", sizesOf(t.sizes));
    if (t.update) {
      section("Update", sizesOf(t.update)
        .concat([["‖ΔW‖₂/‖W₀‖₂", number(t.relative_spectral)], ["‖ΔW‖_F/‖W₀‖_F", number(t.relative_frobenius)]])
        .concat(t.alignment ? [["alignment with W", number(t.alignment.with_weight)], ["of outputs, of inputs",
          number(t.alignment.output) + ", " + number(t.alignment.input)], ["alignment with W₀", number(t.alignment.with_earlier)]] : []));
    }
    if (t.maps.length) section("Each map by itself", t.maps);
    if (t.extra.length) section("Spectrum", t.extra);
    if (t.distribution) {
      parts.push(plot(t.distribution), element("p", "All singular values: how many have which size. The line is what noise"
        + " alone would have (Marchenko and Pastur), dashed its edge.", "note"));
    }
    $("details").replaceChildren(...parts);
  };
  const choose = (index, scroll) => {
    state.chosen = index;
    const at = shown.indexOf(index);
    if (scroll && at >= 0) {
      if (at * ROW < list.scrollTop) list.scrollTop = at * ROW;
      else if ((at + 1) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (at + 1) * ROW - list.clientHeight;
    }
    fill();
    draw();
    describe();
  };
  const move = (event, order) => {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity };
    const by = steps[event.key];
    if (by === undefined || order.length === 0) return;
    event.preventDefault();
    const at = order.indexOf(state.chosen);
    const next = at < 0 ? (by > 0 && by !== Infinity ? 0 : order.length - 1) : at + by;
    choose(order[Math.min(order.length - 1, Math.max(0, next))], true);
  };

  list.addEventListener("scroll", () => requestAnimationFrame(fill));
  list.addEventListener("keydown", event => move(event, shown));
  rows.addEventListener("click", event => {
    const row = event.target.closest(".row");
    if (row) choose(Number(row.dataset.index), false);
  });
  chart.addEventListener("keydown", event => move(event, tensors.map((t, i) => i)));
  const at = event => {
    const box = chart.getBoundingClientRect();
    const share = (event.clientX - box.left - margin.left) / (box.width - margin.left - margin.right);
    return Math.min(tensors.length - 1, Math.max(0, Math.floor(share * tensors.length)));
  };
  chart.addEventListener("click", event => { if (tensors.length) choose(at(event), true); });
  chart.addEventListener("pointermove", event => {
    const t = tensors[at(event)];
    chart.title = t ? t.name + ": " + told(t) : "";
  });
  $("search").addEventListener("input", event => { state.query = event.target.value; list.scrollTop = 0; refresh(); });
  $("order").addEventListener("change", event => { state.order = event.target.value; list.scrollTop = 0; refresh(); });
  $("out").addEventListener("change", event => { state.outOnly = event.target.checked; list.scrollTop = 0; refresh(); });
  $("of").addEventListener("change", event => { state.of = event.target.value; rescale(); refresh(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(() => { fill(); draw(); }).observe(chart);

  /* What the document says of itself. */
  for (const t of tensors) {
    t.search = [t.name, t.role, t.layer, t.dtype].join(" ").toLowerCase();
  }
  const updates = tensors.some(t => t.update);
  $("ofLabel").hidden = !updates;
  $("checkpoint").textContent = data.checkpoint;
  $("against").textContent = data.against ? "Updates since " + data.against : "";
  const outs = tensors.filter(off).length, holders = tensors.filter(t => beyond(t) && !off(t)).length;
  const bad = tensors.filter(t => t.sizes.non_finite > 0).length;
  $("summary").textContent = tensors.length + " tensors; " + outs + (outs === 1 ? " weight has" : " weights have")
    + " less than " + number(low) + " or more than " + number(high) + " times the target size"
    + (holders ? "; " + holders + (holders === 1 ? " more holds a map" : " more hold maps") + " of which that is so" : "")
    + (bad ? "; " + bad + (bad === 1 ? " has" : " have") + " entries that are NaN or infinite" : "") + ".";
  $("partial").hidden = !data.partial;
  chart.setAttribute("aria-valuemax", String(Math.max(1, tensors.length)));
  if (data.skipped.length) {
    $("skipped").hidden = false;
    $("skippedCount").textContent = "Not measured: " + data.skipped.length;
    $("skippedList").replaceChildren(...data.skipped.slice(0, 1000).map(s => {
      const li = element("li");
      li.append(element("span", s.name, "name"), ": " + s.reason);
      return li;
    }));
  }
  rescale();
  refresh();
  describe();
})();
