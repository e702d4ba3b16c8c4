import type { DocumentCheck } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { count, plain, some } from "./words.ts";

type Colors = Terminal["colors"];

/** What a document says that is not so, and what it leaves out, each at its line. */
export function renderDocumentCheck(
  check: DocumentCheck & { readonly file: string },
  { colors }: Pick<Terminal, "colors">,
): string {
  const at = (line: number | null) => colors.dim(line === null ? check.file : `${check.file}:${line}`);
  const parts = [
    section(
      colors.red(colors.bold("contradicted")),
      check.contradicted.map((d) => [
        at(d.line),
        `  ${plain(d.statement)}`,
        `  ${colors.red("✗")} ${plain(d.message)}${by(d.relations, colors)}`,
      ]),
    ),
    section(
      colors.yellow(colors.bold("left out")),
      check.leftOut.map((o) => [at(o.line), `  ${plain(o.message)}${by(o.relations, colors)}`]),
    ),
    section(
      colors.bold("remarks"),
      check.remarks.map((r) => [at(r.line), `  ${plain(r.statement)}`, `  ${plain(r.message)}`]),
    ),
    section(colors.bold("not judged"), unjudged(check, at)),
    check.counts.judged === 0 ? colors.yellow(NOTHING) : "",
    check.uncovered.length > 0 && check.counts.judged > 0
      ? `In no statement: ${plain(check.uncovered.join(", "))}.`
      : "",
  ];
  return [title(check, colors), ...parts].filter((part) => part !== "").join("\n\n");
}

const NOTHING =
  "Nothing in it could be compared with this database: is it the right document, and the right database?";

/** How many statements are shown of those that one reason keeps from being judged. */
const SHOWN = 3;

/** By reason, the most frequent ones first. */
function unjudged(
  { notJudged }: DocumentCheck,
  at: (line: number | null) => string,
): readonly (readonly string[])[] {
  const reasons = [...Map.groupBy(notJudged, (n) => n.reason)].sort(([, a], [, b]) => b.length - a.length);
  return reasons.map(([reason, list]) => {
    const lines = [...new Set(list.map((n) => `  ${at(n.line)}  ${plain(n.statement)}`))];
    const shown = lines.length > SHOWN + 1 ? lines.slice(0, SHOWN) : lines;
    const rest = lines.length - shown.length;
    return [plain(reason), ...shown, ...(rest > 0 ? [`  and ${count(rest)} more; --json lists them`] : [])];
  });
}

function title({ file, counts }: DocumentCheck & { readonly file: string }, colors: Colors): string {
  const { judged, right, contradicted, leftOut, notJudged } = counts;
  const said = `${some(judged, "statement")} judged: ${right} right, ${contradicted} contradicted; ${leftOut} left out, ${notJudged} not judged`;
  return `${colors.bold(file)}  ${said}`;
}

const section = (heading: string, entries: readonly (readonly string[])[]): string =>
  entries.length === 0 ? "" : [heading, ...entries.flat()].join("\n");

const by = (relations: readonly string[], colors: Colors): string =>
  relations.length === 0 ? "" : `\n    ${colors.dim(`by ${plain(relations.join("; "))}`)}`;
