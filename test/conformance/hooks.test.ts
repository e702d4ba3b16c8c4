import { describe, expect, test } from "vitest";
import { type Config, type HookEvent, open, type RowsEvent } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: {
    customer: { id: PK, code: "varchar(40)" },
    item: { id: PK, customer: INT },
    log: { id: PK, customer: INT, made: "timestamp null" },
  },
  fks: [
    "item(customer) -> customer(id) on delete cascade",
    "log(customer) -> customer(id) on delete set null",
  ],
  rows: {
    customer: [
      [1, "one"],
      [2, "two"],
    ],
    item: [],
    log: [[1, 1, "2020-01-01 00:00:00"]],
  },
  sql: [`insert into [item] values ${Array.from({ length: 1_001 }, (_, i) => `(${i + 1}, 1)`).join(", ")}`],
};

type Told = readonly [string, HookEvent | RowsEvent];

/** Hooks that take note of everything; `fails` may throw. */
function noting(fails: (what: string) => void = () => {}) {
  const told: Told[] = [];
  const note = (what: string) => (event: HookEvent | RowsEvent) => {
    told.push([what, event]);
    fails(what);
  };
  const config: Config = {
    relations: [
      {
        child: "billing.invoice",
        columns: ["customer"],
        parent: "customer",
        parentColumns: ["code"],
        external: true,
      },
    ],
    tables: { log: { retention: { column: "made", olderThan: "1 year" } } },
    hooks: {
      before: note("before"),
      after: note("after"),
      rows: {
        customer: { before: note("before customer"), after: note("after customer") },
        item: { after: note("after item") },
      },
    },
  };
  return { told, config };
}

function eventOf(told: readonly Told[], at: number): HookEvent {
  const event = told[at]?.[1];
  if (event && "target" in event) return event;
  throw new Error(`no hook of an operation was called at ${at}`);
}

