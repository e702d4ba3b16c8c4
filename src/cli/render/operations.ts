import type { Operation, OperationsDocument, RowCounts } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { sum } from "./outcome.ts";
import { targetWords } from "./plan.ts";
import { count, plain } from "./words.ts";

/** The journal as a person reads it, newest last. */
export function renderOperations(
  document: OperationsDocument,
  { colors, width }: Pick<Terminal, "colors" | "width">,
): string {
  if (document.operations.length === 0) return "No operation was recorded in this database.";
  // The id begins with the time, so that a narrow screen can do without the column.
  const wide = width === null || width >= WIDE;
  const cut = (cells: readonly string[]) => (wide ? cells : cells.filter((_, i) => i !== STARTED));
  const lines = [HEAD.map(colors.dim), ...document.operations.map(line)].map(cut);
  return columns(lines, wide ? "lllrrlll" : "llrrlll", width);
}

const HEAD = ["operation", "state", "started", "deleted", "updated", "archive", "by", "what"];
const STARTED = HEAD.indexOf("started");
const WIDE = 110;

function line(o: Operation): readonly string[] {
  const why = o.reason === null ? "" : ` (${o.reason})`;
  return [
    o.operation,
    o.state,
    o.started.replace("T", " ").replace(/\.\d+/, ""),
    count(sum(o.deleted)),
    count(sum(o.updated)),
    o.archive ? "yes" : "no",
    plain(o.actor ?? "-"),
    plain(what(o) + why),
  ];
}

/** What was to be deleted; of an erasure the journal keeps only how many rows. */
function what({ target, state, mode }: Operation): string {
  const erased = target.select.kind === "condition" && /^\/\* (.*), erased \*\/$/.exec(target.select.sql);
  if (state === "erased" && erased) return `${target.table}, ${erased[1]}`;
  return [...targetWords(target), ...(mode === "soft" ? ["--soft"] : [])].join(" ");
}

const RESUMABLE: readonly Operation["state"][] = ["paused", "failed", "blocked"];
const UNDOABLE: readonly Operation["state"][] = ["done", "cancelled", ...RESUMABLE];

const leaseWords = ({ until, over }: NonNullable<Operation["lease"]>): string =>
  over ? `until ${until}, and not heard of since` : `until ${until}, unless renewed`;

/** One operation with what it did by table, and how it is taken back. */
export function renderOperation(o: Operation, { colors, width }: Pick<Terminal, "colors" | "width">): string {
  const facts = [
    ["what", plain(what(o))],
    ["started", o.started],
    ["finished", o.finished ?? "-"],
    ["batches", count(o.batches)],
    ...(o.lease ? [["in the hands of", `${plain(o.lease.owner)} ${leaseWords(o.lease)}`]] : []),
    ["by", plain(o.actor ?? "-")],
    ["reason", plain(o.reason ?? "-")],
    ["archive", o.archive ? "yes" : "no"],
  ];
  const did = (rows: RowCounts, how: string) =>
    Object.entries(rows).map(([table, n]) => [plain(table), how, count(n)]);
  const how = o.mode === "soft" ? "deleted softly" : "deleted";
  return [
    `${colors.bold(`Operation ${o.operation}`)}  ${o.state}`,
    columns(
      facts.map(([name = "", text = ""]) => [colors.dim(name), text]),
      "ll",
      width,
    ),
    columns([...did(o.deleted, how), ...did(o.updated, "updated")], "llr", width),
    RESUMABLE.includes(o.state) || (o.state === "running" && o.lease?.over)
      ? `To go on: ${colors.cyan(`ondelete resume ${o.operation}`)}`
      : "",
    UNDOABLE.includes(o.state) && o.archive
      ? `To undo it: ${colors.cyan(`ondelete restore ${o.operation}`)}`
      : "",
  ]
    .filter((part) => part !== "")
    .join("\n");
}
