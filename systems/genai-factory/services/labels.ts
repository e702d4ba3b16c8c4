import type { EntityName } from "@mikro-orm/core";
import type { Em } from "../database.ts";
import type { Base, Label } from "../schema.ts";

/** Gives a row a label, or the label that it has another value. */
export async function label<Row extends Base>(
  em: Em,
  [entity, uid]: readonly [EntityName<Row>, string],
  [name, value]: readonly [name: string, value: string],
): Promise<void> {
  const { own, row } = await labelled(em, entity, uid);
  const found = row.labels.getItems().find((one) => one.name === name);
  if (found) found.value = value;
  else row.labels.add(own.create(labelsOf(own, entity), { name, value, parent: row } as never));
  await own.flush();
}

/** Takes a label out of its parent's collection, which deletes it. */
export async function unlabel<Row extends Base>(
  em: Em,
  [entity, uid]: readonly [EntityName<Row>, string],
  name: string,
): Promise<void> {
  const { own, row } = await labelled(em, entity, uid);
  row.labels.remove((one) => one.name === name);
  await own.flush();
}

/** Renames a row; the database carries its labels along, which refer to the name. */
export async function rename<Row extends Base>(
  em: Em,
  [entity, uid]: readonly [EntityName<Row>, string],
  name: string,
): Promise<void> {
  const own = em.fork();
  const row: Base = await own.findOneOrFail(entity, { uid } as never);
  row.name = name;
  await own.flush();
}

async function labelled<Row extends Base>(em: Em, entity: EntityName<Row>, uid: string) {
  const own = em.fork();
  const row: Base = await own.findOneOrFail(entity, { uid } as never, { populate: ["labels"] as never });
  return { own, row };
}

function labelsOf(em: Em, entity: EntityName): EntityName<Label> {
  const { properties } = em.getMetadata().get(entity);
  return properties.labels?.targetMeta?.class as EntityName<Label>;
}
