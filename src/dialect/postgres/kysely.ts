import { oneAfterAnother } from "../../std/one-after-another.ts";
import { type KyselyLike, sendThrough, textRow } from "../kysely-like.ts";
import { joinedTransaction, ownTransaction, type PgDriver, parameterText, type Send } from "./driver.ts";
import { translate } from "./errors.ts";

const send =
  (db: KyselyLike): Send =>
  async ({ text, values }) => {
    try {
      const result = await sendThrough(db, { text, values: values.map(parameterText) });
      const rows = result.rows.map((row) => textRow(row, { yes: "t", no: "f" }));
      return { rows, changed: Number(result.numAffectedRows ?? 0n) };
    } catch (error) {
      throw translate(error);
    }
  };

/** A Kysely of the application's: each piece of work gets a connection of its own, or joins the transaction that it is. */
export function fromKysely(db: KyselyLike): PgDriver {
  const turn = oneAfterAnother();
  const close = async () => {};
  if (db.isTransaction) {
    const session = { query: send(db), joined: true, cancel: null };
    const transact: PgDriver["transact"] = (keep, work) =>
      turn(async () => {
        await session.query({ text: "savepoint ondelete", values: [] });
        return joinedTransaction(session, keep, work);
      });
    return { transact, close };
  }
  const transact: PgDriver["transact"] = (keep, work) =>
    db
      .connection()
      .execute((own) =>
        ownTransaction({ query: send(own), joined: false, cancel: null }, { keep, broken: () => {} }, work),
      );
  return { transact, close };
}
