import type { DeleteHook } from "../../model/source.ts";
import type { TypeormReading } from "./reading.ts";
import type { TypeormEntity, TypeormSubscriber } from "./structure.ts";

/** What TypeORM calls when it removes an entity: its own methods, and subscribers to it or to every entity. */
export function hooksOf(
  entity: TypeormEntity,
  subscribers: readonly TypeormSubscriber[],
  { classes }: TypeormReading,
): readonly DeleteHook[] {
  const listeners = [...entity.beforeRemoveListeners, ...entity.afterRemoveListeners];
  const methods = [...new Set(listeners.map((l) => l.propertyName))].map((method) => ({
    name: `${entity.name}.${method}`,
    location: classes.member(entity.name, method),
  }));
  const listening = subscribers
    .filter((s) => (s.beforeRemove ?? s.afterRemove) !== undefined && listensTo(s, entity))
    .map((s) => ({ name: s.constructor.name, location: classes.of(s.constructor.name) }));
  return [...methods, ...listening];
}

/** A subscriber that names nothing listens to everything; joining tables have no entity that one could name. */
function listensTo(
  subscriber: TypeormSubscriber,
  { target, inheritanceTree, tableType }: TypeormEntity,
): boolean {
  const wanted = subscriber.listenTo?.();
  if (wanted === undefined || wanted === Object) return tableType !== "junction";
  return wanted === target || inheritanceTree.includes(wanted);
}
