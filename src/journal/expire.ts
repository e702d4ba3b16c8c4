import { raw, sql } from "../dialect/sql.ts";
import type { ArchivePlace } from "./archive.ts";

/** Removes what an operation archived, and notes that it cannot be restored any more. The operation itself stays. */
export async function expireArchive({ tx, syntax, journal, operation }: ArchivePlace): Promise<void> {
  for (const name of ["archive_chunk", "archive_part"])
    await tx.run(sql`delete from ${syntax.journal(name, journal)} where operation = ${operation}`);
  await tx.run(
    sql`delete from ${syntax.journal("outbox", journal)} where operation = ${operation} and state = 'missing'`,
  );
  await tx.run(
    sql`update ${syntax.journal("operation", journal)} set archive = ${raw("0")}, state = case state when 'done' then 'expired' else state end where id = ${operation}`,
  );
}
