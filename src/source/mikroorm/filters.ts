import { isMarkerName } from "../../model/guessed-markers.ts";
import { isOf, type MikroormReading } from "./reading.ts";
import type { MikroormEntity, MikroormFilter, MikroormProperty } from "./structure.ts";

/**
 * The column by which filters that are on by themselves hide rows, as soft deletes are commonly written:
 * `{ cond: { deletedAt: null }, default: true }`; null where none does so, or several columns do. A condition that is a
 * function, or one of more than that, is not read.
 */
export function markerOf(entities: readonly MikroormEntity[], { filters }: MikroormReading): string | null {
  // Children in one table with their parent have its filters, and may have more, which hold for some rows only.
  const entity = entities.find((e) => e.root === e);
  if (!entity) return null;
  const applied = [...filters.filter((f) => isFor(f, entity)), ...Object.values(entity.filters)];
  const columns = applied.filter((f) => f.default).map((f) => hiding(f, entity));
  const found = new Set(columns.filter((column) => column !== null));
  const [only = null] = found;
  return found.size === 1 ? only : null;
}

/** A filter of the configuration that names no entity is for all of them. */
const isFor = ({ entity: wanted }: MikroormFilter, entity: MikroormEntity): boolean =>
  wanted === undefined || [wanted].flat().some((one) => isOf(entity, one));

/** The column that a filter wants to be empty, or false. */
function hiding({ cond }: MikroormFilter, { props }: MikroormEntity): string | null {
  if (typeof cond !== "object" || cond === null) return null;
  const [entry, ...more] = Object.entries(cond);
  if (!entry || more.length > 0) return null;
  const property = props.find((p) => p.name === entry[0]);
  const [column, ...others] = property?.fieldNames ?? [];
  if (!property || column === undefined || others.length > 0 || !isMarkerName(column)) return null;
  return isLive(property, compared(entry[1])) ? column : null;
}

/** `{ $eq: null }` is null. */
const compared = (value: unknown): unknown =>
  typeof value === "object" && value !== null && Object.keys(value).join() === "$eq"
    ? (value as { $eq: unknown }).$eq
    : value;

const isLive = ({ kind, nullable, runtimeType }: MikroormProperty, value: unknown): boolean =>
  kind === "scalar" && (value === null ? nullable === true : value === false && runtimeType === "boolean");
