import { oneAfterAnother } from "../../std/one-after-another.ts";
import { type KyselyLike, sendThrough, textRow } from "../kysely-like.ts";
import type { MyDriver, MySession } from "./connection.ts";
import { translate } from "./errors.ts";

/** Kysely does not pass on whether a transaction is open, which is told from what went through the session. */
const BEGINS = /^start transaction\b/;
const ENDS = /^(?:commit|rollback)$/;

function sessionOf(db: KyselyLike, joined: boolean): MySession {
  let inTransaction = joined;
  return {
    query: async ({ text, values }) => {
      const bound = values.map((v) => (v instanceof Uint8Array ? Buffer.from(v) : v));
      try {
        const result = await sendThrough(db, { text, values: bound });
        const rows = result.rows.map((row) => textRow(row, { yes: "1", no: "0" }));
        inTransaction = (inTransaction || BEGINS.test(text)) && !ENDS.test(text);
        return { rows, changed: Number(result.numAffectedRows ?? 0n), inTransaction };
      } catch (error) {
        throw translate(error);
      }
    },
    kill: null,
    broken: () => {},
  };
}

/** A Kysely of the application's: each piece of work gets a connection of its own, or joins the transaction that it is. */
export function fromKysely(db: KyselyLike): MyDriver {
  const turn = oneAfterAnother();
  const close = async () => {};
  if (db.isTransaction) return { session: (work) => turn(() => work(sessionOf(db, true))), close };
  return { session: (work) => db.connection().execute((own) => work(sessionOf(own, false))), close };
}