describe("hooks", () => {
  eachVariant((variant, fresh) => {
    test("are called before and after a delete, for the operation and for batches of its rows", async () => {
      const { told, config } = noting();
      const { ondelete } = await prepare(variant, fresh, SCHEMA, config);
      const operation = await done(ondelete, key("customer", "1"), { actor: "ann", reason: "left" });
      expect(told.map(([what]) => what)).toEqual([
        "before",
        "before customer",
        "after",
        ...(told[3]?.[0] === "after item"
          ? ["after item", "after item", "after item", "after customer"]
          : ["after customer", "after item", "after item", "after item"]),
      ]);
      const { key: beforeKey, ...event } = eventOf(told, 0);
      const { key: afterKey, ...after } = eventOf(told, 2);
      expect(event).toEqual({
        verb: "delete",
        operation,
        mode: "hard",
        target: key("customer", "1"),
        deleted: { customer: 1, item: 1_001 },
        updated: { log: 1 },
        actor: "ann",
        reason: "left",
      });
      expect(after).toEqual(event);
      expect(beforeKey).not.toBe(afterKey);
      const items = told.filter(([what]) => what === "after item").map(([, e]) => e as RowsEvent);
      expect(items.map((e) => [e.table, e.keys.length, e.keys[0], e.external])).toEqual([
        ["item", 500, { id: "1" }, []],
        ["item", 500, { id: "501" }, []],
        ["item", 1, { id: "1001" }, []],
      ]);
      expect(new Set(told.map(([, e]) => e.key)).size).toBe(told.length);
    });

    test("for rows are told what external relations reference, which a plan says it did not look at", async () => {
      const { told, config } = noting();
      const { ondelete } = await prepare(variant, fresh, SCHEMA, config);
      const relation = "billing.invoice(customer) -> customer(code)";
      const plan = await ondelete.plan(key("customer", "2"));
      const [warning] = plan.warnings.filter((w) => w.code === "external-not-looked-at");
      expect([warning?.relation, warning?.table, warning?.message]).toEqual([
        relation,
        "customer",
        `${relation} leads out of this database and was not looked at: 1 row of customer may be referenced from there. A hook for the rows of customer is told which go.`,
      ]);
      expect((await ondelete.plan(where("item", "id = 1"))).warnings.map((w) => w.code)).not.toContain(
        "external-not-looked-at",
      );
      await done(ondelete, key("customer", "2"), { archive: false });
      const rows = told.filter(([what]) => what.endsWith("customer")).map(([, e]) => e as RowsEvent);
      expect(rows.map((e) => [e.keys, e.external])).toEqual([
        [[{ id: "2", code: "two" }], [relation]],
        [[{ id: "2", code: "two" }], [relation]],
      ]);
    });

    test("that come before refuse the operation by throwing, and nothing is written", async () => {
      const { told, config } = noting((what) => {
        if (what === "before customer") throw new Error("the customer owes us money");
      });
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, config);
      const rows = await dump(db, variant);
      const error = await failure(ondelete.delete(key("customer", "1")));
      expect([error.code, error.message]).toEqual([
        "hook-refused",
        "A hook refuses the operation: the customer owes us money",
      ]);
      expect(await dump(db, variant)).toEqual(rows);
      expect((await ondelete.status()).operations).toEqual([]);
      expect(await ondelete.deliver()).toMatchObject({ delivered: 0, pending: 0 });
      expect(told.map(([what]) => what)).toEqual(["before", "before customer"]);
    });

    test("that come after are called again, by the same key, until they return", async () => {
      let failing = true;
      const { told, config } = noting((what) => {
        if (failing && what === "after customer") throw new Error("the service is down");
      });
      const { ondelete } = await prepare(variant, fresh, SCHEMA, config);
      const outcome = await ondelete.delete(key("customer", "2"));
      expect(outcome.state).toBe("done");
      expect(outcome.delivery).toMatchObject({ delivered: 1, pending: 1 });
      expect(outcome.delivery?.failures).toEqual([
        {
          operation: outcome.operation,
          kind: "hook",
          subject: "rows of customer",
          message: "the service is down",
        },
      ]);
      expect(await ondelete.deliver()).toMatchObject({ delivered: 0, pending: 1 });
      failing = false;
      expect(await ondelete.deliver()).toMatchObject({ delivered: 1, pending: 0 });
      expect(await ondelete.deliver()).toMatchObject({ delivered: 0, pending: 0 });
      const keys = told.filter(([what]) => what === "after customer").map(([, e]) => e.key);
      expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
    });

    test("are told of a restore, of a purge, and of nothing that did not happen", async () => {
      const { told, config } = noting();
      const { ondelete } = await prepare(variant, fresh, SCHEMA, config);
      const operation = await done(ondelete, key("customer", "2"));
      told.length = 0;
      await ondelete.restore(operation);
      expect(told.map(([what, e]) => [what, e.verb, e.operation])).toEqual(
        ["before", "before customer", "after", "after customer"].map((what) => [what, "restore", operation]),
      );
      told.length = 0;
      await ondelete.plan(key("customer", "2"));
      await ondelete.purge();
      await done(ondelete, where("customer", "id = 99"));
      expect(told).toEqual([]);
      const purge = await ondelete.purge({ execute: true });
      expect(told.map(([what, e]) => [what, e.verb])).toEqual([
        ["before", "purge"],
        ["after", "purge"],
      ]);
      expect(purge.delivery).toMatchObject({ delivered: 1, pending: 0 });
    });

    test("of rows that are marked are called for a soft delete", async () => {
      const { told, config } = noting();
      const tables = { customer: { softDelete: { column: "code", kind: "timestamp" as const } } };
      const { ondelete } = await prepare(
        variant,
        fresh,
        { ...SCHEMA, rows: { ...SCHEMA.rows, customer: [[1, null]] } },
        { ...config, tables, relations: [] },
      );
      const operation = await done(ondelete, key("customer", "1"), { soft: true });
      expect(told.map(([what, e]) => [what, e.mode])).toEqual(
        ["before", "before customer", "after", "after customer"].map((what) => [what, "soft"]),
      );
      await ondelete.restore(operation);
      expect(told.slice(4).map(([what, e]) => [what, e.mode, e.verb])).toEqual(
        ["before", "before customer", "after", "after customer"].map((w) => [w, "soft", "restore"]),
      );
    });
  });
});

describe("in a caller's transaction", () => {
  eachVariant(
    (variant, fresh) => {
      test("what comes after is done by deliver(), when it is committed, and never where it is rolled back", async () => {
        const { told, config } = noting();
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA, config);
        await done(ondelete, where("item", "id = 1"));
        told.length = 0;
        for (const end of ["rollback", "commit"]) {
          await db.exec("begin");
          const joined = await open(db.handle, config);
          const outcome = await joined.delete(where("item", "id = 2"));
          expect(outcome.delivery).toMatchObject({ delivered: 0, pending: 2 });
          expect(await joined.deliver()).toMatchObject({ delivered: 0, pending: 2 });
          await db.exec(end);
          const pending = end === "commit" ? 2 : 0;
          expect(await ondelete.deliver()).toMatchObject({ delivered: pending, pending: 0 });
        }
        expect(told.map(([what]) => what)).toEqual(["before", "before", "after", "after item"]);
      });
    },
    {
      engines: ["sqlite", "pglite"],
      because: "the handle of this test is a pool, whose sessions are several",
    },
  );
});
