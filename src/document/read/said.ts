import type { ReferentialAction } from "../../model/relation.ts";
import { bare, NAME, NAMES, namesIn, splitOutside } from "./inline.ts";
import type { Hand, Said } from "./statement.ts";

const KEPT = /^(?:[-—–−]+|none|n\/a|no effect|no change|unaffected|kept|nothing)$/iu;

const EFFECTS: readonly (readonly [RegExp, Said["effect"]])[] = [
  [/^soft[- ]?delete[ds]?\b/iu, "soft-deleted"],
  [/^(?:orm |db |on delete |application[- ]level )*(?:cascade|delete|remove|purge)[sd]?\b/iu, "deleted"],
  [/^(?:on delete )?(?:set(?:s|ting)?(?: to)? null|null(?:ed|s|ified)?)\b/iu, "set null"],
  [/^(?:on delete )?set(?:s|ting)?(?: to)? default\b/iu, "set default"],
  [
    /^(?:on delete )?(?:block(?:ed|s)?|restrict(?:ed|s)?|no[ _]action|refused|prevent(?:ed|s)?)\b/iu,
    "blocks",
  ],
];

const SET = new RegExp(`^(${NAMES})\\s*(?:=|→|->|⇒|becomes?|(?:is )?set to)\\s*(null|default)\\b`, "iu");
const BEFORE_ANOTHER = new RegExp(`\\s+or\\s+|\\s*;\\s*|\\s*,\\s*(?=${NAME}\\s*(?:=|→|->))`, "iu");

/** Marks of footnotes and pictures around what a cell says. */
const MARKS = /^[^\p{L}\p{N}\ue000—–−-]+|[\s*†‡¹²³⁴]+$/gu;

/** What a cell says, in the words that matrices have: empty where it says nothing, null where it cannot be read. */
export function saidIn(text: string): readonly Said[] | null {
  const cell = text.replace(MARKS, "");
  if (cell === "") return [];
  if (KEPT.test(cell)) return [{ effect: "kept", columns: [], by: null }];
  const by = handIn(cell);
  const parts = splitOutside(cell, BEFORE_ANOTHER);
  const said = parts.map((part) => one(part, by));
  return said.every((s) => s !== null) ? merged(said) : null;
}

function one(part: string, by: Hand): Said | null {
  const [, names, value] = SET.exec(part) ?? [];
  if (names !== undefined && value !== undefined) {
    const effect = value.toLowerCase() === "null" ? "set null" : "set default";
    return { effect, columns: namesIn(names), by };
  }
  const found = EFFECTS.find(([pattern]) => pattern.test(part));
  if (!found) return null;
  const [, columns] = /\(([^()]*)\)/u.exec(part) ?? [];
  const names_ = found[1].startsWith("set") && columns && !handIn(`(${columns})`) ? namesIn(columns) : [];
  return { effect: found[1], columns: /\s/u.test(columns ?? "") ? [] : names_, by };
}

/** Several columns that get the same are one thing that is said. */
function merged(said: readonly Said[]): readonly Said[] {
  return [...Map.groupBy(said, (s) => s.effect).values()].map((group) => ({
    effect: group[0]?.effect ?? "kept",
    columns: [...new Set(group.flatMap((s) => s.columns))],
    by: group[0]?.by ?? null,
  }));
}

/** Who a text says does it. */
export function handIn(text: string): Hand {
  if (/\borm\b|\(app\)|application/iu.test(text)) return "application";
  if (/unenforced|not enforced|\bnobody\b/iu.test(text)) return "nobody";
  return /\b(?:db|database)\b/iu.test(text) ? "database" : null;
}

const ACTIONS: readonly (readonly [RegExp, ReferentialAction])[] = [
  [/set[ _]?null/iu, "set null"],
  [/set[ _]?default/iu, "set default"],
  [/cascade/iu, "cascade"],
  [/restrict/iu, "restrict"],
  [/no[ _]?action/iu, "no action"],
];

/** The referential action that a text names; null where it names none, or several. */
export function actionIn(text: string): ReferentialAction | null {
  const found = ACTIONS.filter(([pattern]) => pattern.test(text));
  return found.length === 1 ? (found[0]?.[1] ?? null) : null;
}

const TO_TABLE = new RegExp(
  `^(?:→|->|FK(?: to|:)?|references?|to)?\\s*(${NAME})\\s*(?:\\(\\s*(${NAME})\\s*\\))?$`,
  "iu",
);

/** A reference as people write it: `User.uid`, `users(id)`, `→ users(id)`, `FK to users`; null where it is none. */
export function referenceIn(text: string): string | null {
  const [, table, column] = TO_TABLE.exec(text.trim()) ?? [];
  if (table === undefined) return null;
  return column === undefined ? bare(table) : `${bare(table)}.${bare(column)}`;
}

export const isNothing = (text: string): boolean => text === "" || KEPT.test(text);
