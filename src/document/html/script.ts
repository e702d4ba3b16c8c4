import { DELETION_SCRIPT } from "./script-deletion.ts";
import { VIEW_SCRIPT } from "./script-view.ts";

/** What the page does, in three parts of one function. Runs in browsers, needs nothing. */
export const SCRIPT = [
  `
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
`,
  VIEW_SCRIPT,
  DELETION_SCRIPT,
  `
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
  // On paper the picture has another size, and keeps its shape.
  addEventListener("beforeprint", () => {
    fit();
    svg.setAttribute("viewBox", "0 0 " + svg.clientWidth + " " + svg.clientHeight);
  });
  addEventListener("afterprint", () => {
    svg.removeAttribute("viewBox");
    fit();
  });
  fit();
  matrix();
  const named = data.tables.indexOf(decodeURIComponent(location.hash.slice(1)));
  if (named >= 0) pick(named, true);
})();
`,
].join("");
