import { DataSource, EntitySchema } from "typeorm";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { key } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build, INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT } },
  fks: ["c(p) -> p(id) on delete cascade"],
  rows: { p: [[1], [2]], c: [[1, 1]] },
};

const Parent = new EntitySchema<{ id: number }>({
  name: "p",
  columns: { id: { type: Number, primary: true } },
});

async function sourceOn({ engine }: Variant, { url }: TestDatabase): Promise<DataSource> {
  const source = new DataSource({
    type: engine === "mariadb" ? "mariadb" : "postgres",
    url,
    entities: [Parent],
  });
  return source.initialize();
}

const SERVERS = {
  engines: ["postgres", "mariadb"],
  because: "TypeORM's drivers for it are opened themselves",
} as const;

describe("a TypeORM DataSource", () => {
  eachVariant((variant, fresh) => {
    const stage = async (work: (db: TestDatabase, source: DataSource) => Promise<void>) => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      const source = await sourceOn(variant, db);
      await work(db, source).finally(() => source.destroy());
    };

    test("is as good as the pool below it, and so is its manager", () =>
      stage(async (db, source) => {
        const before = await dump(db, variant);
        for (const handle of [source, source.manager]) {
          const ondelete = await open(handle);
          const outcome = await ondelete.delete(key("p", "1"));
          expect(outcome).toMatchObject({ state: "done", deleted: { p: 1, c: 1 } });
          await ondelete.restore(outcome.operation ?? "");
          expect(await dump(db, variant)).toEqual(before);
        }
      }));

    test("has its transaction joined: rolled back, nothing of the delete is left", () =>
      stage(async (db, source) => {
        const own = await open(source);
        const first = await own.delete(key("p", "2"));
        await own.restore(first.operation ?? "");
        const before = await dump(db, variant);
        const work = source.transaction(async (manager) => {
          expect((await (await open(manager)).delete(key("p", "1"))).state).toBe("done");
          expect(await manager.count(Parent)).toBe(1);
          throw new Error("the application changes its mind");
        });
        await expect(work).rejects.toThrow("changes its mind");
        expect(await dump(db, variant)).toEqual(before);
        expect((await own.status()).operations).toHaveLength(1);
        await source.transaction(async ({ queryRunner }) => {
          if (queryRunner) await (await open(queryRunner)).delete(key("p", "1"));
        });
        expect(await dump(db, variant)).toEqual({ p: ["2"], c: [] });
      }));
  }, SERVERS);
});
