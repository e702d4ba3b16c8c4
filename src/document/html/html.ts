import { doneBy } from "../../graph/delete-matrix.ts";
import type { Documentation, DocumentedRelation, DocumentedTable } from "../../model/documentation.ts";
import { notesByMessage } from "../shared-notes.ts";
import { engineOf, onDelete, some } from "../wording.ts";
import { pageData } from "./data.ts";
import { escaped, json } from "./escape.ts";
import { picture } from "./picture.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

/** Nothing is loaded from anywhere. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** The documentation as one HTML page that needs nothing else: a diagram to search, tables, matrix, notes. */
export function html(documentation: Documentation): string {
  const { engine, relations } = documentation;
  const notes = notesByMessage(documentation.notes.filter((note) => note.kind !== "no index"));
  const tables = documentation.tables.filter((t) => t.kind !== "partition");
  const drawn = picture(tables, relations);
  const counts = `${engineOf(engine)} · ${some(tables.length, "table")} · ${some(relations.length, "relation")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Database schema</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Database schema</h1><span class="meta">${escaped(counts)}</span>
<nav aria-label="Sections"><a href="#diagram-title">Diagram</a><a href="#matrix-title">Matrix</a><a href="#tables-title">Tables</a>${notes.length > 0 ? '<a href="#notes-title">Notes</a>' : ""}</nav>
<span class="grow"></span>
<div class="search"><input id="search" type="search" placeholder="Search tables and columns" aria-label="Search tables and columns" autocomplete="off" spellcheck="false"><ul id="hits" class="hits"></ul></div>
<button id="theme" class="btn" type="button" aria-label="Dark or light">◐</button>
</header>
<main>
<h2 id="diagram-title">What a delete does</h2>
<div class="board" id="board" style="--shape:${(drawn.height / Math.max(1, drawn.width)).toFixed(3)}">
<div class="canvas">
<svg id="diagram" tabindex="0" role="group" aria-label="Entity-relationship diagram" data-kind="${drawn.kind}" data-width="${Math.ceil(drawn.width)}" data-height="${Math.ceil(drawn.height)}"><defs>${["cascade", "null", "block"].map(arrow).join("")}</defs><g id="view" class="${drawn.kind}">
${drawn.svg}
</g></svg>
<div class="legend">${LEGEND}${relations.some((r) => doneBy(r) !== "database") ? DASHED : ""}</div>
<div class="tools"><button id="out" class="btn" type="button" aria-label="Zoom out">−</button><button id="in" class="btn" type="button" aria-label="Zoom in">+</button><button id="fit" class="btn" type="button" aria-label="Show all">⤢</button></div>
</div>
<aside class="panel" id="panel" aria-live="polite" tabindex="0" aria-label="What deleting the picked table does"><h3>Pick a table</h3><p>Click a table, or search for one, to see what deleting its rows does: what goes too, what loses its reference, what stands in the way, and by which chain.</p><p>Drag to move, turn the wheel to zoom; with the keyboard: arrows, <code>+</code>, <code>−</code>, <code>0</code> for all of it, <code>/</code> to search, <code>Esc</code> to clear.</p></aside>
</div>
<h2 id="matrix-title">Delete matrix</h2>
<p class="hint" id="matrix-note"></p>
<div class="matrix" id="matrix" tabindex="0" role="region" aria-labelledby="matrix-title"></div>
<h2 id="tables-title">Tables</h2>
<div class="tables">
${cards(tables, relations)}
</div>
${notes.length > 0 ? `<h2 id="notes-title">Notes</h2>\n<ul class="notes">${notes.map((note) => `<li><span class="badge">${escaped(note.kind)}</span> ${note.objects.map((object) => `<code>${escaped(object)}</code>`).join(", ")}<br>${escaped(note.message)}</li>`).join("\n")}</ul>` : ""}
</main>
<script id="data" type="application/json">${json(pageData(documentation))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const arrow = (id: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0.6 8 4 0 7.4z"/></marker>`;

const LEGEND = [
  '<label class="cascade"><input type="checkbox" checked data-off="no-cascade"> deletes</label>',
  '<label class="null"><input type="checkbox" checked data-off="no-null"> sets to null or default</label>',
  '<label class="block"><input type="checkbox" checked data-off="no-block"> blocks</label>',
  '<label class="plain"><input type="checkbox" id="only"> only what is affected</label>',
].join("");

const DASHED = '<span class="plain">- - - not by a constraint</span>';

function cards(tables: readonly DocumentedTable[], relations: readonly DocumentedRelation[]): string {
  const byChild = Map.groupBy(relations, (r) => r.child);
  return tables.map((t, i) => card(t, i, byChild.get(t.id) ?? [])).join("\n");
}

function card(t: DocumentedTable, i: number, relations: readonly DocumentedRelation[]): string {
  const rows = t.columns.map((c) => {
    const own = relations.filter((r) => r.columns.includes(c.name));
    const key = t.primaryKey.includes(c.name) ? ' class="key"' : "";
    const marker = t.softDelete?.column === c.name ? ' <span class="badge">soft delete</span>' : "";
    const type = `${escaped(c.type)}${c.nullable ? "" : " not null"}`;
    return `<tr><td${key}><code>${escaped(c.name)}</code>${marker}</td><td class="type">${type}</td><td>${own.map(reference).join("<br>")}</td></tr>`;
  });
  return `<section class="card" id="t${i}"><h3><button type="button" class="mono" data-pick="${i}">${escaped(t.id)}</button></h3><table><thead><tr><th scope="col">column</th><th scope="col">type</th><th scope="col">references</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

const KIND = {
  cascade: "cascade",
  "set null": "null",
  "set default": "null",
  restrict: "block",
  "no action": "block",
} as const;

function reference(r: DocumentedRelation): string {
  const when = r.when ? ` where ${r.when.column} is ${r.when.values.join(" or ")}` : "";
  const act = `${onDelete(r)}${doneBy(r) === "database" && r.deferrable ? ", deferrable" : ""}`;
  return `<code>${escaped(r.parent)}</code> <span class="act ${KIND[r.onDelete]}">${escaped(act)}</span>${escaped(when)}${r.indexed ? "" : ' <span class="badge">no index</span>'}`;
}
