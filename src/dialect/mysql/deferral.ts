import type { Deferral } from "../engine.ts";
import { raw, sql } from "../sql.ts";

/** @see https://mariadb.com/kb/en/server-system-variables/#foreign_key_checks */
export const deferral: Deferral = {
  possible: () => true,
  async during(tx, work) {
    let before: string | null = null;
    try {
      return await work(async () => {
        if (before !== null) return;
        const [row] = await tx.rows(sql`select @@foreign_key_checks as checks`);
        before = row?.checks === "0" ? "0" : "1";
        await tx.run(sql`set foreign_key_checks = 0`);
      });
    } finally {
      if (before !== null) await tx.run(sql`set foreign_key_checks = ${raw(before)}`);
    }
  },
};
