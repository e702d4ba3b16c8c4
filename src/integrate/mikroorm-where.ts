import type { EntityMetadata } from "@mikro-orm/core";
import { OnDeleteError } from "../index.ts";
import type { Marked } from "./marked.ts";

/** The marker of an entity's table; null where it has none. */
export type MarkOf = (entity: EntityMetadata) => Marked | null;

/** The condition by which rows of an entity are live or deleted; empty where nothing marks them. */
export function shownBy(entity: EntityMetadata, markOf: MarkOf, shown: "live" | "deleted"): object {
  const marked = markOf(entity);
  if (!marked) return {};
  const property = entity.props.find((p) => p.fieldNames?.includes(marked.column))?.name;
  if (property === undefined) {
    throw new OnDeleteError(
      "config-invalid",
      `The entity ${entity.className} has no property for the column ${marked.column}, which marks its rows as deleted.`,
      { hint: "MikroORM filters by properties: add one, hidden if it is nobody's business." },
    );
  }
  if (marked.kind !== "boolean") return { [property]: shown === "live" ? null : { $ne: null } };
  if (shown === "deleted") return { [property]: marked.no === false ? true : 1 };
  return { $or: [{ [property]: null }, { [property]: marked.no }] };
}

const NESTING = ["$and", "$or", "$not"];

/** A condition that holds for live rows alone wherever it asks about another entity's rows. */
export function liveWhere(entity: EntityMetadata, where: unknown, markOf: MarkOf): unknown {
  if (Array.isArray(where)) return where.map((one) => liveWhere(entity, one, markOf));
  if (!isCondition(where)) return where;
  const entries = Object.entries(where).map(([name, value]) => {
    if (NESTING.includes(name)) return [name, liveWhere(entity, value, markOf)];
    const target = entity.props.find((p) => p.name === name)?.targetMeta;
    return [name, target && isCondition(value) ? ofRelation(target, value, markOf) : value];
  });
  // MikroORM keeps fragments of SQL under symbols.
  for (const symbol of Object.getOwnPropertySymbols(where)) entries.push([symbol as never, where[symbol]]);
  return Object.fromEntries(entries);
}

function ofRelation(target: EntityMetadata, value: Condition, markOf: MarkOf): unknown {
  const names = Object.keys(value);
  const quantified = names.some((name) => QUANTIFIERS.includes(name));
  // Any other operator on a relation compares the reference that the row itself holds.
  if (!quantified && names.some((name) => name.startsWith("$") && !NESTING.includes(name))) return value;
  if (!markOf(target) && !quantified) return liveWhere(target, value, markOf);
  if (!quantified) return { $and: [liveWhere(target, value, markOf), shownBy(target, markOf, "live")] };
  const entries = names.map((name) => {
    const inner = liveWhere(target, value[name], markOf);
    if (!markOf(target)) return [name, inner];
    // Every live row: each that is there is deleted, or does it.
    if (name === "$every") return [name, { $or: [shownBy(target, markOf, "deleted"), inner] }];
    return [name, { $and: [inner, shownBy(target, markOf, "live")] }];
  });
  return Object.fromEntries(entries);
}

const QUANTIFIERS = ["$some", "$none", "$every"];

type Condition = Record<string | symbol, unknown>;

const isCondition = (value: unknown): value is Condition =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
