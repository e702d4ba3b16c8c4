/** Part of the page's script: what deleting the picked table does, in the diagram and in words. */
export const DELETION_SCRIPT = `
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
      parts.push(make("h4", { textContent: "What deleting from others does to it (" + above.length + ")" }), make("ul", {}, ...items));
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
`;
