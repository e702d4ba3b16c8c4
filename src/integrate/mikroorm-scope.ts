import type { EntityManager, EntityMetadata, EntityName } from "@mikro-orm/core";
import { liveWhere, type MarkOf, shownBy } from "./mikroorm-where.ts";

/** How an EntityManager makes conditions of all that it finds or counts, and joins what filters hide. */
interface Finding {
  processWhere(
    name: EntityName,
    where: unknown,
    options: { readonly visited?: unknown },
    type: "read" | "update" | "delete",
  ): Promise<unknown>;
  autoJoinRefsForFilters(
    meta: EntityMetadata,
    options: { readonly populate: readonly Hint[] },
    ...rest: readonly unknown[]
  ): Promise<void>;
  fork(options?: object): unknown;
}

interface Hint {
  readonly filter?: boolean;
  joinType?: string;
}

/** A fork, and forks of it, that see no deleted row of an entity with a marker, also where it is joined or populated. */
export function live<Em extends EntityManager>(em: Em, markOf: MarkOf): Em {
  const fork = forked(em);
  const entities = [...fork.getMetadata().getAll().values()];
  fork.addFilter({
    name: "ondelete",
    entity: entities.flatMap((entity) => (markOf(entity) ? [entity.class] : [])),
    args: false,
    // Filters of MikroORM's restrict statements that write too, which are left alone here.
    cond: (_args, type, _em, _options, name) => {
      const entity = entities.find((e) => e.className === name);
      return entity && type === "read" ? shownBy(entity, markOf, "live") : {};
    },
  });
  return finding(fork, markOf);
}

/** What a filter does not: it is not asked for relations in a condition, and takes rows away whose parent it hides. */
function finding<Em extends EntityManager>(em: Em, markOf: MarkOf): Em {
  const own = em as unknown as Finding;
  const processWhere = own.processWhere.bind(em);
  own.processWhere = (name, where, options, type) => {
    const entity = em.getMetadata().get(name);
    return processWhere(name, type === "read" ? liveWhere(entity, where, markOf) : where, options, type);
  };
  const autoJoin = own.autoJoinRefsForFilters.bind(em);
  own.autoJoinRefsForFilters = async (meta, options, ...rest) => {
    await autoJoin(meta, options, ...rest);
    for (const hint of options.populate) if (hint.filter) hint.joinType ??= "left join";
  };
  const fork = own.fork.bind(em);
  own.fork = (options) => finding(fork(options) as Em, markOf);
  return em;
}

/** A fork whose finders start from deleted rows. */
export function deleted<Em extends EntityManager>(em: Em, markOf: MarkOf): Em {
  const fork = forked(em);
  const own = fork as unknown as Finding;
  const processWhere = own.processWhere.bind(fork);
  own.processWhere = async (name, where, options, type) => {
    const found = await processWhere(name, where, options, type);
    // Rows that are populated are found with those that were visited before.
    if (type !== "read" || options.visited) return found;
    return { $and: [shownBy(fork.getMetadata().get(name), markOf, "deleted"), found] };
  };
  return fork;
}

/** A fork of its own on the same transaction, if there is one. */
export const forked = <Em extends EntityManager>(em: Em): Em =>
  em.fork({ keepTransactionContext: true }) as Em;
