import type { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";

eachVariant((variant, fresh) => {
  test("the journal is made once, and there is nothing to do the next time", async () => {
    const db = await fresh();
    await db.exec("create table t (id integer primary key)");
    const ondelete = await open(db.handle);
    const journal = async () =>
      (await ondelete.doctor()).find((d) => d.message.startsWith("The journal is in"));
    expect(await journal()).toBeUndefined();
    await ondelete.makeJournal();
    await ondelete.makeJournal();
    expect(await journal()).toBeDefined();
    expect((await ondelete.status()).operations).toEqual([]);
  });

  test.skipIf(variant.engine !== "sqlite")(
    "in a transaction of the caller's it is refused with what to do (SQLite, whose handle is the connection)",
    async () => {
      const db = await fresh();
      await db.exec("create table t (id integer primary key)");
      const ondelete = await open(db.handle);
      (db.handle as DatabaseSync).exec("begin");
      await expect(ondelete.makeJournal()).rejects.toMatchObject({
        code: "journal-missing",
        hint: "Make them once, on a connection of its own: `ondelete doctor --yes`, or `await db.makeJournal()`.",
      });
      (db.handle as DatabaseSync).exec("rollback");
    },
  );
});
