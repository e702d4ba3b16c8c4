import type { EntityName } from "@mikro-orm/core";
import { open } from "ondelete";
import { ondelete } from "ondelete/mikroorm";
import { describe, expect, test } from "vitest";
import type { TestDatabase } from "../../../test/support/databases.ts";
import config, { matrixConfig } from "../ondelete.config.ts";
import { insert } from "../sample-data.ts";
import { type Base, Model, Project, Schedule, User, Workflow } from "../schema.ts";
import { remove } from "../services/removal.ts";
import { LABELLED, ONE_OF_EACH } from "./one-of-each.ts";
import { eachEngine } from "./stage.ts";

/** The acceptance table: the document's matrix, with its five wrong cells put right. */
const MATRIX = `
| When Deleting → | User          | Project                            | Workflow                           | Model         | Schedule         |
| --------------- | ------------- | ---------------------------------- | ---------------------------------- | ------------- | ---------------- |
| project         | owner_id=NULL | -                                  | -                                  | -             | -                |
| data_source     | owner_id=NULL | DELETED                            | -                                  | -             | -                |
| dataset         | owner_id=NULL | DELETED                            | -                                  | -             | -                |
| model           | owner_id=NULL | DELETED                            | -                                  | -             | -                |
| prompt          | owner_id=NULL | DELETED                            | -                                  | -             | -                |
| document        | owner_id=NULL | DELETED                            | -                                  | -             | -                |
| workflow        | owner_id=NULL | DELETED                            | -                                  | -             | -                |
| session         | owner_id=NULL | workflow_id=NULL                   | workflow_id=NULL                   | -             | -                |
| deployment      | owner_id=NULL | DELETED                            | workflow_id=NULL                   | model_id=NULL | -                |
| schedule        | owner_id=NULL | DELETED                            | DELETED                            | -             | -                |
| run             | owner_id=NULL | workflow_id=NULL, schedule_id=NULL | workflow_id=NULL, schedule_id=NULL | -             | schedule_id=NULL |
`;

/** The same table as the tool prints it: what the application has a hand in, and by way of which tables. */
const PRINTED = String.raw`
| When deleting → | user | project | model | workflow | schedule |
| --- | --- | --- | --- | --- | --- |
| **project** | owner_id=NULL | - | - | - | - |
| **data_source** | owner_id=NULL | DELETED (application) | - | - | - |
| **dataset** | owner_id=NULL | DELETED (application) | - | - | - |
| **model** | owner_id=NULL | DELETED (application) | - | - | - |
| **prompt** | owner_id=NULL | DELETED (application) | - | - | - |
| **document** | owner_id=NULL | DELETED (application) | - | - | - |
| **workflow** | owner_id=NULL | DELETED (application) | - | - | - |
| **session** | owner_id=NULL | workflow_id=NULL (application)\* | - | workflow_id=NULL | - |
| **deployment** | owner_id=NULL | DELETED or workflow_id=NULL, model_id=NULL (application) | model_id=NULL | workflow_id=NULL | - |
| **schedule** | owner_id=NULL | DELETED (application)\* | - | DELETED | - |
| **run** | owner_id=NULL | workflow_id=NULL, schedule_id=NULL (application)\* | - | workflow_id=NULL, schedule_id=NULL | schedule_id=NULL |
`;

const PARENTS = ["User", "Project", "Workflow", "Model", "Schedule"] as const;
type Parent = (typeof PARENTS)[number];
/** Of an entity only that it has a uid and labels. */
const plain = (entity: object) => entity as EntityName<Base>;

const ROWS: Readonly<
  Record<Parent, { readonly entity: EntityName<Base>; readonly table: string; readonly uid: string }>
> = {
  User: { entity: plain(User), table: "user", uid: "ada" },
  Project: { entity: plain(Project), table: "project", uid: "churn" },
  Workflow: { entity: plain(Workflow), table: "workflow", uid: "answering" },
  Model: { entity: plain(Model), table: "model", uid: "small" },
  Schedule: { entity: plain(Schedule), table: "schedule", uid: "nightly" },
};

const [head = [], , ...body] = MATRIX.trim()
  .split("\n")
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const CHILDREN = body.map(([child = ""]) => child);

