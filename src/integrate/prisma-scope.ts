import { OnDeleteError } from "../index.ts";
import type { Marked } from "./marked.ts";
import type { PrismaField, PrismaModel } from "./prisma-schema.ts";

export type Shown = "live" | "deleted";

/** The models of a client, and which of their rows are marked as deleted. */
export interface Scope {
  readonly models: readonly PrismaModel[];
  /** The marker of a model's table; null where it has none. */
  readonly markOf: (model: PrismaModel) => Marked | null;
}

type Args = Readonly<Record<string, unknown>>;

const FINDS = ["findUnique", "findUniqueOrThrow", "findFirst", "findFirstOrThrow", "findMany"];
const SUMS = ["count", "aggregate", "groupBy"];

/** The arguments of a read with the conditions that show live or deleted rows; of anything else as they are. */
export function scopedArgs(
  scope: Scope,
  shown: Shown,
  call: { readonly model: string; readonly operation: string; readonly args: Args },
): Args {
  const args = call.args ?? {};
  const model = modelNamed(scope, call.model);
  const finds = FINDS.includes(call.operation);
  if (!finds && !SUMS.includes(call.operation)) return call.args;
  if (shown === "deleted") return { ...args, where: allOf(args.where, shownBy(scope, model, shown)) };
  const { included, conditions } = finds ? includes(scope, model, args) : sums(scope, model);
  const where = allOf(liveWhere(scope, model, args.where), conditions);
  return { ...args, ...included, ...(Object.keys(where).length > 0 ? { where } : {}) };
}

const modelNamed = ({ models }: Scope, name: string): PrismaModel => {
  const model = models.find((m) => m.name === name);
  if (!model) throw new Error(`bug in ondelete: no model ${name} in the client`);
  return model;
};

/** The conditions, none or one, by which rows of a model are live or deleted. */
function shownBy({ markOf }: Scope, model: PrismaModel, shown: Shown): readonly object[] {
  const marked = markOf(model);
  if (!marked) return [];
  const field = model.fields.find((f) => f.column === marked.column);
  if (!field) {
    throw new OnDeleteError(
      "config-invalid",
      `The model ${model.name} has no field for the column ${marked.column}, which marks its rows as deleted.`,
      { hint: "Prisma filters by fields: add one to the schema." },
    );
  }
  const { name, type, optional } = field;
  if (marked.kind !== "boolean") return [shown === "live" ? { [name]: null } : { NOT: { [name]: null } }];
  const [no, yes] = type === "Boolean" ? [false, true] : [0, 1];
  if (shown === "deleted") return [{ [name]: yes }];
  return [optional ? { OR: [{ [name]: null }, { [name]: no }] } : { [name]: no }];
}

/** Conditions beside what was given, whose unique fields stay where Prisma looks for them. */
function allOf(given: unknown, conditions: readonly object[]): object {
  const where = (given ?? {}) as { readonly AND?: object | readonly object[] };
  if (conditions.length === 0) return where;
  return { ...where, AND: [...[where.AND ?? []].flat(), ...conditions] };
}

interface Included {
  readonly included: Args;
  /** What has to hold of the rows themselves. */
  readonly conditions: readonly object[];
}

const sums = (scope: Scope, model: PrismaModel): Included => ({
  included: {},
  conditions: shownBy(scope, model, "live"),
});

/** `include` and `select` with the conditions of what they include. */
function includes(scope: Scope, model: PrismaModel, args: Args): Included {
  const conditions = [...shownBy(scope, model, "live")];
  const included: Record<string, unknown> = {};
  for (const part of ["include", "select"]) {
    const given = args[part];
    if (!isObject(given)) continue;
    const entries = Object.entries(given).map(([name, value]) => {
      if (name === "_count") return [name, counts(scope, model, value)];
      const field = relationNamed(model, name);
      if (!field || !value) return [name, value];
      const found = relation(scope, field, isObject(value) ? value : {});
      conditions.push(...found.conditions);
      return [name, Object.keys(found.included).length > 0 ? found.included : value];
    });
    included[part] = Object.fromEntries(entries);
  }
  return { included, conditions };
}

function relation(scope: Scope, field: PrismaField, args: Args): Included {
  const target = modelNamed(scope, field.type);
  const { included, conditions } = includes(scope, target, args);
  const nested = { ...args, ...included };
  if (!field.many && !field.optional) {
    // Prisma has no null for it, nor a condition: the row itself is not shown where its parent is not.
    const required = conditions.length > 0 ? [{ [field.name]: { is: { AND: conditions } } }] : [];
    return { included: nested, conditions: required };
  }
  const where = allOf(liveWhere(scope, target, args.where), conditions);
  return { included: { ...nested, ...(Object.keys(where).length > 0 ? { where } : {}) }, conditions: [] };
}

/** `_count` of what is live; `true` stands for all that there can be many of. */
function counts(scope: Scope, model: PrismaModel, given: unknown): unknown {
  if (!given) return given;
  const many = model.fields.filter((f) => f.column === null && f.many);
  const select = isObject(given) && isObject(given.select) ? given.select : null;
  const wanted = select ?? Object.fromEntries(many.map((f) => [f.name, true]));
  const entries = Object.entries(wanted).map(([name, value]) => {
    const field = relationNamed(model, name);
    if (!field || !value) return [name, value];
    const target = modelNamed(scope, field.type);
    const own = isObject(value) ? liveWhere(scope, target, value.where) : {};
    const where = allOf(own, shownBy(scope, target, "live"));
    return [name, Object.keys(where).length > 0 ? { where } : value];
  });
  return { select: Object.fromEntries(entries) };
}

/** A condition that holds for live rows alone wherever it asks about another model's rows. */
function liveWhere(scope: Scope, model: PrismaModel, where: unknown): unknown {
  if (Array.isArray(where)) return where.map((one) => liveWhere(scope, model, one));
  if (!isObject(where)) return where;
  const entries = Object.entries(where).map(([name, value]) => {
    if (["AND", "OR", "NOT"].includes(name)) return [name, liveWhere(scope, model, value)];
    const field = relationNamed(model, name);
    return [name, field && isObject(value) ? ofRelation(scope, field, value) : value];
  });
  return Object.fromEntries(entries);
}

function ofRelation(scope: Scope, field: PrismaField, value: Args): unknown {
  const target = modelNamed(scope, field.type);
  const isLive = shownBy(scope, target, "live");
  const quantified = field.many || "is" in value || "isNot" in value;
  if (!quantified) return { is: allOf(liveWhere(scope, target, value), isLive) };
  const entries = Object.entries(value).map(([name, given]) => {
    if (!isObject(given)) return [name, given];
    const inner = liveWhere(scope, target, given) as object;
    // Every live row: each that is there is deleted, or does it.
    if (name === "every" && isLive.length > 0) return [name, { OR: [{ NOT: isLive }, inner] }];
    return [name, allOf(inner, isLive)];
  });
  return Object.fromEntries(entries);
}

const relationNamed = ({ fields }: PrismaModel, name: string): PrismaField | undefined =>
  fields.find((f) => f.name === name && f.column === null);

const isObject = (value: unknown): value is Args =>
  typeof value === "object" && value !== null && !Array.isArray(value);
