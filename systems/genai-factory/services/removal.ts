import { Cascade, type EntityMetadata, type EntityName } from "@mikro-orm/core";
import type { Em } from "../database.ts";
import type { Base } from "../schema.ts";

/**
 * Deletes a row as the application does: MikroORM deletes what it has loaded, so all that goes with the row is loaded
 * before. The constraints alone would refuse.
 *
 * @throws NotFoundError
 */
export async function remove<Row extends Base>(em: Em, entity: EntityName<Row>, uid: string): Promise<void> {
  const own = em.fork();
  const populate = removedWith(own.getMetadata().get(entity));
  const row = await own.findOneOrFail(entity, { uid } as never, { populate: populate as never });
  await own.remove(row).flush();
}

/** The collections that MikroORM deletes with a row, those of these rows included: `workflows.schedules.labels`. */
function removedWith({ relations }: Pick<EntityMetadata, "relations">): readonly string[] {
  return relations
    .filter((r) => r.orphanRemoval || r.cascade.includes(Cascade.REMOVE))
    .flatMap(({ name, targetMeta }) => [
      name,
      ...removedWith(targetMeta ?? { relations: [] }).map((path) => `${name}.${path}`),
    ]);
}