/** A column of the acceptance table: what becomes of each child. */
const column = (parent: Parent): Readonly<Record<string, string>> =>
  Object.fromEntries(body.map((cells) => [cells[0], cells[head.indexOf(parent)]]));

/** What became of each child's only row since it was made with every reference. */
async function observed(db: TestDatabase, parent: Parent): Promise<Readonly<Record<string, string>>> {
  const cells = CHILDREN.filter((child) => child !== ROWS[parent].table).map(async (child) => {
    const [row] = await db.rows(`select * from "${child}"`);
    if (!row) return [child, "DELETED"];
    const lost = Object.keys(row).filter((name) => name.endsWith("_id") && row[name] === null);
    return [child, lost.map((name) => `${name}=NULL`).join(", ") || "-"];
  });
  const own = CHILDREN.includes(ROWS[parent].table) ? [[ROWS[parent].table, "-"]] : [];
  return Object.fromEntries([...(await Promise.all(cells)), ...own]);
}

const labels = async (db: TestDatabase): Promise<readonly string[]> => {
  const tables = [...new Set(["user", ...CHILDREN])];
  const counts = await Promise.all(
    tables.map(async (t) => [t, (await db.rows(`select 1 from ${t}_labels`)).length] as const),
  );
  return counts.filter(([, n]) => n === 0).map(([t]) => t);
};

test("the acceptance table has five parents and eleven children", () => {
  expect([head.slice(1), CHILDREN.length]).toEqual([[...PARENTS], 11]);
});

eachEngine((stage) => {
  describe.each(PARENTS)("What happens to each table when a %s is deleted", (parent) => {
    const { entity, table, uid } = ROWS[parent];
    const gone = [table, ...CHILDREN.filter((child) => column(parent)[child] === "DELETED")];

    test("through the application, which deletes by MikroORM; labels go with their rows and stay with the others", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, LABELLED);
      await remove(orm.em, entity, uid);
      expect(await observed(db, parent)).toEqual(column(parent));
      expect((await labels(db)).toSorted()).toEqual(gone.toSorted());
    });

    test("through ondelete, and a restore puts every value back", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, LABELLED);
      const before = await everything(db);
      const own = await ondelete(orm, config);
      const outcome = await own.delete(entity, { uid });
      expect(outcome.state).toBe("done");
      expect(await observed(db, parent)).toEqual(column(parent));
      expect((await labels(db)).toSorted()).toEqual(gone.toSorted());
      await own.restore(outcome.operation ?? "");
      expect(await everything(db)).toEqual(before);
    });

    test("by a raw DELETE, which is refused where MikroORM's cascades would have work to do", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, ONE_OF_EACH);
      const raw = db.exec(`delete from "${table}" where uid = '${uid}'`);
      if (parent === "Project") return expect(raw).rejects.toThrow("violates foreign key constraint");
      await raw;
      return expect(await observed(db, parent)).toEqual(column(parent));
    });
  });

  test("the tool prints the matrix in the document's layout", async () => {
    const { orm } = await stage();
    const text = await (await open(orm, matrixConfig)).document({ format: "markdown" });
    expect(text).toContain(PRINTED);
    expect(text).toContain("- schedule \\| project: project → workflow → schedule");
  });

  test("every relation and every cell is proven by experiment, natively and through ondelete", async () => {
    const { orm } = await stage();
    const { cells, summary } = await (await open(orm, config)).verify();
    expect(cells.filter((c) => c.verdict !== "proven")).toEqual([]);
    expect(summary).toMatchObject({ contradicted: 0, unprovable: 0 });
    const proven = new Set(cells.map((c) => `${c.parent} ${c.child}`));
    for (const parent of PARENTS)
      for (const child of CHILDREN)
        if (column(parent)[child] !== "-") expect(proven).toContain(`${ROWS[parent].table} ${child}`);
  });
});

async function everything(db: TestDatabase): Promise<object> {
  const tables = ["user", ...CHILDREN].flatMap((t) => [t, `${t}_labels`]);
  const rows = await Promise.all(tables.map((t) => db.rows(`select * from "${t}" order by uid`)));
  return Object.fromEntries(tables.map((t, i) => [t, rows[i]]));
}
