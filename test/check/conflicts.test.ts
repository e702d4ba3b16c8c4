import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import type { TestDatabase } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";

const ACTIONS = ["cascade", "set null", "restrict", "no action"] as const;
const refuses = (action: string) => action === "restrict" || action === "no action";

/** Ordered pairs of actions that do not come to the same. */
const PAIRS = ACTIONS.flatMap((one) =>
  ACTIONS.filter((other) => other !== one && !(refuses(one) && refuses(other))).map(
    (other) => [one, other] as const,
  ),
);

async function deleted(stage: TestDatabase): Promise<string> {
  try {
    await stage.exec("delete from p where id = 1");
  } catch (error) {
    if (!/foreign key|violates/i.test(String(error))) throw error;
    return "refused";
  }
  const [row] = await stage.rows("select p_id from c");
  return row ? `p; c: p_id=${row.p_id}` : "c,p";
}

eachVariant((variant, fresh) => {
  test.each(PAIRS)(
    "%s before %s on the same columns: what is said of a delete now is what it does",
    async (first, second) => {
      const stage = await fresh();
      await stage.exec([
        "create table p (id integer primary key)",
        `create table c (id integer primary key, p_id integer,
        constraint a_first foreign key (p_id) references p (id) on delete ${first},
        constraint b_second foreign key (p_id) references p (id) on delete ${second})`,
        "insert into p values (1)",
        "insert into c values (1, 1)",
      ]);
      const db = await open(stage.handle);
      const { findings } = await db.check({ rules: ["fk-conflicting-actions"] });
      await db.close();
      expect(findings.map((f) => f.object)).toEqual(["c(p_id) -> p(id)"]);
      const [finding] = findings;
      expect(await deleted(stage)).toBe(finding?.evidence.now);
      // Only where NO ACTION waits for the end of the statement does the order make no difference.
      const settled = variant.engine === "sqlite" && [first, second].includes("no action");
      expect(finding?.severity).toBe(settled ? "warning" : "error");
    },
  );
});
