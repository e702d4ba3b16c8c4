import type { Proposals, ProposedRelation } from "./proposals.ts";

/** The text of a first configuration: every entry a comment, so that it changes nothing until someone decides. */
export function configText(found: Proposals): string {
  return `import { defineConfig } from "ondelete";

export default defineConfig({
  // Where the database is: --url, ONDELETE_URL and DATABASE_URL come first. Keep passwords out of this file.
  // url: "postgres://localhost/shop",

  // True where a delete must be confirmed by the database's name, and in scripts by a digest or a row count.
  // protected: true,

  // limits: { maxRows: 100_000, lockTimeoutMs: 5_000 },

  // Relations that no constraint declares, or another action for one that a constraint declares.
  // onDelete is one of "no action", "restrict", "cascade", "set null", "set default".
  relations: [
${lines(found.relations.map(relationLine), "No column without a constraint is named like a reference.")}
  ],

  // By table: \`audit: true\` has \`check\` tell what deletes would take of it, \`protected: true\` refuses to delete its
  // rows, \`secret: ["column"]\` hides values in output.
  tables: {
${lines(found.auditTables.map(auditLine), "No table looks like records that are to outlive what they tell of.")}

    // \`softDelete: "column"\` names the column that \`delete --soft\` writes.
${lines(found.softDeletes.map(markerLine), "No column looks like a soft-delete marker.")}
  },
});
`;
}

const lines = (texts: readonly string[], none: string) =>
  (texts.length > 0 ? texts : [none]).map((text) => `    // ${text}`).join("\n");

function relationLine({ child, column, parent, parentColumn, evidence }: ProposedRelation): string {
  const entry = `child: ${quote(child)}, columns: [${quote(column)}], parent: ${quote(parent)}, parentColumns: [${quote(parentColumn)}]`;
  return `{ ${entry}, onDelete: "restrict", enforcedBy: "application" }, // ${reason(evidence)}`;
}

function reason({ looked, matched }: ProposedRelation["evidence"]): string {
  if (looked === 0) return "by its name alone: no row has a value";
  const orphans = looked === matched ? "" : "; the others are orphans, see `ondelete orphans`";
  return `${matched} of ${looked} rows find their parent${orphans}`;
}

const markerLine = ({ table, column }: Proposals["softDeletes"][number]) =>
  `${quote(table)}: { softDelete: ${quote(column)} },`;

const auditLine = (table: string) =>
  `${quote(table)}: { audit: true, protected: true }, // looks like records that are to outlive what they tell of`;

/** JSON leaves U+2028 and U+2029 as they are, which would end a comment. */
const quote = (text: string) =>
  JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
