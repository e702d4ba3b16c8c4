import { relationId } from "../../model/relation.ts";
import type { DeleteHook, OrmCascade } from "../../model/source.ts";
import { edgeOf, isOf, type MikroormReading, type Owning } from "./reading.ts";
import type { MikroormEntity, MikroormProperty, MikroormSubscriber } from "./structure.ts";

/** The relations along which the unit of work goes on by itself when an entity is removed. */
export function cascadesOf(entity: MikroormEntity, reading: MikroormReading): readonly OrmCascade[] {
  // Those of a joining table are MikroORM's own.
  if (entity.pivotTable) return [];
  return entity.props.flatMap((property) => {
    const text = textOf(property);
    const owning = owningOf(entity, property);
    if (!text || !owning) return [];
    const edge = edgeOf(owning, reading);
    return [
      {
        relation: { id: relationId(edge), ...edge },
        deletes: owning.property === property ? ("parent" as const) : ("child" as const),
        text,
        location: reading.classes.member(entity.className, property.name),
      },
    ];
  });
}

function textOf({ cascade = [], orphanRemoval }: MikroormProperty): string | null {
  if (orphanRemoval) return "orphanRemoval: true";
  if (cascade.includes("all")) return "cascade: [Cascade.ALL]";
  return cascade.includes("remove") ? "cascade: [Cascade.REMOVE]" : null;
}

/** The side that has the columns; null for many-to-many, whose joining table has them. */
function owningOf(entity: MikroormEntity, property: MikroormProperty): Owning | null {
  const { kind, mappedBy, targetMeta } = property;
  if (mappedBy && (kind === "1:m" || kind === "1:1")) {
    const found = targetMeta?.props.find((p) => p.name === mappedBy);
    return targetMeta && found ? { entity: targetMeta, property: found } : null;
  }
  return kind === "m:1" || kind === "1:1" ? { entity, property } : null;
}

const EVENTS = ["beforeDelete", "afterDelete"] as const;

/** What MikroORM calls when it deletes an entity: its own methods, and subscribers to it or to every entity. */
export function hooksOf(
  entity: MikroormEntity,
  subscribers: readonly MikroormSubscriber[],
  { classes }: MikroormReading,
): readonly DeleteHook[] {
  const methods = EVENTS.flatMap((event) => entity.hooks[event] ?? []).map((method) => nameOf(method));
  const listening = subscribers.filter((s) => EVENTS.some((event) => s[event]) && listensTo(s, entity));
  return [
    ...[...new Set(methods)].map((method) => ({
      name: `${entity.className}.${method}`,
      location: classes.member(entity.className, method),
    })),
    ...listening.map((s) => ({ name: s.constructor.name, location: classes.of(s.constructor.name) })),
  ];
}

/** A method is given by its name, a function by itself. */
const nameOf = (method: unknown): string =>
  typeof method === "function" ? method.name || "a function" : String(method);

/** A subscriber that names no entities listens to all of them. */
function listensTo(subscriber: MikroormSubscriber, entity: MikroormEntity): boolean {
  const wanted = subscriber.getSubscribedEntities?.() ?? [];
  if (wanted.length === 0) return !entity.pivotTable;
  return wanted.some((one) => isOf(entity, one));
}
