import type { Operation, OperationsDocument } from "../../index.ts";
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
  const head = ["operation", "state", "started", "deleted", "updated", "archive", "by", "what"].map(
    colors.dim,
  );
  return columns([head, ...document.operations.map(line)], "lllrrlll", width);
}

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
    plain([...targetWords(o.target), ...(o.mode === "soft" ? ["--soft"] : [])].join(" ") + why),
  ];
}
