import { existsSync, readFileSync } from "node:fs";
import { type Finding, type Findings, type ModelDocument, OnDeleteError } from "../../index.ts";
import { writeOut } from "../plan-file.ts";

/** The usual name of the file that `--lock` writes. */
export const LOCK_FILE = "ondelete.schema.json";

interface Entry {
  readonly id: string;
  readonly child: string;
  readonly parent: string;
  readonly [key: string]: unknown;
}

/** The foreign keys and relations of a database as JSON, one a line, sorted: for a diff, and for findings to point at. */
function lockFile(model: ModelDocument): string {
  return [
    "{",
    '  "ondelete": "1",',
    '  "kind": "schema",',
    '  "foreignKeys": [',
    entriesOf(model)
      .map((entry) => `    ${JSON.stringify(entry)}`)
      .join(",\n"),
    "  ]",
    "}",
    "",
  ].join("\n");
}

/**
 * Writes the file, unless it says the same already.
 * @throws OnDeleteError `usage` where another file is there under its name
 */
export function writeLock(file: string, model: ModelDocument): void {
  const text = lockFile(model);
  const before = existsSync(file) ? readFileSync(file, "utf8") : null;
  if (before === text) return;
  if (before !== null && before.trim() !== "" && !isLock(before))
    throw new OnDeleteError("usage", `The file ${file} is there and holds no foreign keys of ondelete.`, {
      hint: `Name another file, such as ${LOCK_FILE}, or remove it.`,
    });
  writeOut(file, text);
}

/** Also one that a merge left in conflict, which is written anew. */
const isLock = (text: string): boolean =>
  text.includes('"kind": "schema"') && text.includes('"foreignKeys": [');

const FIRST_LINE = 5;

function entriesOf({ relations, faultyKeys = [] }: ModelDocument): readonly Entry[] {
  const sound = relations.map(
    ({ id, child, parent, name, onDelete, onUpdate, enforcedBy, origin, validated }) =>
      ({ id, child, parent, name, onDelete, onUpdate, enforcedBy, origin, validated }) satisfies Entry,
  );
  const faulty = faultyKeys.map(
    ({ id, child, parent, name, onDelete, fault }) =>
      ({ id, child, parent, name, onDelete, fault }) satisfies Entry,
  );
  const ids = new Set(sound.map((entry) => entry.id));
  return [...sound, ...faulty.filter((entry) => !ids.has(entry.id))].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * The findings with the line of their foreign key in the file; one about a table has that of its first key, or else of
 * the first that references it, or else the first line of the file.
 */
export function located(found: Findings, model: ModelDocument, file: string): Findings {
  const entries = entriesOf(model);
  const lineOf = (holds: (entry: Entry) => boolean): number | null => {
    const at = entries.findIndex(holds);
    return at < 0 ? null : at + FIRST_LINE;
  };
  const place = ({ object, table }: Finding): number =>
    lineOf((e) => e.id === object) ??
    lineOf((e) => e.child === table) ??
    lineOf((e) => e.parent === table) ??
    1;
  return {
    ...found,
    findings: found.findings.map((f) => ({ ...f, location: f.location ?? { file, line: place(f) } })),
  };
}
