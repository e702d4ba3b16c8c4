import { doneBy } from "../../graph/delete-matrix.ts";
import type { DocumentedRelation, DocumentedTable } from "../../model/documentation.ts";
import { onDelete } from "../wording.ts";
import { escaped } from "./escape.ts";
import { grid } from "./grid.ts";
import { type Layout, layout, type Point } from "./layout.ts";

/** Up to so many tables are drawn with their key columns. */
const WITH_COLUMNS = 60;
/** Up to so many they are drawn in layers, parents to the left of children; more in a grid, by name. */
const IN_LAYERS = 150;
const HEAD = 30;
const ROW = 17;
const LETTER = 7.3;

/** The entity-relationship diagram as SVG. */
export interface Picture {
  readonly svg: string;
  readonly kind: "layers" | "grid";
  readonly width: number;
  readonly height: number;
}

export function picture(
  tables: readonly DocumentedTable[],
  relations: readonly DocumentedRelation[],
): Picture {
  const place = new Map(tables.map((t, i) => [t.id, i]));
  const detailed = tables.length <= WITH_COLUMNS;
  const referencing = Map.groupBy(relations, (r) => r.child);
  const columns = tables.map((t) => (detailed ? keyColumns(t, referencing.get(t.id) ?? []) : []));
  const boxes = tables.map((t, i) => {
    const longest = Math.max(t.id.length + 1, ...(columns[i] ?? []).map((c) => c.length));
    return {
      width: Math.min(320, Math.max(90, Math.round(longest * LETTER) + 24)),
      height: HEAD + (columns[i]?.length ?? 0) * ROW + ((columns[i]?.length ?? 0) > 0 ? 7 : 0),
    };
  });
  const lines = relations.map((r) => ({ from: place.get(r.parent) ?? 0, to: place.get(r.child) ?? 0 }));
  const kind = tables.length <= IN_LAYERS ? "layers" : "grid";
  const placed = kind === "grid" ? grid(boxes, lines) : layout(boxes, lines);
  return {
    svg: [
      '<g id="edges">',
      ...relations.map((r, i) => edge(r, i, placed)),
      '</g><g id="nodes">',
      ...tables.map((t, i) =>
        node(t, i, { placed, box: boxes[i] ?? { width: 0, height: 0 }, columns: columns[i] ?? [] }),
      ),
      "</g>",
    ].join("\n"),
    kind,
    width: placed.width,
    height: placed.height,
  };
}

const keyColumns = (t: DocumentedTable, relations: readonly DocumentedRelation[]): readonly string[] => {
  const references = new Set(relations.flatMap((r) => r.columns));
  return t.columns.filter((c) => references.has(c.name)).map((c) => c.name);
};

const CLASS = {
  cascade: "cascade",
  "set null": "null",
  "set default": "null",
  restrict: "block",
  "no action": "block",
} as const;

function edge(r: DocumentedRelation, i: number, { lines }: Layout): string {
  const points = lines[i] ?? [];
  const by = doneBy(r) === "database" ? "" : " app";
  const title = `${r.id}: ${onDelete(r)}`;
  return `<path class="e ${CLASS[r.onDelete]}${by}" data-i="${i}" d="${path(points)}" marker-end="url(#${CLASS[r.onDelete]})"><title>${escaped(title)}</title></path>`;
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

/** Straight along layers, curved between them; a loop where there is one point only. */
function path(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  if (rest.length === 0) {
    const { x, y } = first;
    return `M${n(x)} ${n(y)}c34 -14 34 26 0 12`;
  }
  let at = first;
  const parts = rest.map((to) => {
    const middle = (at.x + to.x) / 2;
    const part =
      at.y === to.y
        ? `L${n(to.x)} ${n(to.y)}`
        : `C${n(middle)} ${n(at.y)} ${n(middle)} ${n(to.y)} ${n(to.x)} ${n(to.y)}`;
    at = to;
    return part;
  });
  return `M${n(first.x)} ${n(first.y)}${parts.join("")}`;
}

interface NodePlace {
  readonly placed: Layout;
  readonly box: { readonly width: number; readonly height: number };
  readonly columns: readonly string[];
}

function node(t: DocumentedTable, i: number, { placed, box, columns }: NodePlace): string {
  const { x, y } = placed.boxes[i] ?? { x: 0, y: 0 };
  const { width, height } = box;
  const most = Math.floor((width - 20) / LETTER);
  const cut = (name: string) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
  const [short, shown] = [cut(t.id), columns.map(cut)];
  const rows = shown.map(
    (c, row) => `<text class="c" x="12" y="${HEAD + 11 + row * ROW}">${escaped(c)}</text>`,
  );
  const rule = columns.length > 0 ? `<path class="rule" d="M0 ${HEAD - 1}h${width}"/>` : "";
  return `<g class="t" data-i="${i}" transform="translate(${n(x)} ${n(y)})" tabindex="0" role="button" data-name="${escaped(t.id)}"><rect width="${width}" height="${height}" rx="7"/>${rule}<text x="12" y="19.5">${escaped(short)}</text>\n${rows.join("\n")}${short === t.id ? "" : `<title>${escaped(t.id)}</title>`}</g>`;
}
