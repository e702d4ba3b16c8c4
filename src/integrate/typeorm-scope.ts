import type { EntityManager, EntityMetadata } from "typeorm";
import { liveText, type Marked } from "./marked.ts";

/** Which rows of the table that a query starts from it sees. */
export type Shown = "live" | "deleted" | "all";

/** The marker of a table, by its entity or its name; null where it has none. */
export type MarkOf = (table: EntityMetadata | string) => Marked | null;

// biome-ignore lint/suspicious/noExplicitAny: TypeORM's builders, of several of its versions, of which only some members are used
type Any = any;

/**
 * An EntityManager whose finders, repositories and query builders see only live rows, or start from deleted ones. Its
 * class and TypeORM's own are left as they are; so are statements that write.
 */
export function scoped(manager: EntityManager, markOf: MarkOf, shown: Shown): EntityManager {
  const own = {
    // A repository keeps the manager that made it.
    repositories: new Map(),
    treeRepositories: [],
    createQueryBuilder: (...given: Any[]) => {
      const query = (manager as Any).createQueryBuilder(...given);
      return new (scopedBuilder(query.constructor, markOf, shown))(query);
    },
    transaction: (...given: Any[]) => {
      const work = given.pop();
      return (manager as Any).transaction(...given, (tx: EntityManager) => work(scoped(tx, markOf, shown)));
    },
  };
  return Object.assign(Object.create(manager), own);
}

/** TypeORM makes clones and inner queries of a builder with the builder's own class. */
function scopedBuilder(Builder: Any, markOf: MarkOf, shown: Shown): Any {
  return class extends Builder {
    constructor(...given: Any[]) {
      super(...given);
      // TypeORM hides by its own column too, which is asked here already, for every kind of marker.
      if (shown !== "live") this.expressionMap.withDeleted = true;
    }

    createQueryBuilder(...given: Any[]): Any {
      const inner = super.createQueryBuilder(...given);
      return shown === "deleted" ? new (scopedBuilder(Builder, markOf, "all"))(inner) : inner;
    }

    createWhereExpression(): string {
      const { expressionMap: map } = this;
      const given = map.extraAppendedAndWhereCondition;
      const froms = map.aliases.filter((alias: Any) => alias.type === "from");
      const all = [
        ...froms.flatMap((a: Any) => conditions(this, a, markOf, shown)),
        ...(given ? [given] : []),
      ];
      map.extraAppendedAndWhereCondition = all.map((one) => `(${one})`).join(" AND ");
      try {
        return super.createWhereExpression();
      } finally {
        map.extraAppendedAndWhereCondition = given;
      }
    }

    createJoinExpression(): string {
      const { expressionMap: map } = this;
      const given = map.joinAttributes;
      if (shown === "live") map.joinAttributes = given.map((join: Any) => liveJoin(this, join, markOf));
      try {
        return super.createJoinExpression();
      } finally {
        map.joinAttributes = given;
      }
    }

    /** TypeORM 1 joins what must be there strictly; a row whose parent is hidden would be hidden with it. */
    getRelationJoinType(relation: Any, ...given: Any[]): string {
      const hidden = shown === "live" && markOf(relation.inverseEntityMetadata);
      return hidden ? "left" : super.getRelationJoinType(relation, ...given);
    }
  };
}

/** The conditions that show rows of a table in a query: none or one. */
function conditions(query: Any, alias: Any, markOf: MarkOf, shown: Shown): readonly string[] {
  const { expressionMap: map } = query;
  if (shown === "all" || (shown === "live" && map.withDeleted) || alias.subQuery) return [];
  const expressions: readonly Any[] = map.commonTableExpressions ?? [];
  if (expressions.some((e) => e.alias === alias.tablePath)) return [];
  const marked = markOf(alias.hasMetadata ? alias.metadata : (alias.tablePath ?? ""));
  if (!marked) return [];
  const prefix = map.aliasNamePrefixingEnabled ? `${query.escape(alias.name)}.` : "";
  const live = liveText(marked, prefix + query.escape(marked.column));
  return [shown === "live" ? live : `not (${live})`];
}

/** A join whose condition asks for live rows too, of a junction table as well. */
function liveJoin(query: Any, join: Any, markOf: MarkOf): Any {
  const metadata = join.relation?.junctionEntityMetadata;
  const junction = metadata ? [{ name: join.junctionAlias, hasMetadata: true, metadata }] : [];
  const added = [join.alias, ...junction].flatMap((alias) => conditions(query, alias, markOf, "live"));
  if (added.length === 0) return join;
  const all = [...(join.condition ? [join.condition] : []), ...added].map((one) => `(${one})`);
  return Object.create(join, { condition: { value: all.join(" AND ") } });
}
