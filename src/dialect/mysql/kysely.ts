import { oneAfterAnother } from "../../std/one-after-another.ts";
import { type KyselyLike, sendThrough, textRow } from "../kysely-like.ts";
import type { MyDriver, MySession } from "./connection.ts";
import { translate } from "./errors.ts";

function sessionOf(db: KyselyLike, inTransaction: boolean): MySession {
  return {
    query: async ({ text, values }) => {
      const bound = values.map((v) => (v instanceof Uint8Array ? Buffer.from(v) : v));
      try {
        const result = await sendThrough(db, { text, values: bound });
        const rows = result.rows.map((row) => textRow(row, { yes: "1", no: "0" }));
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
