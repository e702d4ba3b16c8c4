import type { Deferral } from "../engine.ts";
import { id, type Sql, sql } from "../sql.ts";

/** @see https://www.postgresql.org/docs/current/sql-set-constraints.html */
export const deferral: Deferral = {
  possible: (relation) => relation.deferrable,
  async during(tx, work) {
    const deferred = new Map<string, Sql>();
    const result = await work(async ({ id: relation, name, initiallyDeferred }, child) => {
      if (initiallyDeferred) return;
      const constraint = id(child.namespace, name ?? "");
      await tx.run(sql`set constraints ${constraint} deferred`);
      deferred.set(relation, constraint);
    });
    for (const constraint of deferred.values()) await tx.run(sql`set constraints ${constraint} immediate`);
    return result;
  },
};
