import {
  AliasNode,
  AndNode,
  type CommonTableExpressionNode,
  type DeleteQueryNode,
  IdentifierNode,
  type InsertQueryNode,
  type JoinNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  ParensNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryId,
  type QueryResult,
  type RawBuilder,
  type RootOperationNode,
  SelectQueryNode,
  sql,
  TableNode,
  type UnknownRow,
  type UpdateQueryNode,
  WhereNode,
  type WithNode,
} from "kysely";
import type { Marked } from "./marked.ts";

/** A table with the column that marks its rows as deleted. */
export interface MarkedTable {
  readonly name: string;
  /** Where it lives; null where tables have no namespaces. */
  readonly namespace: string | null;
  readonly marker: Marked;
}

export type Shown = "live" | "deleted";

/**
 * Adds to a query what shows live rows alone, in every SELECT and every join of it, or deleted rows alone in its
 * outermost one. Nothing but SELECT is touched.
 */
export class LivePlugin implements KyselyPlugin {
  readonly #tables: readonly MarkedTable[];
  readonly #shown: Shown;

  constructor(tables: readonly MarkedTable[], shown: Shown) {
    this.#tables = tables;
    this.#shown = shown;
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    const transformer = new LiveTransformer(this.#tables);
    if (this.#shown === "live") return transformer.transformNode(node, queryId);
    return SelectQueryNode.is(node) ? transformer.restricted(node, "deleted") : node;
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}

interface Source {
  readonly table: MarkedTable;
  /** What the query calls it. */
  readonly alias: string;
}

/** Hides deleted rows from every SELECT; of the deleted ones only the outermost has to choose. */
class LiveTransformer extends OperationNodeTransformer {
  readonly #tables: readonly MarkedTable[];
  /** Names that common table expressions have, inner ones last. */
  #shadowed: readonly string[] = [];

  constructor(tables: readonly MarkedTable[]) {
    super();
    this.#tables = tables;
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    return this.#below(node, () => this.restricted(super.transformSelectQuery(node, queryId), "live"));
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId?: QueryId): InsertQueryNode {
    return this.#below(node, () => super.transformInsertQuery(node, queryId));
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId?: QueryId): UpdateQueryNode {
    return this.#below(node, () => super.transformUpdateQuery(node, queryId));
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId?: QueryId): DeleteQueryNode {
    return this.#below(node, () => super.transformDeleteQuery(node, queryId));
  }

  #below<T>(node: { readonly with?: WithNode | undefined }, work: () => T): T {
    const outside = this.#shadowed;
    this.#shadowed = [...outside, ...(node.with?.expressions.map(nameOf) ?? [])];
    const result = work();
    this.#shadowed = outside;
    return result;
  }

  /** An expression knows those before it, and itself only where it is recursive. */
  protected override transformWith(node: WithNode, queryId?: QueryId): WithNode {
    const all = this.#shadowed;
    const outside = all.slice(0, all.length - node.expressions.length);
    const expressions = node.expressions.map((expression, i) => {
      if (!node.recursive) this.#shadowed = [...outside, ...node.expressions.slice(0, i).map(nameOf)];
      return this.transformNode(expression, queryId);
    });
    this.#shadowed = all;
    return { ...node, expressions };
  }

  /** Restricts the tables of one SELECT: of those in FROM to live or deleted rows, of those joined to live ones. */
  restricted(node: SelectQueryNode, shown: Shown): SelectQueryNode {
    // Where rows of one side may be missing, a condition on the whole would take rows of the other side away.
    const outer = node.joins?.some((j) => j.joinType === "RightJoin" || j.joinType === "FullJoin");
    return outer ? this.#withSubqueries(node, shown) : this.#withConditions(node, shown);
  }

  #withConditions(node: SelectQueryNode, shown: Shown): SelectQueryNode {
    const conditions = (node.from?.froms ?? []).flatMap((from) => {
      const source = this.#sourceOf(from);
      return source ? [condition(source, shown)] : [];
    });
    const given = node.where ? [ParensNode.create(node.where.where)] : [];
    const [first, ...rest] = [...given, ...conditions];
    const where = first && rest.reduce<OperationNode>((all, one) => AndNode.create(all, one), first);
    return {
      ...node,
      ...(where ? { where: WhereNode.create(where) } : {}),
      ...(node.joins && shown === "live" ? { joins: node.joins.map((j) => this.#joined(j)) } : {}),
    };
  }

  #joined(join: JoinNode): JoinNode {
    const source = this.#sourceOf(join.table);
    if (!source) return join;
    if (!join.on) return { ...join, table: subquery(source, "live") };
    const on = AndNode.create(ParensNode.create(join.on.on), condition(source, "live"));
    return { ...join, on: { ...join.on, on } };
  }

  #withSubqueries(node: SelectQueryNode, shown: Shown): SelectQueryNode {
    const replaced = (table: OperationNode): OperationNode => {
      const source = this.#sourceOf(table);
      return source ? subquery(source, shown) : table;
    };
    return {
      ...node,
      ...(node.from ? { from: { ...node.from, froms: node.from.froms.map(replaced) } } : {}),
      ...(node.joins && shown === "live"
        ? { joins: node.joins.map((j) => ({ ...j, table: replaced(j.table) })) }
        : {}),
    };
  }

  #sourceOf(node: OperationNode): Source | null {
    const [inner, alias] = AliasNode.is(node) ? [node.node, node.alias] : [node, null];
    if (!TableNode.is(inner)) return null;
    const { schema, identifier } = inner.table;
    if (!schema && this.#shadowed.includes(identifier.name)) return null;
    const table = this.#tables.find(
      (t) => t.name === identifier.name && (!schema || t.namespace === null || t.namespace === schema.name),
    );
    if (!table) return null;
    return { table, alias: alias && IdentifierNode.is(alias) ? alias.name : identifier.name };
  }
}

const nameOf = ({ name }: CommonTableExpressionNode): string => name.table.table.identifier.name;

function subquery(source: Source, shown: Shown): OperationNode {
  const { name, namespace } = source.table;
  const table = namespace === null ? sql.table(name) : sql.table(`${namespace}.${name}`);
  const select = sql`(select * from ${table} where ${expression({ ...source, alias: name }, shown)})`;
  return AliasNode.create(select.toOperationNode(), IdentifierNode.create(source.alias));
}

const condition = (source: Source, shown: Shown): OperationNode =>
  expression(source, shown).toOperationNode();

function expression({ table, alias }: Source, shown: Shown): RawBuilder<unknown> {
  const column = sql.ref(`${alias}.${table.marker.column}`);
  const no = sql.lit(table.marker.no);
  const live =
    table.marker.kind === "boolean" ? sql`coalesce(${column}, ${no}) = ${no}` : sql`${column} is null`;
  return shown === "live" ? live : sql`not (${live})`;
}
