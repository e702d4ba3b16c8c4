import type { OrphanedRelation, Orphans } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { engineTitle } from "./engine-title.ts";
import { count, plain, samples, some } from "./words.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/** Orphans as a person reads them. */
export function renderOrphans(found: Orphans, screen: Screen): string {
  const of = (...origins: readonly OrphanedRelation["origin"][]) =>
    found.relations.filter((r) => origins.includes(r.origin));
  const parts = [
    header(found, screen),
    known(of("declared", "configured"), screen),
    guessed(of("inferred"), screen),
    unknown(found, screen),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function header({ relations, totals, unknownTypes, engine }: Orphans, { colors }: Screen): string {
  const title = `${colors.bold("Orphans")}  ${colors.dim(engineTitle(engine))}`;
  if (relations.length === 0 && unknownTypes.length === 0)
    return `${title}\nThe database has no relations, so that no row can be an orphan.`;
  const looked = some(relations.length, "relation");
  if (totals.rows === 0 && unknownTypes.length === 0)
    return `${title}\n${colors.green("NONE")}  every reference of ${looked} finds its row.`;
  return `${title}\n${colors.red("FOUND")}  ${some(totals.rows, "row")} of ${some(totals.relations, "relation")}, of ${looked} looked at.`;
}

function line({ id, rows, sample }: OrphanedRelation, { colors }: Screen): readonly string[] {
  return [plain(id), count(rows), colors.dim(samples(sample, rows))];
}

function known(relations: readonly OrphanedRelation[], screen: Screen): string {
  const lines = relations.filter((r) => r.rows > 0).map((r) => line(r, screen));
  if (lines.length === 0) return "";
  const { colors, width } = screen;
  const head = [colors.bold("References that find no row"), colors.dim("rows"), colors.dim("which")];
  return columns([head, ...lines], "lrl", width);
}

function guessed(relations: readonly OrphanedRelation[], screen: Screen): string {
  if (relations.length === 0) return "";
  const { colors, width } = screen;
  const lines = relations.map((r) => {
    const { looked = 0, matched = 0 } = r.evidence ?? {};
    const why = looked === 0 ? "by name, no rows" : `${count(matched)} of ${count(looked)} match`;
    const [id = "", rows = "", which = ""] = line(r, screen);
    return [id, rows, why, which];
  });
  const head = ["Guessed from names and rows", "rows", "what speaks for it", "which"];
  const table = columns(
    [head.map((h, i) => (i === 0 ? colors.bold(h) : colors.dim(h))), ...lines],
    "lrll",
    width,
  );
  return `${table}\n${colors.dim("Nothing is done about these until the configuration says that they are relations; `ondelete init` writes proposals.")}`;
}

function unknown({ unknownTypes }: Orphans, { colors, width }: Screen): string {
  if (unknownTypes.length === 0) return "";
  const lines = unknownTypes.map((u) => [
    plain(`${u.child}.${u.column}`),
    u.value === null ? "null" : plain(u.value),
    count(u.rows),
  ]);
  const head = [colors.bold("Types that no relation knows"), colors.dim("value"), colors.dim("rows")];
  return columns([head, ...lines], "llr", width);
}
