import { describe, expect, test } from "vitest";
import type { Config, Purge } from "../../src/index.ts";
import { before, parseAge } from "../../src/model/retention.ts";
import { done, failure, key, prepare } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const [OLD, NEW] = ["2020-01-01 00:00:00", "2037-01-01 00:00:00"];

/** Forms with messages that can be deleted softly, and notes that cannot. */
const SCHEMA: Schema = {
  tables: {
    form: { id: PK, held: INT, gone: "timestamp null" },
    message: { id: PK, form: INT, gone: "timestamp null" },
    note: { id: PK, form: INT },
    audit: { id: PK, form: INT, made: "timestamp null" },
  },
  fks: [
    "message(form) -> form(id) on delete cascade",
    "note(form) -> form(id) on delete cascade",
    "audit(form) -> form(id) on delete set null",
  ],
  rows: {
    form: [
      [1, 0, OLD],
      [2, 0, OLD],
      [3, 0, NEW],
      [4, 0, null],
      [5, 1, OLD],
      [6, 0, OLD],
    ],
    message: [
      [1, 1, OLD],
      [2, 1, NEW],
      [3, 2, null],
      [4, 4, OLD],
    ],
    note: [
      [1, 1],
      [2, 2],
      [3, 6],
    ],
    audit: [
      [1, 1, OLD],
      [2, 6, NEW],
      [3, null, OLD],
    ],
  },
};

const CONFIG: Config = {
  tables: {
    form: { softDelete: "gone", legalHold: "held = 1", retention: { olderThan: "30 days" } },
    message: { softDelete: "gone", retention: { name: "messages", olderThan: "30 days", archive: false } },
    audit: { retention: { column: "made", olderThan: "90 days", batchRows: 1 } },
  },
};

const told = ({ policies }: Purge) =>
  policies.map((p) => [p.policy, p.eligible, p.deleted, p.updated, p.held, p.batches]);

describe("a purge", () => {
  eachVariant((variant, fresh) => {
    test("says what it would delete, and changes nothing", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      const rows = await dump(db, variant);
      const planned = await ondelete.purge();
      expect(planned.state).toBe("planned");
      expect(told(planned)).toEqual([
        ["form", 4, { form: 2, message: 2, note: 2 }, { audit: 2 }, 2, 1],
        ["messages", 2, { message: 2 }, {}, 0, 1],
        ["audit", 2, { audit: 2 }, {}, 0, 2],
      ]);
      expect(await dump(db, variant)).toEqual(rows);
      expect((await ondelete.status()).operations).toEqual([]);
    });

    test("deletes what is old, holds back what has a live child or is under a legal hold, and says why", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      const result = await ondelete.purge({ execute: true, actor: "cron" });
      expect(result.state).toBe("done");
      expect(told(result)).toEqual([
        ["form", 4, { form: 2, message: 2, note: 2 }, { audit: 2 }, 2, 1],
        ["messages", 1, { message: 1 }, {}, 0, 1],
        ["audit", 2, { audit: 2 }, {}, 0, 2],
      ]);
      const [forms] = result.policies;
      expect(forms?.blockers.map((b) => [b.relation, b.action, b.reason, b.rows, b.sample])).toEqual([
        ["form", "legal hold", "protected", 1, [{ id: "5" }]],
        ["message", "purge", "protected", 1, [{ id: "3" }]],
      ]);
      const ids = async (table: string) =>
        (await db.rows(`select id from ${table} order by id`)).map((r) => r.id).join();
      expect([await ids("form"), await ids("message"), await ids("note"), await ids("audit")]).toEqual([
        "2,3,4,5",
        "3",
        "2",
        "2",
      ]);
      const { operations } = await ondelete.status();
      expect(operations.map((o) => [o.reason, o.actor, o.archive])).toEqual([
        ["purge form", "cron", true],
        ["purge messages", "cron", false],
        ["purge audit", "cron", true],
        ["purge audit", "cron", true],
      ]);
      expect(result.policies.flatMap((p) => p.operations)).toEqual(operations.map((o) => o.operation));
    });

    test("is taken back batch by batch, newest first", async () => {
      const { audit, form } = CONFIG.tables ?? {};
      const config: Config = {
        tables: { form: form ?? {}, message: { softDelete: "gone" }, audit: audit ?? {} },
      };
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, config);
      const rows = await dump(db, variant);
      const { policies } = await ondelete.purge({ execute: true });
      for (const operation of policies.flatMap((p) => p.operations).reverse())
        expect((await ondelete.restore(operation)).conflicts).toEqual([]);
      expect(await dump(db, variant)).toEqual(rows);
    });

    test("goes over all rows in batches of the size that is given, the last one smaller", async () => {
      const ids = Array.from({ length: 25 }, (_, i) => i + 1);
      const { ondelete } = await prepare(
        variant,
        fresh,
        {
          tables: { t: { id: PK, made: "bigint" } },
          fks: [],
          rows: { t: ids.map((i) => [i, i % 5 === 0 ? null : 1]) },
        },
        { tables: { t: { retention: { column: "made", olderThan: "1 hour", batchRows: 8 } } } },
      );
      const result = await ondelete.purge({ execute: true });
      expect(told(result)).toEqual([["t", 20, { t: 20 }, {}, 0, 3]]);
      expect(told(await ondelete.purge({ execute: true }))).toEqual([["t", 0, {}, {}, 0, 0]]);
    });

    test("can delete softly, only rows that are live, and by a condition of its own", async () => {
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        {
          tables: { t: { id: PK, made: "timestamp null", kind: INT, gone: "timestamp null" } },
          fks: [],
          rows: {
            t: [
              [1, OLD, 1, null],
              [2, OLD, 1, NEW],
              [3, OLD, 2, null],
              [4, NEW, 1, null],
            ],
          },
        },
        {
          tables: {
            t: {
              softDelete: "gone",
              retention: [{ column: "made", olderThan: "2 years", where: "kind = 1", mode: "soft" }],
            },
          },
        },
      );
      const rows = await dump(db, variant);
      const result = await ondelete.purge({ execute: true });
      expect(told(result)).toEqual([["t", 1, { t: 1 }, {}, 0, 1]]);
      expect((await db.rows("select id from t where gone is null order by id")).map((r) => r.id)).toEqual([
        "3",
        "4",
      ]);
      await ondelete.restore(result.policies[0]?.operations[0] ?? "");
      expect(await dump(db, variant)).toEqual(rows);
    });

    test("goes by composite keys, in their order", async () => {
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        {
          tables: {
            t: {
              a: "varchar(10) not null",
              b: "integer not null",
              made: "bigint",
              "+": "primary key (a, b)",
            },
          },
          fks: [],
          rows: {
            t: [
              ["x", 1, 1],
              ["x", 2, 1],
              ["y'", 1, 1],
              ["y'", 2, null],
              ["z", 1, 1],
            ],
          },
        },
        {
          tables: {
            t: { legalHold: "a = 'z'", retention: { column: "made", olderThan: "1 week", batchRows: 2 } },
          },
        },
      );
      const result = await ondelete.purge({ execute: true });
      expect(told(result)).toEqual([["t", 4, { t: 3 }, {}, 1, 2]]);
      expect((await dump(db, variant)).t).toEqual(["y'|2|∅", "z|1|1"]);
    });

    test("of a name that the configuration does not have says which it has", async () => {
      const { ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      const error = await failure(ondelete.purge({ policies: ["mesages"] }));
      expect([error.code, error.hint]).toEqual(["usage", "Did you mean messages?"]);
      const only = await ondelete.purge({ policies: ["messages"] });
      expect(only.policies.map((p) => p.policy)).toEqual(["messages"]);
    });
  });
});

