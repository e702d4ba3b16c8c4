import { expect, test } from "vitest";
import { type Findings, open } from "../../src/index.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";
import { familyOf } from "./fixture.ts";

/** Constraint name, child, column, parent, action. */
type Key = readonly [string, string, string, string, string];

/** What is found about `b_a`: nothing, that the order decides, or that it is always refused. */
type Told = "nothing" | "order" | "refused";

interface Diamond {
  readonly title: string;
  readonly keys: readonly Key[];
  readonly told: Readonly<Record<"sqlite" | "postgres" | "mariadb", Told>>;
}

const FLAT: readonly Key[] = [
  ["a_r", "a", "r", "r", "cascade"],
  ["b_r", "b", "r", "r", "cascade"],
];
const UNEVEN: readonly Key[] = [
  ["a_r", "a", "r", "r", "cascade"],
  ["x_r", "x", "r", "r", "cascade"],
  ["b_x", "b", "x", "x", "cascade"],
];
const inner = (action: string): Key => ["b_a", "b", "a", "a", action];

const diamonds: readonly Diamond[] = [
  {
    title: "a flat diamond, RESTRICT",
    keys: [...FLAT, inner("restrict")],
    told: { postgres: "nothing", mariadb: "order", sqlite: "order" },
  },
  {
    title: "a flat diamond, NO ACTION",
    keys: [...FLAT, inner("no action")],
    told: { postgres: "nothing", mariadb: "order", sqlite: "nothing" },
  },
  {
    title: "an uneven diamond, RESTRICT (E1, E6)",
    keys: [...UNEVEN, inner("restrict")],
    told: { postgres: "order", mariadb: "order", sqlite: "order" },
  },
  {
    title: "an uneven diamond, NO ACTION (E1, E6)",
    keys: [...UNEVEN, inner("no action")],
    told: { postgres: "order", mariadb: "order", sqlite: "nothing" },
  },
  {
    title: "two keys on one parent, of which one restricts",
    keys: [
      ["b_r", "b", "r", "r", "cascade"],
      ["b_a", "b", "a", "r", "restrict"],
    ],
    told: { postgres: "order", mariadb: "order", sqlite: "order" },
  },
];

/** The orders in which the keys are made; names on MariaDB, where they decide, follow the order. */
const orders = (keys: readonly Key[]) => [keys, keys.toReversed()];

eachVariant((variant, fresh) => {
  for (const { title, keys, told } of diamonds) {
    test(`${title}: what is told is what the engine does, in either order`, async () => {
      const ends = new Set<string>();
      for (const order of orders(keys)) {
        const stage = await fresh();
        await stage.exec(schema(variant, order));
        await stage.exec(rows(keys));
        const found = await checked(stage);
        const end = await deleted(stage);
        ends.add(end);
        const expected = told[familyOf(variant)];
        expect(kinds(found)).toEqual(expected === "nothing" ? [] : [expected]);
        const now = found.findings.find((f) => f.rule === "cascade-order-dependent")?.evidence.now;
        if (expected === "order") expect(now).toBe(end);
        else expect(end).toBe(expected === "refused" ? "is refused" : "goes through");
      }
      if (told[familyOf(variant)] !== "order") expect(ends.size).toBe(1);
    });
  }

  test("the fix of an uneven diamond makes the DELETE go through, and nothing is found then", async () => {
    const keys = [...UNEVEN, inner("no action")];
    for (const order of orders(keys)) {
      const stage = await fresh();
      await stage.exec(schema(variant, order));
      await stage.exec(rows(keys));
      const [finding] = (await checked(stage)).findings;
      if (!finding?.fix?.sql) {
        expect(finding?.rule).toBe(familyOf(variant) === "sqlite" ? undefined : "cascade-order-dependent");
        continue;
      }
      await stage.exec(finding.fix.sql);
      expect(await deleted(stage)).toBe("goes through");
    }
  });
});

const RULES = { "cascade-order-dependent": "order", "cascade-blocked": "refused" } as const;

const kinds = ({ findings }: Findings): readonly string[] =>
  findings.map((f) => RULES[f.rule as keyof typeof RULES]);

async function checked(stage: TestDatabase): Promise<Findings> {
  const db = await open(stage.handle);
  try {
    const found = await db.check({ rules: ["cascade-order-dependent", "cascade-blocked"] });
    // What rows alone decide is another test's.
    return { ...found, findings: found.findings.filter((f) => f.evidence.case !== "by the rows") };
  } finally {
    await db.close();
  }
}

const columnsOf = (keys: readonly Key[], table: string) =>
  keys.filter(([, child]) => child === table).map(([, , column]) => column);

const tablesOf = (keys: readonly Key[]) => [
  ...new Set(keys.flatMap(([, child, , parent]) => [parent, child])),
];

function schema(variant: Variant, order: readonly Key[]): string[] {
  const constraint = ([name, , column, parent, action]: Key, i: number) =>
    `constraint ${familyOf(variant) === "mariadb" ? `k${i}_${name}` : name} foreign key (${column}) references ${parent} (id) on delete ${action}`;
  const numbered = order.map((key, i) => ({ key, text: constraint(key, i) }));
  if (familyOf(variant) !== "sqlite")
    return [
      ...tablesOf(order).map(
        (t) =>
          `create table ${t} (${["id", ...columnsOf(order, t)].map((c) => `${c} integer${c === "id" ? " primary key" : ""}`)})`,
      ),
      ...numbered.map(({ key, text }) => `alter table ${key[1]} add ${text}`),
    ];
  const inOrder = [...new Set(["r", ...order.map(([, child]) => child)])];
  return inOrder.map((t) => {
    const own = numbered.filter(({ key }) => key[1] === t).map(({ text }) => text);
    return `create table ${t} (${[...["id", ...columnsOf(order, t)].map((c) => `${c} integer${c === "id" ? " primary key" : ""}`), ...own]})`;
  });
}

/** Parents first. */
function rows(keys: readonly Key[]): string[] {
  return ["r", "a", "x", "b"]
    .filter((t) => tablesOf(keys).includes(t))
    .map(
      (t) =>
        `insert into ${t} (${["id", ...columnsOf(keys, t)]}) values (${["id", ...columnsOf(keys, t)].map(() => 1)})`,
    );
}

async function deleted(stage: TestDatabase): Promise<string> {
  try {
    await stage.exec("delete from r where id = 1");
    return "goes through";
  } catch (error) {
    if (!/foreign key|violates/i.test(String(error))) throw error;
    return "is refused";
  }
}
