import { expect, test } from "vitest";
import { type Config, type Finding, type Findings, open } from "../../src/index.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";

type Family = "sqlite" | "postgres" | "mariadb";

type Expected = readonly ["error" | "warning" | "info", string];

/** A schema, and all that one rule finds in it. */
export interface Fixture {
  readonly title: string;
  /** SQL for all engines, or for some; it is for no other then. */
  readonly ddl: string | Readonly<Partial<Record<Family, string>>>;
  readonly config?: Config;
  readonly data?: true;
  /** Statements on the session that is checked. */
  readonly session?: Readonly<Partial<Record<Family, string>>>;
  /** Severity and object of each finding, in their order; for all engines or by engine, null for one that cannot have it. */
  readonly finds: readonly Expected[] | Readonly<Record<Family, readonly Expected[] | null>>;
  /** What the first message says, among other things. */
  readonly says?: string;
  readonly confidence?: Finding["confidence"];
  /** The SQL of a fix is only the first of its steps. */
  readonly fixIsPart?: true;
}

export const familyOf = ({ engine }: Variant): Family => (engine === "pglite" ? "postgres" : engine);

/** Each fixture on every engine that can have it, by one rule; what a fix says in SQL is run, and looked at again. */
export function eachFixture(rule: string, fixtures: readonly Fixture[]): void {
  eachVariant((variant, fresh) => {
    for (const fixture of fixtures) {
      const finds = expectedOn(variant, fixture);
      const ddl = typeof fixture.ddl === "string" ? fixture.ddl : fixture.ddl[familyOf(variant)];
      const isHere = finds !== null && ddl !== undefined;
      const reason = isHere ? "" : " (left out: this engine cannot have it)";
      test.skipIf(!isHere)(`${rule}: ${fixture.title}${reason}`, async () => {
        const stage = await fresh();
        await stage.exec(ddl ?? "");
        const { findings, summary } = await checked(stage, variant, { rule, fixture });
        expect(findings.map((f) => [f.severity, f.object])).toEqual(finds);
        expect(findings.map((f) => f.rule).filter((id) => id !== rule)).toEqual([]);
        expect(summary.ran).toEqual([rule]);
        if (fixture.says !== undefined && findings.length > 0)
          expect(findings[0]?.message).toContain(fixture.says);
        if (fixture.confidence) expect(findings.map((f) => f.confidence)).toContain(fixture.confidence);
        const fixed = findings.filter((f) => f.fix?.sql && !fixture.fixIsPart);
        for (const { fix } of findings) if (fix?.sql) await stage.exec(fix.sql);
        const after = await checked(stage, variant, { rule, fixture });
        const left = after.findings.map((f) => f.fingerprint);
        expect(fixed.filter((f) => left.includes(f.fingerprint))).toEqual([]);
      });
    }
  });
}

function expectedOn(variant: Variant, { finds }: Fixture): readonly Expected[] | null {
  return Array.isArray(finds)
    ? finds
    : (finds as Record<Family, readonly Expected[] | null>)[familyOf(variant)];
}

async function checked(
  stage: TestDatabase,
  variant: Variant,
  { rule, fixture }: { readonly rule: string; readonly fixture: Fixture },
): Promise<Findings> {
  const session = fixture.session?.[familyOf(variant)];
  const { handle, release } = await sessionOf(stage, session);
  const db = await open(handle, fixture.config ?? {});
  try {
    return await db.check({ rules: [rule], data: fixture.data ?? false });
  } finally {
    await db.close();
    await release();
  }
}

/** A session of its own where statements are to be run on it first. */
async function sessionOf({ handle, exec }: TestDatabase, statement: string | undefined) {
  const none = async () => {};
  if (statement === undefined) return { handle, release: none };
  if ("getConnection" in handle) {
    const connection = await handle.getConnection();
    await connection.query(statement);
    return { handle: connection, release: async () => connection.destroy() };
  }
  if ("connect" in handle && "totalCount" in handle) {
    const client = await handle.connect();
    // It may still be on its way out when the database is dropped.
    client.on("error", () => {});
    await client.query(statement);
    return { handle: client, release: async () => client.release(true) };
  }
  await exec(statement);
  return { handle, release: none };
}
