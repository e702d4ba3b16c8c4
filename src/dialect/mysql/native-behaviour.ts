import { tableOf } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import { foreignKeyClause } from "../foreign-key.ts";
import type { NativeBehaviour, Renaming } from "../native.ts";
import { id, sql } from "../sql.ts";
import { simulate } from "./simulate.ts";

const bytes = (text: string | null): Buffer => Buffer.from(text ?? "");

const renaming: Renaming = {
  name(relation, place, others) {
    const names = others.map((r) => r.name).toSorted((a, b) => Buffer.compare(bytes(a), bytes(b)));
    const own = relation.name ?? "fk";
    const candidates = place === "first" ? [`a_${own}`, `0_${own}`, `0`] : [`z_${own}`, `zz_${own}`, `~`];
    const edge = (place === "first" ? names[0] : names.at(-1)) ?? "";
    const fits = (name: string) =>
      Buffer.compare(bytes(name), bytes(edge)) * (place === "first" ? -1 : 1) > 0;
    return candidates.find(fits) ?? candidates[2] ?? own;
  },
  statement(relation: Relation, name, syntax, model) {
    const table = syntax.table(tableOf(model, relation.child));
    const clause = foreignKeyClause(syntax, model, relation, name);
    return syntax.print(sql`alter table ${table} drop foreign key ${id(relation.name ?? "")}, add ${clause}`);
  },
};

export const native: NativeBehaviour = {
  simulate,
  asBare: { before: [], after: [], dangling: null },
  // mariadb-dump and mysqldump keep the names.
  restored: (relations) => relations,
  decidedBy: "InnoDB runs them in the order of their names.",
  relaxation: null,
  renaming,
};
