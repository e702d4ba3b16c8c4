import { open } from "ondelete";
import { ondelete } from "ondelete/mikroorm";
import { describe, expect, test } from "vitest";
import type { TestDatabase } from "../../../test/support/databases.ts";
import config from "../ondelete.config.ts";
import { insert, type Rows, sampleRows } from "../sample-data.ts";
import { Model, Project, Run, User, Workflow } from "../schema.ts";
import { label, rename, unlabel } from "../services/labels.ts";
import { remove } from "../services/removal.ts";
import { LABELLED, ONE_OF_EACH } from "./one-of-each.ts";
import { eachEngine } from "./stage.ts";

const TABLES = [
  ...["user", "project", "data_source", "dataset", "model", "prompt", "document"],
  ...["workflow", "session", "deployment", "schedule", "run"],
];

const texts = async (db: TestDatabase, query: string): Promise<readonly string[]> =>
  (await db.rows(query)).map((row) => Object.values(row).join(" "));

eachEngine((stage) => {
  describe("Tables", () => {
    test("each table has a uid of 64 characters, a unique name of 255, a description, a JSON spec and timestamps", async () => {
      const { orm } = await stage();
      const { tables } = await (await open(orm, config)).inspect();
      expect(tables.map((t) => t.id)).toEqual(TABLES.flatMap((t) => [t, `${t}_labels`]).toSorted());
      for (const name of TABLES) {
        const table = tables.find((t) => t.id === name);
        expect(table?.columns.slice(0, 6).map((c) => [c.name, c.type])).toEqual([
          ["uid", "character varying(64)"],
          ["name", "character varying(255)"],
          ["description", "text"],
          ["spec", "jsonb"],
          ["created_at", "timestamp with time zone"],
          ["updated_at", "timestamp with time zone"],
        ]);
        expect([table?.primaryKey, table?.uniqueKeys.map((k) => k.columns)]).toEqual([["uid"], [["name"]]]);
      }
    });

    test("each table has a labels table: a key and a value, and a reference to its parent's name", async () => {
      const { orm } = await stage();
      const { tables, relations } = await (await open(orm, config)).inspect();
      for (const name of TABLES) {
        const table = tables.find((t) => t.id === `${name}_labels`);
        expect(table?.columns.map((c) => [c.name, c.type])).toEqual([
          ["uid", "integer"],
          ["name", "character varying(255)"],
          ["value", "character varying(255)"],
          ["parent", "character varying(255)"],
        ]);
        expect(relations.find((r) => r.child === `${name}_labels`)).toMatchObject({
          id: `${name}_labels(parent) -> ${name}(name)`,
          onDelete: "cascade",
          enforcedBy: "application",
          onUpdate: "cascade",
        });
      }
    });

    test("foreign key columns are indexed, and every SET NULL column can be null", async () => {
      const { orm } = await stage();
      const { tables, relations } = await (await open(orm, config)).inspect();
      expect(relations).toHaveLength(36);
      expect(relations.filter((r) => !r.indexed)).toEqual([]);
      const nulled = relations.filter((r) => r.onDelete === "set null");
      expect(nulled).toHaveLength(16);
      for (const { child, columns } of nulled)
        expect(tables.find((t) => t.id === child)?.columns.find((c) => c.name === columns[0])?.nullable).toBe(
          true,
        );
    });

    test("all tables with owner_id are all but user and the labels, and each is set to null", async () => {
      const { orm } = await stage();
      const { relations } = await (await open(orm, config)).inspect();
      const owned = relations.filter((r) => r.columns[0] === "owner_id");
      expect(owned.map((r) => r.child).toSorted()).toEqual(TABLES.filter((t) => t !== "user").toSorted());
      expect(new Set(owned.map((r) => `${r.onDelete} by ${r.enforcedBy}`))).toEqual(
        new Set(["set null by database"]),
      );
    });

    test("step configurations live in the workflow's spec", async () => {
      const { orm } = await stage();
      await insert(orm.em, sampleRows(1));
      const workflow = await orm.em.fork().findOneOrFail(Workflow, { name: "churn-answering" });
      expect(workflow.spec?.step_configurations.map((s) => s.name)).toEqual(["ingest", "retrieve", "answer"]);
    });

    test("a user has many sessions, via owner_id", async () => {
      const { orm } = await stage();
      await insert(orm.em, ONE_OF_EACH);
      const populate = ["sessions"] as never;
      const ada = await orm.em.fork().findOneOrFail(User, { uid: "ada" }, { populate });
      expect(ada.sessions.getItems().map((s) => s.uid)).toEqual(["chat"]);
    });
  });

  describe("ORM vs DB-level cascades: deletions must go through the ORM, or through ondelete", () => {
    test("a raw DELETE FROM project is refused, and ondelete foretells it", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, ONE_OF_EACH);
      await expect(db.exec("delete from project")).rejects.toThrow("violates foreign key constraint");
      const plan = await (await ondelete(orm, config)).planDelete(Project, { uid: "churn" });
      expect([plan.verdict, plan.nativeVerdict]).toEqual(["allowed", "refused"]);
      expect(await texts(db, "select uid from project")).toEqual(["churn"]);
    });

    test("a raw DELETE FROM workflow takes its schedules along, and is refused where one of them has a label", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, { ...ONE_OF_EACH, ScheduleLabel: LABELLED.ScheduleLabel ?? [] });
      await expect(db.exec("delete from workflow")).rejects.toThrow("schedule_labels_parent_foreign");
      await db.exec("delete from schedule_labels");
      await db.exec("delete from workflow");
      expect(await texts(db, "select uid from schedule")).toEqual([]);
      expect(await db.rows("select workflow_id, schedule_id from run")).toEqual([
        { workflow_id: null, schedule_id: null },
      ]);
    });

    test("a deployment of another project that runs this one's workflow or model stays and loses both", async () => {
      for (const by of ["the application", "ondelete"] as const) {
        const { orm, db } = await stage();
        await insert(orm.em, WITH_NEIGHBOUR);
        if (by === "ondelete") await (await ondelete(orm, config)).delete(Project, { uid: "churn" });
        else await remove(orm.em, Project, "churn");
        expect(await db.rows("select uid, project_id, workflow_id, model_id from deployment")).toEqual([
          { uid: "borrowed", project_id: "fraud", workflow_id: null, model_id: null },
        ]);
        await orm.close();
      }
    });

    test("a delete through ondelete joins MikroORM's transaction: rolled back, nothing of it is left", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, LABELLED);
      const own = await ondelete(orm, config);
      const first = await own.delete(Model, { uid: "small" });
      await own.restore(first.operation ?? "");
      const work = orm.em.fork().transactional(async (tx) => {
        await (await own.in(tx)).delete(Project, { uid: "churn" });
        expect(await tx.count(Workflow)).toBe(0);
        throw new Error("the factory changes its mind");
      });
      await expect(work).rejects.toThrow("changes its mind");
      expect(await texts(db, "select uid from workflow")).toEqual(["answering"]);
    });
  });

  describe("Labels", () => {
    test("a label that is taken out of its parent's collection is deleted", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, LABELLED);
      await label(orm.em, [Run, "first"], ["attempt", "1"]);
      await label(orm.em, [Run, "first"], ["attempt", "2"]);
      expect(await texts(db, "select name, value, parent from run_labels order by uid")).toEqual([
        "team blue first",
        "attempt 2 first",
      ]);
      await unlabel(orm.em, [Run, "first"], "team");
      expect(await texts(db, "select name, value, parent from run_labels")).toEqual(["attempt 2 first"]);
    });

    test("renaming a parent carries its labels along, and they go and come back under the new name", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, LABELLED);
      await rename(orm.em, [Project, "churn"], "retention");
      const labels = () => texts(db, "select name, value, parent from project_labels");
      expect(await labels()).toEqual(["team blue retention"]);
      const own = await ondelete(orm, config);
      const { operation } = await own.delete(Project, { uid: "churn" });
      expect(await labels()).toEqual([]);
      await own.restore(operation ?? "");
      expect(await labels()).toEqual(["team blue retention"]);
    });

    test("a name belongs to one row of a table", async () => {
      const { orm } = await stage();
      await insert(orm.em, WITH_NEIGHBOUR);
      await expect(rename(orm.em, [Project, "fraud"], "churn")).rejects.toThrow("project_name_unique");
    });

    test("where a name was taken in the meantime, a restore stops and says so, and nothing is written", async () => {
      const { orm, db } = await stage();
      await insert(orm.em, WITH_NEIGHBOUR);
      const own = await ondelete(orm, config);
      const { operation } = await own.delete(Project, { uid: "churn" });
      await rename(orm.em, [Project, "fraud"], "churn");
      const { conflicts } = await own.database.planRestore(operation ?? "");
      expect(conflicts.map((c) => [c.kind, c.table])).toContainEqual(["unique-taken", "project"]);
      expect(await texts(db, "select uid from project")).toEqual(["fraud"]);
    });
  });

  test("sample data is the same for the same number, and satisfies every constraint", async () => {
    expect(sampleRows(9, 3)).toEqual(sampleRows(9, 3));
    expect(sampleRows(9, 3)).not.toEqual(sampleRows(9, 4));
    const { orm, db } = await stage();
    await insert(orm.em, sampleRows(9));
    expect(await texts(db, "select count(*) from run")).toEqual(["54"]);
    const { relations } = await (await open(orm, config)).orphans();
    expect(relations.filter((r) => r.rows > 0)).toEqual([]);
  });
});

const dates = { createdAt: new Date(0), updatedAt: new Date(0) };
const borrowed = { project: "fraud", workflow: "answering", model: "small" };

/** One of each, and a project beside it whose deployment runs the first one's workflow and model. */
const WITH_NEIGHBOUR: Rows = {
  ...LABELLED,
  Project: [...(LABELLED.Project ?? []), { uid: "fraud", name: "fraud", ...dates }],
  Deployment: [...(LABELLED.Deployment ?? []), { uid: "borrowed", name: "borrowed", ...borrowed, ...dates }],
};