describe("a legal hold", () => {
  eachVariant((variant, fresh) => {
    test("blocks a delete that would take held rows along, and names the roots that are free", async () => {
      const { ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      const held = await ondelete.plan({
        table: "form",
        select: { kind: "condition", sql: "id in (1, 5, 6)" },
      });
      expect(held.blockers.map((b) => [b.table, b.reason, b.sample])).toEqual([
        ["form", "protected", [{ id: "5" }]],
      ]);
      expect(held.deletableRoots).toEqual([{ id: "1" }, { id: "6" }]);
      expect((await ondelete.delete(key("form", "5"))).state).toBe("blocked");
    });

    test("lets a row be hidden, and found again", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      await db.exec(["update form set gone = null where id = 5"]);
      await done(ondelete, key("form", "5"), { soft: true });
      expect(await db.rows("select id from form where id = 5 and gone is not null")).toHaveLength(1);
    });

    test("of a whole table needs no condition", async () => {
      const config: Config = { tables: { note: { legalHold: true } } };
      const { ondelete } = await prepare(variant, fresh, SCHEMA, config);
      const plan = await ondelete.plan(key("form", "1"));
      expect(plan.blockers.map((b) => [b.table, b.action, b.rows])).toEqual([["note", "legal hold", 1]]);
    });
  });
});

describe("an age", () => {
  const at = (text: string, from: string) => {
    const age = parseAge(text);
    return age && before(new Date(from), age).toISOString();
  };
  test("goes by the calendar", () => {
    expect(at("30 days", "2026-03-31T12:00:00Z")).toBe("2026-03-01T12:00:00.000Z");
    expect(at("1 month", "2026-03-31T12:00:00Z")).toBe("2026-02-28T12:00:00.000Z");
    expect(at("1 year", "2024-02-29T00:00:00Z")).toBe("2023-02-28T00:00:00.000Z");
    expect(at("2 weeks", "2026-01-05T00:00:00Z")).toBe("2025-12-22T00:00:00.000Z");
    expect(at("90 minutes", "2026-01-01T01:00:00Z")).toBe("2025-12-31T23:30:00.000Z");
  });
  test("is a number and a unit", () => {
    expect([parseAge("30"), parseAge("30 d"), parseAge("-1 days"), parseAge("")]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
