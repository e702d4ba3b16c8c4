import {
  type DeleteOptions,
  type ModelDocument,
  OnDeleteError,
  type Plan,
  type PlanOptions,
  type Target,
} from "../index.ts";
import { tableIdIn } from "../source/source.ts";
import { markedBy } from "./marked.ts";
import {
  type Deleting,
  type Opened,
  type OrmOptions,
  type OrmVerbs,
  opened,
  type SoftDeleteOptions,
  verbsOf,
} from "./opened.ts";
import { modelsOf, type PrismaModel } from "./prisma-schema.ts";
import { type Scope, type Shown, scopedArgs } from "./prisma-scope.ts";
import { type ColumnValues, targetOf } from "./rows.ts";

export { prisma } from "../source/prisma/prisma.ts";

/** The values of a model's scalar fields, by the delegate that a Prisma client has for it. */
type Scalars<Delegate> = Delegate extends {
  readonly [K: symbol]: { readonly types: { readonly payload: { readonly scalars: infer Fields } } };
}
  ? Fields
  : never;

/** The models of a Prisma client, as it names them: `project` of `model Project`. */
export type ModelName<Client> = {
  [M in keyof Client & string]: [Scalars<Client[M]>] extends [never] ? never : M;
}[keyof Client & string];

/** Rows of a model by the values of some of its fields, the key's or others. */
export type RowsWhere<Client, M extends ModelName<Client>> = ColumnValues<Scalars<Client[M]>>;

/** A Prisma client with soft deletes: which rows its queries see, and deletes that are planned. */
export interface OnDeletePrisma<Client extends object> extends OrmVerbs {
  /** Its finds, counts and groups see no deleted row: not in the model, a relation filter, an include or a `_count`. */
  readonly live: Client;
  /** Its finds, counts and groups start from deleted rows alone; what is included may be either. */
  readonly onlyDeleted: Client;
  /** The client as it was given, which sees all rows. */
  readonly withDeleted: Client;
  planDelete<M extends ModelName<Client>>(
    model: M,
    rows: RowsWhere<Client, M>,
    options?: PlanOptions,
  ): Promise<Plan>;
  /** Marks the rows, and all that a delete would take with them, as deleted. */
  softDelete<M extends ModelName<Client>>(
    model: M,
    rows: RowsWhere<Client, M>,
    options?: SoftDeleteOptions,
  ): Deleting;
  delete<M extends ModelName<Client>>(
    model: M,
    rows: RowsWhere<Client, M>,
    options?: DeleteOptions,
  ): Deleting;
  /** The same inside an interactive transaction of the application's: rolled back, nothing of it is left. */
  in<Tx extends object>(transaction: Tx): Promise<OnDeletePrisma<Tx>>;
}

/**
 * Soft deletes for a Prisma client with a driver adapter. Queries are changed only where they are made of `live` or
 * `onlyDeleted`, and of those only what they select.
 *
 * @throws OnDeleteError as `open`
 * @example
 * const softly = await ondelete(prisma, { tables: { projects: { softDelete: "deleted_at" } } });
 * await softly.softDelete("project", { id: 42 });
 * await softly.live.project.findMany({ include: { runs: true } }); // without project 42
 */
export async function ondelete<Client extends object>(
  prisma: Client,
  options: OrmOptions = {},
): Promise<OnDeletePrisma<Client>> {
  return bound(prisma, modelsOf(prisma), await opened(prisma, options));
}

function bound<Client extends object>(
  prisma: Client,
  models: readonly PrismaModel[],
  own: Opened,
): OnDeletePrisma<Client> {
  const { model } = own;
  const scope: Scope = { models, markOf: (one) => markedBy(model, idOf(model, one)) };
  return {
    ...verbsOf(own, (name: string, rows) => rowsOf(model, modelOf(models, name), rows)),
    live: scoped(prisma, scope, "live"),
    onlyDeleted: scoped(prisma, scope, "deleted"),
    withDeleted: prisma,
    in: async (transaction) => bound(transaction, models, await own.in(transaction)),
  };
}

/** What is used of Prisma's client extensions, which clients of transactions do not have. */
interface Extensible {
  $extends?(extension: object): object;
}

interface Call {
  readonly model: string;
  readonly operation: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly query: (args: object) => Promise<unknown>;
}

function scoped<Client extends object>(prisma: Client, scope: Scope, shown: Shown): Client {
  const client = prisma as Extensible;
  if (!client.$extends) return scopedTransaction(prisma, scope, shown);
  const $allOperations = ({ query, ...call }: Call) => query(scopedArgs(scope, shown, call));
  return client.$extends({ name: "ondelete", query: { $allModels: { $allOperations } } }) as Client;
}

// biome-ignore lint/suspicious/noExplicitAny: a client of any schema
type Any = any;

function scopedTransaction<Client extends object>(tx: Client, scope: Scope, shown: Shown): Client {
  const delegate = (given: Any, model: string) =>
    new Proxy(given, {
      get: (target, operation) => {
        const own = target[operation];
        if (typeof own !== "function") return own;
        return (args: Any) =>
          own.call(target, scopedArgs(scope, shown, { model, operation: String(operation), args }));
      },
    });
  return new Proxy(tx, {
    get: (target: Any, name) => {
      const model = scope.models.find((m) => clientName(m) === name);
      return model ? delegate(target[name], model.name) : target[name];
    },
  });
}

/** How a client names a model: by the model's own name, its first letter in lower case. */
const clientName = ({ name }: PrismaModel): string => name.charAt(0).toLowerCase() + name.slice(1);

function modelOf(models: readonly PrismaModel[], name: string): PrismaModel {
  const model = models.find((m) => clientName(m) === name);
  if (model) return model;
  throw new OnDeleteError("unknown-table", `The Prisma client has no model ${name}.`, {
    hint: `It has ${models.map(clientName).join(", ")}.`,
  });
}

/** Rows by the fields of a model. */
function rowsOf(model: ModelDocument, { fields, ...table }: PrismaModel, rows: object): Target {
  const named = Object.entries(rows).map(([name, value]) => [
    fields.find((f) => f.name === name)?.column ?? name,
    value,
  ]);
  return targetOf(model, idOf(model, table), Object.fromEntries(named));
}

/** The table as ondelete names it. */
const idOf = (model: ModelDocument, { table, namespace }: Pick<PrismaModel, "table" | "namespace">): string =>
  tableIdIn(model, table, namespace);
