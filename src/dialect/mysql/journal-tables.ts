import type { CatalogScope, Transaction } from "../engine.ts";
import { id, raw, type Sql, sql } from "../sql.ts";

type Journal = CatalogScope["journal"];

const TABLES: Readonly<Record<string, string>> = {
  operation: `\`id\` varchar(64) primary key, \`state\` varchar(32) not null, \`mode\` varchar(32) not null,
    \`target\` longtext not null, \`digest\` varchar(64) not null, \`fingerprint\` varchar(64) not null,
    \`plan\` longtext not null, \`deleted\` longtext not null, \`updated\` longtext not null,
    \`archive\` integer not null, \`started\` varchar(40) not null, \`finished\` varchar(40), \`actor\` longtext,
    \`reason\` longtext, \`restored\` varchar(40), \`batches\` integer not null, \`work\` longtext,
    \`position\` longtext, \`owner\` longtext, \`lease\` bigint, \`token\` integer not null`,
  archive_part: `\`operation\` varchar(64), \`part\` integer, \`kind\` varchar(32), \`table_id\` longtext,
    \`columns\` longtext, \`key_columns\` longtext, \`relation\` longtext, \`rows\` bigint,
    primary key (\`operation\`, \`part\`)`,
  archive_chunk: `\`operation\` varchar(64), \`part\` integer, \`ordinal\` bigint, \`rows\` bigint not null,
    \`images\` longblob not null,
    primary key (\`operation\`, \`part\`, \`ordinal\`)`,
  work_chunk: `\`operation\` varchar(64), \`list\` integer, \`ordinal\` bigint, \`rows\` bigint not null,
    \`images\` longblob not null,
    primary key (\`operation\`, \`list\`, \`ordinal\`)`,
  outbox: `\`id\` bigint auto_increment primary key, \`operation\` varchar(64) not null, \`kind\` varchar(32) not null,
    \`subject\` longtext not null, \`body\` longtext not null, \`state\` varchar(32) not null,
    \`attempts\` integer not null, \`error\` longtext, \`created\` varchar(40) not null`,
};

const JOURNAL_TABLES: readonly string[] = Object.keys(TABLES);

/** A table of the journal in the connected database. */
export const journalName = (name: string, { prefix }: Journal): Sql => id(`${prefix}${name}`);

/** The statements that make the journal; each of them commits. */
export function journalTables(journal: Journal): readonly Sql[] {
  return Object.entries(TABLES).map(
    ([name, columns]) =>
      sql`create table if not exists ${journalName(name, journal)} (${raw(columns)}) engine = InnoDB default charset = utf8mb4 collate = utf8mb4_bin`,
  );
}

/** Whether every table of the journal exists. */
export async function hasJournal(tx: Transaction, { prefix }: Journal): Promise<boolean> {
  const rows = await tx.rows(sql`
    select table_name as \`name\` from information_schema.tables where table_schema = database()
    and table_name in (${sql.join(JOURNAL_TABLES.map((name) => `${prefix}${name}`))})`);
  return rows.length === JOURNAL_TABLES.length;
}
