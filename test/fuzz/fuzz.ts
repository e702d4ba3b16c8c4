import fc from "fast-check";
import { type Case, cases, saltedCases } from "./case.ts";
import { checkCase, type Kind, script } from "./check.ts";
import { checkBatches } from "./check-batches.ts";
import { checkRestores } from "./check-restores.ts";
import { type FuzzEngine, openDatabase } from "./database.ts";
import { reduce } from "./reduce.ts";

const PROPERTIES = {
  deletes: { cases, check: checkCase },
  restores: { cases: saltedCases, check: checkRestores },
  batches: { cases: saltedCases, check: checkBatches },
};

export type FuzzProperty = keyof typeof PROPERTIES;

export interface FuzzOptions {
  /** `deletes`: plan, bare DELETE, delete, restore. `restores`: soft and hard, what is written meanwhile, a second delete. `batches`: deletes in batches. */
  readonly property: FuzzProperty;
  readonly engine: FuzzEngine;
  readonly cases: number;
  readonly seed: number;
  /** Replays one failure. */
  readonly path?: string;
}

export interface FuzzResult {
  readonly run: number;
  readonly kinds: Readonly<Record<Kind, number>>;
  /** What was foretold of the bare DELETE, or what became of the restores, by number of cases. */
  readonly told: Readonly<Record<string, number>>;
  /** The smallest failing case as SQL with the way to see it again; null where there was no difference. */
  readonly failure: string | null;
}

/** Runs random cases; stops at the first difference and makes the case small. */
export async function fuzz({
  property: name,
  engine,
  cases: numRuns,
  seed,
  path,
}: FuzzOptions): Promise<FuzzResult> {
  const db = await openDatabase(engine);
  const kinds: Record<Kind, number> = { allowed: 0, blocked: 0, ambiguous: 0, empty: 0 };
  const told: Record<string, number> = {};
  const { check, cases: made } = PROPERTIES[name];
  const difference = (c: Case) =>
    check(db, c).then(
      () => null,
      (error: Error) => error,
    );
  try {
    const property = fc.asyncProperty(made(), async (c) => {
      const kind = await check(db, c, (what) => {
        told[what] = (told[what] ?? 0) + 1;
      });
      kinds[kind]++;
    });
    // fast-check finds and replays; its shrinker knows nothing of schemas, so the case is made small by leaving parts out.
    const details = await fc.check(property, {
      numRuns,
      seed,
      endOnFailure: true,
      ...(path ? { path } : {}),
    });
    if (!details.failed || !details.counterexample)
      return { run: details.numRuns, kinds, told, failure: null };
    const first = await difference(details.counterexample[0]);
    const kind = (error: Error | null) => error?.message.split("\n")[0]?.split(";")[0];
    const small = await reduce(
      details.counterexample[0],
      async (c) => isSound(c) && kind(await difference(c)) === kind(first),
    );
    const again = `npm run fuzz -- --property ${name} --engine ${engine} --seed ${details.seed} --path ${details.counterexamplePath}`;
    return {
      run: details.numRuns,
      kinds,
      told,
      failure: [
        script(db.possible(small)),
        `salt ${small.salt}`,
        (await difference(small))?.stack,
        again,
      ].join("\n\n"),
    };
  } finally {
    await db.close();
  }
}

/** Rows left out may have been parents or roots. */
function isSound(c: Case): boolean {
  const rowsOf = (name: string) => c.tables.find((t) => t.name === name)?.rows ?? [];
  const kept = c.fks.every((fk) =>
    rowsOf(fk.child).every(
      (row) =>
        fk.columns.some((x) => row[x] === null) ||
        rowsOf(fk.parent).some((p) => fk.columns.every((x, i) => p[fk.parentColumns[i] ?? ""] === row[x])),
    ),
  );
  const unique = c.fks.every((fk) => {
    const parent = c.tables.find((t) => t.name === fk.parent);
    return parent && [parent.key, ...parent.uniques].some((k) => String(k) === String(fk.parentColumns));
  });
  return (
    kept &&
    unique &&
    c.roots.every((r) => rowsOf(c.target).some((row) => Object.entries(r).every(([k, v]) => row[k] === v)))
  );
}
