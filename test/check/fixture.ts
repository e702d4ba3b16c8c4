import { expect, test } from "vitest";
import { type Config, type Findings, open } from "../../src/index.ts";
import type { Variant } from "../support/databases.ts";
import { eachVariant, type Fresh } from "../support/stages.ts";

/** SQL for each engine, or one for all. */
type Ddl = string | Readonly<Partial<Record<"sqlite" | "postgres" | "mariadb", string>>>;

/** A schema, and all that its rule finds in it. */
export interface Fixture {
  readonly title: string;
  readonly ddl: Ddl;
  readonly config?: Config;
  readonly data?: true;
  /** Severity and object of each finding, in their order; by engine where that makes a difference. */
  readonly finds:
    | readonly Expected[]
    | Readonly<Record<"sqlite" | "postgres" | "mariadb", readonly Expected[] | null>>;
}

type Expected = readonly ["error" | "warning" | "info", string];

type Family = "sqlite" | "postgres" | "mariadb";

const familyOf = ({ engine }: Variant): Family => (engine === "pglite" ? "postgres" : engine);

/** Each fixture on every engine that can have it, by one rule. */
export function eachFixture(rule: string, fixtures: readonly Fixture[]): void {
  eachVariant((variant, fresh) => {
    for (const fixture of fixtures) {
      const family = familyOf(variant);
      const finds: readonly Expected[] | null = Array.isArray(fixture.finds)
        ? fixture.finds
        : (fixture.finds as Record<Family, readonly Expected[] | null>)[family];
      const ddl = typeof fixture.ddl === "string" ? fixture.ddl : fixture.ddl[family];
      test.skipIf(finds === null || ddl === undefined)(`${rule}: ${fixture.title}`, async () => {
        const found = await checked(fresh, ddl ?? "", { rule, fixture });
        expect(found.findings.map((f) => [f.severity, f.object])).toEqual(finds);
        expect(found.findings.every((f) => f.rule === rule)).toBe(true);
        expect(found.summary.ran).toEqual([rule]);
      });
    }
  });
}

async function checked(
  fresh: Fresh,
  ddl: string,
  { rule, fixture }: { readonly rule: string; readonly fixture: Fixture },
): Promise<Findings> {
  const stage = await fresh();
  await stage.exec(ddl);
  const db = await open(stage.handle, fixture.config ?? {});
  try {
    return await db.check({ rules: [rule], data: fixture.data ?? false });
  } finally {
    await db.close();
  }
}
