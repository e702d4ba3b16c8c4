import type { Finding, Findings, ModelDocument } from "../../index.ts";

/** The usual name of the file that `--lock` writes. */
export const LOCK_FILE = "ondelete.schema.json";

interface Entry {
  readonly id: string;
  readonly child: string;
  readonly parent: string;
  readonly [key: string]: unknown;
}

/** The foreign keys and relations of a database as JSON, one a line, sorted: for a diff, and for findings to point at. */
export function lockFile(model: ModelDocument): string {
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
