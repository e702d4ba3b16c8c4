import type { Engine, Transaction } from "../dialect/engine.ts";
import { inferredRelations } from "../dialect/inferred-relations.ts";
import { orphansFrom } from "../dialect/orphaned.ts";
import { id, list, raw, sql } from "../dialect/sql.ts";
import { type Model, tableOf } from "../model/model.ts";
import type { OrphanedRelation, Orphans } from "../model/orphans.ts";
import type { Key } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { Relation } from "../model/relation.ts";
import { checkRelationNames } from "../model/relation-names.ts";
import { columnOf, identityOf } from "../model/table.ts";
import { withPolicy } from "../model/with-policy.ts";
import { unknownTypes } from "./unknown-types.ts";

export interface Finder {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
}

export interface OrphansOptions {
  /** Ids of the relations to look at; all of them unless given. */
  readonly relations?: readonly string[];
  /** Whether to look at relations too that only names and rows speak for; true unless told otherwise. */
  readonly inferred?: boolean;
  readonly signal?: AbortSignal;
}

const SAMPLE = 5;

/**
 * The rows whose references find no row, by relation: declared, whatever their constraint is said to have checked,
 * configured, and inferred ones. Reads only.
 * @throws `unknown-relation` with the nearest name
 */
export function findOrphans(finder: Finder, options: OrphansOptions): Promise<Orphans> {
  const { engine, policy } = finder;
  const { signal } = options;
  return engine.read({ scratch: false, ...(signal ? { signal } : {}) }, async (tx) => {
    // Constraints on the same columns as another relation find the same rows.
    const known = withPolicy(finder.model, policy).followed;
    const inferred = options.inferred === false ? [] : await inferredRelations(tx, { ...finder, ...engine });
    const evidence = new Map(inferred.map((i) => [i.relation.id, i.evidence]));
    const all = [...known, ...inferred.map((i) => i.relation)];
    checkRelationNames(options.relations ?? [], all);
    const wanted = all.filter((r) => options.relations?.includes(r.id) ?? true);
    const relations: OrphanedRelation[] = [];
    for (const relation of wanted.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const found = await orphansOf(tx, finder, relation);
      const spoken = evidence.get(relation.id);
      relations.push(spoken ? { ...found, evidence: spoken } : found);
    }
    const rows = relations.reduce((n, r) => n + r.rows, 0);
    return {
      ondelete: "1",
      kind: "orphans",
      engine: engine.info,
      relations,
      unknownTypes: options.relations ? [] : await unknownTypes(tx, { ...finder, policy }),
      totals: { relations: relations.filter((r) => r.rows > 0).length, rows },
    };
  });
}

async function orphansOf(
  tx: Transaction,
  { engine: { syntax }, model }: Finder,
  relation: Relation,
): Promise<OrphanedRelation> {
  const from = orphansFrom({ syntax, model }, relation);
  const [counted] = await tx.rows(sql`select count(*) as n ${from}`);
  const rows = Number(counted?.n ?? 0);
  const { id: name, origin, child, parent } = relation;
  return { id: name, origin, child, parent, rows, sample: rows === 0 ? [] : await sampleOf() };

  async function sampleOf(): Promise<readonly Key[]> {
    const table = tableOf(model, child);
    const key = identityOf(table);
    if (key.length === 0) return [];
    const texts = key.map((c, i) => sql`${syntax.text(id("c", c), columnOf(table, c))} as ${id(`k${i}`)}`);
    const order = list(key.map((c) => id("c", c)));
    const found = await tx.rows(
      sql`select ${list(texts)} ${from} order by ${order} limit ${raw(String(SAMPLE))}`,
    );
    return found.map((row) => Object.fromEntries(key.map((c, i) => [c, row[`k${i}`] ?? ""])));
  }
}
