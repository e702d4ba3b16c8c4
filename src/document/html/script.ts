/** What the page does: search, pan and zoom, and what deleting a table does to others. Runs in browsers, needs nothing. */
export const SCRIPT = String.raw`
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const by = (id) => document.getElementById(id);
  const svg = by("diagram"), view = by("view"), panel = by("panel"), box = by("search"), hits = by("hits");
  const nodes = [...document.querySelectorAll(".t")], edges = [...document.querySelectorAll(".e")];
  const deletions = new Map(data.deletions);
  const KIND = { deleted: "deleted", "soft-deleted": "deleted", "set null": "null", "set default": "null", blocks: "block" };
  const make = (tag, props = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), props);
    element.append(...inside);
    return element;
  };

  // Pan and zoom.
  const size = { width: +svg.dataset.width, height: +svg.dataset.height };
  let at = { x: 0, y: 0, scale: 1 };
  // The size of what is drawn of one deletion alone, in a grid; null where all tables are drawn.
  let focused = null;
  const show = () => {
    view.setAttribute("transform", "translate(" + at.x + " " + at.y + ") scale(" + at.scale + ")");
    svg.classList.toggle("far", at.scale < 0.45);
  };
  const fit = () => {
    const { clientWidth: w, clientHeight: h } = svg;
    const { width, height } = focused ?? size;
    const scale = Math.min(1.25, (w - 40) / width, (h - 90) / height);
    at = { scale, x: (w - width * scale) / 2, y: Math.max(20, (h - 50 - height * scale) / 2) };
    show();
  };
  const zoom = (factor, x = svg.clientWidth / 2, y = svg.clientHeight / 2) => {
    const scale = Math.min(4, Math.max(0.02, at.scale * factor));
    at = { scale, x: x - ((x - at.x) * scale) / at.scale, y: y - ((y - at.y) * scale) / at.scale };
    show();
  };
  const center = (i) => {
    const [, x, y] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(nodes[i].getAttribute("transform"));
    const rect = nodes[i].querySelector("rect");
    const middle = { x: +x + rect.width.baseVal.value / 2, y: +y + rect.height.baseVal.value / 2 };
    const seen = { x: middle.x * at.scale + at.x, y: middle.y * at.scale + at.y };
    const inside = seen.x > 60 && seen.y > 30 && seen.x < svg.clientWidth - 60 && seen.y < svg.clientHeight - 70;
    if (inside && at.scale >= 0.6) return;
    if (at.scale < 0.6) at.scale = 0.8;
    at.x = svg.clientWidth / 2 - middle.x * at.scale;
    at.y = svg.clientHeight / 2 - middle.y * at.scale;
    show();
  };
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { left, top } = svg.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), event.clientX - left, event.clientY - top);
  }, { passive: false });
  const fingers = new Map();
  let moved = 0;
  svg.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved > 4 && !svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    if (fingers.size === 2) {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const gap = (e) => Math.hypot(e.clientX - other.clientX, e.clientY - other.clientY);
      const { left, top } = svg.getBoundingClientRect();
      zoom(gap(event) / Math.max(1, gap(before)), (event.clientX + other.clientX) / 2 - left, (event.clientY + other.clientY) / 2 - top);
    } else {
      at.x += dx;
      at.y += dy;
      svg.classList.add("drag");
      show();
    }
    fingers.set(event.pointerId, event);
  });
  const lift = (event) => {
    fingers.delete(event.pointerId);
    svg.classList.remove("drag");
  };
  svg.addEventListener("pointerup", lift);
  svg.addEventListener("pointercancel", lift);
  by("in").onclick = () => zoom(1.3);
  by("out").onclick = () => zoom(1 / 1.3);
  by("fit").onclick = fit;
  svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) { at.x += step[0]; at.y += step[1]; show(); }
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });

  // Of many tables only those that one deletion reaches are drawn, column by column as far as it goes.
  const isGrid = svg.dataset.kind === "grid";
  const home = isGrid ? { nodes: nodes.map((n) => n.getAttribute("transform")), edges: edges.map((e) => e.getAttribute("d")) } : null;
  const unfocus = () => {
    if (!focused) return;
    focused = null;
    for (const [i, node] of nodes.entries()) node.setAttribute("transform", home.nodes[i]);
    for (const [i, edge] of edges.entries()) edge.setAttribute("d", home.edges[i]);
  };
  const ACROSS = 90, DOWN = 12;
  const focus = (picked, list) => {
    unfocus();
    const depth = new Map([[picked, 0]]), via = new Map();
    for (const place of list.keys()) {
      const chain = chainOf(list, place);
      const table = list[place][0];
      if (table === picked || (depth.get(table) ?? Infinity) <= chain.length) continue;
      depth.set(table, chain.length);
      via.set(table, chain.at(-2) ?? picked);
    }
    const tallest = Math.max(12, Math.ceil(Math.sqrt(depth.size * 2.4)));
    const columns = [];
    for (const [table, d] of depth) (columns[d] ??= []).push(table);
    const rank = new Map([[picked, 0]]), spots = new Map();
    let x = 0, height = 0;
    for (const column of columns) {
      if (!column) continue;
      column.sort((a, b) => (rank.get(via.get(a)) ?? 0) - (rank.get(via.get(b)) ?? 0) || a - b);
      for (const [n, table] of column.entries()) rank.set(table, n);
      for (let from = 0; from < column.length; from += tallest) {
        const part = column.slice(from, from + tallest);
        let y = 0, width = 0;
        for (const table of part) {
          const rect = nodes[table].querySelector("rect");
          const [w, h] = [rect.width.baseVal.value, rect.height.baseVal.value];
          spots.set(table, { x, y, w, h });
          y += h + DOWN;
          width = Math.max(width, w);
        }
        height = Math.max(height, y);
        x += width + (from + tallest < column.length ? 24 : ACROSS);
      }
    }
    const root = spots.get(picked);
    root.y = Math.max(0, height / 2 - root.h);
    for (const column of columns) {
      for (let from = 0; column && from < column.length; from += tallest) {
        const part = column.slice(from, from + tallest).filter((t) => t !== picked).map((t) => spots.get(t));
        const slack = (height - (part.at(-1)?.y ?? 0) - (part.at(-1)?.h ?? 0)) / 2;
        for (const spot of part) spot.y += slack;
      }
    }
    for (const [table, { x, y }] of spots) nodes[table].setAttribute("transform", "translate(" + x + " " + y + ")");
    for (const [i, edge] of edges.entries()) {
      const [from, to] = [spots.get(data.relations[i][0]), spots.get(data.relations[i][1])];
      if (!from || !to) continue;
      const [x1, y1, x2, y2] = [from.x + from.w, from.y + from.h / 2, to.x, to.y + to.h / 2];
      const bend = Math.max(30, Math.abs(x2 - x1) / 2);
      edge.setAttribute("d", from === to ? "M" + x1 + " " + y1 + "c34 -14 34 26 0 12" : "M" + x1 + " " + y1 + "C" + (x1 + bend) + " " + y1 + " " + (x2 - bend) + " " + y2 + " " + x2 + " " + y2);
    }
    view.classList.toggle("many", depth.size > 80);
    focused = { width: Math.max(200, x - ACROSS), height };
    fit();
  };

  // What deleting a table does.
  let picked = null;
  const chainOf = (list, place) => {
    const [table, , , , from] = list[place];
    return from < 0 ? [table] : [...chainOf(list, from), table];
  };
  const link = (i) => {
    const button = make("button", { type: "button", textContent: data.tables[i], className: "mono" });
    button.onclick = () => pick(i, true);
    return button;
  };
  const pick = (i, move) => {
    picked = i;
    const effects = new Map();
    const list = deletions.get(i) ?? [];
    for (const [table, effect] of list) {
      const kinds = ["deleted", "null", "block"];
      const kind = KIND[effect];
      if (!effects.has(table) || kinds.indexOf(kind) < kinds.indexOf(effects.get(table))) effects.set(table, kind);
    }
    const gone = new Set([i, ...list.filter(([, effect]) => KIND[effect] === "deleted").map(([table]) => table)]);
    for (const [n, node] of nodes.entries()) {
      for (const kind of ["deleted", "null", "block"]) node.classList.toggle(kind, n !== i && effects.get(n) === kind);
      node.classList.toggle("picked", n === i);
      node.setAttribute("aria-pressed", String(n === i));
    }
    for (const [n, edge] of edges.entries()) edge.classList.toggle("on", gone.has(data.relations[n][0]));
    view.classList.add("dim");
    tell(i, list);
    if (isGrid) focus(i, list);
    else if (move) center(i);
    matrix();
    if (location.hash !== "#" + encodeURIComponent(data.tables[i])) history.replaceState(null, "", "#" + encodeURIComponent(data.tables[i]));
  };
  const clear = () => {
    picked = null;
    if (focused) {
      unfocus();
      fit();
    }
    view.classList.remove("dim");
    for (const node of nodes) node.classList.remove("picked", "deleted", "null", "block");
    for (const edge of edges) edge.classList.remove("on");
    panel.classList.remove("chosen");
    panel.replaceChildren(...start.map((n) => n.cloneNode(true)));
    matrix();
    history.replaceState(null, "", location.pathname + location.search);
  };
  const start = [...panel.childNodes].map((n) => n.cloneNode(true));
  const TITLES = [["deleted", "Rows that go too"], ["null", "Rows that lose the reference"], ["block", "Rows that keep it from being deleted"]];
  const tell = (i, list) => {
    panel.classList.add("chosen");
    const parts = [make("h3", { textContent: data.tables[i], className: "mono" }), make("p", { textContent: list.length === 0 ? "No table references it: deleting its rows does nothing else." : "What deleting its rows does:" })];
    for (const [kind, title] of TITLES) {
      const entries = list.map((c, place) => [c, place]).filter(([c]) => KIND[c[1]] === kind);
      if (entries.length === 0) continue;
      const items = entries.map(([[table, effect, hand, columns], place]) => {
        const chain = chainOf(list, place);
        const item = make("li", {}, link(table));
        if (columns) item.append(" ", make("span", { className: "mono", textContent: columns + " = " + (effect === "set default" ? "DEFAULT" : "NULL") }));
        if (hand !== "database") item.append(" ", make("span", { className: "badge", textContent: hand === "nobody" ? "not enforced" : hand }));
        if (chain.length > 1) item.append(make("small", { textContent: "by way of " + chain.slice(0, -1).map((n) => data.tables[n]).join(" → ") }));
        return item;
      });
      parts.push(make("h4", { className: kind, textContent: title + " (" + new Set(entries.map(([c]) => c[0])).size + ")" }), make("ul", {}, ...items));
    }
    const above = data.deletions.filter(([, all]) => all.some(([table]) => table === i));
    if (above.length > 0) {
      const items = above.map(([parent]) => make("li", {}, link(parent), " ", make("span", { className: "mono", textContent: cell(parent, i)[0] })));
      parts.push(make("h4", { textContent: "Deleting from these changes it (" + above.length + ")" }), make("ul", {}, ...items));
    }
    parts.push(make("p", {}, make("a", { href: "#t" + i, textContent: "Columns" }), " · ", Object.assign(make("button", { type: "button", className: "btn", textContent: "Clear" }), { onclick: clear })));
    panel.replaceChildren(...parts);
    panel.scrollTop = 0;
  };
  for (const [i, node] of nodes.entries()) {
    node.addEventListener("click", () => { if (moved <= 4) pick(i, false); });
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      pick(i, false);
    });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick]");
    if (!button) return;
    pick(+button.dataset.pick, true);
    by("board").scrollIntoView({ block: "center" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { if (hits.childElementCount > 0) hits.replaceChildren(); else if (picked !== null) clear(); }
    if (event.key === "/" && document.activeElement !== box) { event.preventDefault(); box.focus(); }
  });

  // The matrix: all of it where it is small, else what was searched or picked.
  const NONE = ["-", "kept"];
  const cell = (parent, child) => data.cells[parent]?.[child] ?? NONE;
  const WHOLE = 10000, WIDE = 40, TALL = 150;
  const matrix = () => {
    const word = box.value.trim().toLowerCase();
    const fits = (i) => word === "" || data.tables[i].toLowerCase().includes(word);
    const all = data.parents.length * data.children.length <= WHOLE;
    const acts = (c) => data.parents.some((p) => data.cells[p]?.[c]);
    let parents = data.parents, children = data.children;
    if (!all) {
      const near = (p) => p === picked || data.cells[p]?.[picked];
      parents = data.parents.filter(picked === null ? fits : near).sort((a, b) => (b === picked) - (a === picked)).slice(0, WIDE);
      const told = (c) => picked === null ? parents.some((p) => data.cells[p]?.[c]) : c === picked || data.cells[picked]?.[c];
      children = children.filter(told).slice(0, TALL);
    } else children = children.filter(acts);
    const head = make("tr", {}, make("th", { scope: "col", textContent: "When deleting from →" }), ...parents.map((p) => make("th", { scope: "col", className: p === picked ? "hot" : "" }, pickButton(p))));
    const rows = children.map((c) => make("tr", {}, make("th", { scope: "row", className: c === picked ? "hot" : "" }, pickButton(c)), ...parents.map((p) => {
      const [text, effect] = cell(p, c);
      return make("td", { className: KIND[effect] ?? "", textContent: text });
    })));
    by("matrix").replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
    by("matrix-note").textContent = all ? "" : parents.length + " of " + data.parents.length + " parents and " + children.length + " of " + data.children.length + " children. Search for a table, or pick one in the diagram, to see its part.";
  };
  const pickButton = (i) => {
    const button = make("button", { type: "button", className: "mono", textContent: data.tables[i] });
    button.dataset.pick = i;
    return button;
  };

  // Search.
  const found = (word) => {
    const score = (i) => {
      const name = data.tables[i].toLowerCase();
      return name === word ? 0 : name.startsWith(word) ? 1 : name.includes(word) ? 2 : data.columns[i].toLowerCase().includes(word) ? 3 : 9;
    };
    return data.tables.map((_, i) => [score(i), i]).filter(([s]) => s < 9).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 12);
  };
  let cursor = 0, current = [];
  const list = () => {
    const word = box.value.trim().toLowerCase();
    current = word === "" ? [] : found(word);
    cursor = Math.min(cursor, Math.max(0, current.length - 1));
    hits.replaceChildren(...current.map(([score, i], n) => {
      const button = make("button", { type: "button", textContent: data.tables[i] });
      button.setAttribute("aria-selected", String(n === cursor));
      if (score === 3) button.append(make("small", { textContent: "has such a column" }));
      button.onclick = () => choose(i);
      return make("li", {}, button);
    }));
    for (const [i, card] of [...document.querySelectorAll(".card")].entries()) card.classList.toggle("hidden", word !== "" && !data.tables[i].toLowerCase().includes(word) && !data.columns[i].toLowerCase().includes(word));
  };
  const choose = (i) => {
    hits.replaceChildren();
    pick(i, true);
  };
  box.addEventListener("input", () => { cursor = 0; list(); matrix(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && current[cursor]) { event.preventDefault(); choose(current[cursor][1]); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      cursor = Math.max(0, Math.min(current.length - 1, cursor + (event.key === "ArrowDown" ? 1 : -1)));
      list();
    }
  });

  for (const input of document.querySelectorAll(".legend input[data-off]"))
    input.addEventListener("change", () => view.classList.toggle(input.dataset.off, !input.checked));
  by("only").addEventListener("change", (event) => view.classList.toggle("only", event.target.checked));
  const theme = (dark) => document.documentElement.setAttribute("data-theme", dark ? "dark" : "light");
  const wanted = matchMedia("(prefers-color-scheme: dark)");
  theme(wanted.matches);
  wanted.addEventListener("change", (event) => theme(event.matches));
  by("theme").onclick = () => theme(document.documentElement.getAttribute("data-theme") !== "dark");
  addEventListener("resize", fit);
  addEventListener("beforeprint", fit);
  fit();
  matrix();
  const named = data.tables.indexOf(decodeURIComponent(location.hash.slice(1)));
  if (named >= 0) pick(named, true);
})();
`;
