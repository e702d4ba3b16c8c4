import { type Above, actionAbove, type Found } from "./context.ts";
import { NAME, NAMES, namesIn } from "./inline.ts";
import { actionIn, handIn } from "./said.ts";
import type { Said, Statement } from "./statement.ts";
import { everyIn } from "./tables.ts";

const LINE = new RegExp(
  `^\\s*(${NAME})\\s*(?:\\((1|N|M|\\*)\\))?\\s*(?:[←<◄]?[─━-]+[►→>▶]|→|⟶)\\s*(?:\\((1|N|M|\\*)\\))?\\s*(.+?)\\s*$`,
  "u",
);
const RIGHT = new RegExp(
  `^(${NAMES})\\s*(?:\\(([^()]*)\\))?\\s*(\\[.*\\]|(?:on delete\\s+)?(?:cascade|set null|set default|restrict|no action).*)?$`,
  "iu",
);
const EVERY = /^((?:all|every)\s+(?:tables?|children)(?:\s*\([^()]*\))?)\s*(\[.*\])?$/iu;

/** Lists of arrows in a drawing: `Workflow ─────► Schedule (workflow_id) [DB-level CASCADE]`. */
export function readArrows(lines: readonly string[], start: number, above: Above): Found {
  return { statements: lines.flatMap((line, i) => fromLine(line, start + i, above)) };
}

function fromLine(whole: string, line: number, above: Above): readonly Statement[] {
  const [, left = "", one, many, right] = LINE.exec(whole) ?? [];
  if (right === undefined) return [];
  const here = { line, text: whole.trim() };
  const [, quantified, label = ""] = EVERY.exec(right) ?? [];
  const every = everyIn(quantified ?? "");
  if (every) {
    const effect = effectOf(actionIn(label) ?? actionAbove(above));
    if (!effect) return [];
    const said: Said = { effect, columns: every.column === null ? [] : [every.column], by: handIn(label) };
    return [
      {
        kind: "every",
        ...here,
        parent: left,
        column: every.column,
        said: { ...said, columns: [] },
        list: null,
      },
    ];
  }
  const [, names, columns = "", rest = ""] = RIGHT.exec(right) ?? [];
  if (names === undefined) return [];
  const action = actionIn(rest) ?? actionAbove(above);
  const reversed = one !== undefined && one !== "1" && many === "1";
  return namesIn(names).map((name) => ({
    kind: "relation",
    ...here,
    child: reversed ? left : name,
    parent: reversed ? name : left,
    columns: namesIn(columns),
    action,
    by: handIn(rest),
    eitherWay: one === undefined && many === undefined,
  }));
}

function effectOf(action: ReturnType<typeof actionIn>): Said["effect"] | null {
  if (action === "cascade") return "deleted";
  if (action === "set null" || action === "set default") return action;
  return action === null ? null : "blocks";
}
