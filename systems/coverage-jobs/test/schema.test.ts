import { expect, test } from "vitest";
import { connect } from "../database.ts";
import { JOB_STATUSES } from "../services/job-processing/job.ts";
import { REPOSITORY_STATUSES } from "../services/repository-analysis/repository.ts";
import { REQUEST_STATUSES } from "../services/test-generation/test-generation-request.ts";
import { DOCUMENT } from "./document-text.ts";
import { stage } from "./stage.ts";

/** Columns of the tables below "## Database Schema": name, type, whether it can be null. */
function listed(text: string) {
  const sections = text.split(/^#### `(\w+)`$/m).slice(1);
  const tables: Record<string, (readonly [string, string, boolean])[]> = {};
  for (let i = 0; i < sections.length; i += 2)
    tables[sections[i] ?? ""] = [
      ...(sections[i + 1] ?? "").matchAll(/^\| `(\w+)` \| (.+?) \| (.+?) \|/gm),
    ].map(([, name = "", type = "", rest = ""]) => [name, type.toLowerCase(), rest.includes("NULLABLE")]);
  return tables;
}

/** What the database has beside the document's columns: the wanted enhancements. */
const ADDED = ["created_by", "updated_by", "deleted_at"];

test.skipIf(DOCUMENT === null)(
  "columns and types are as the document lists them, but for the repository_id that was VARCHAR(500)",
  async () => {
    const { rows } = await stage();
    const tables = listed(DOCUMENT ?? "");
    expect(Object.entries(tables).map(([table, columns]) => [table, columns.length])).toEqual([
      ["repositories", 10],
      ["jobs", 17],
      ["file_coverages", 7],
      ["test_generation_requests", 12],
    ]);
    for (const [table, columns] of Object.entries(tables)) {
      const found = (
        await rows(`select name, lower(type) as type, "notnull" as n from pragma_table_info('${table}')`)
      )
        .filter(({ name }) => !ADDED.includes(String(name)))
        .map(({ name, type, n }) => [name, type, n === 0]);
      const settled = columns.map(([name, type, nullable]) =>
        table === "test_generation_requests" && name === "repository_id"
          ? [name, "varchar(36)", nullable]
          : [name, type, nullable],
      );
      expect([table, found]).toEqual([table, settled]);
    }
  },
);

test("indexes are as the document lists them, and one for the key that had none", async () => {
  const { rows } = await stage();
  const indexes = await rows(
    `select t.name as t, (select group_concat(name) from pragma_index_info(i.name)) as columns, i."unique" as u
     from sqlite_schema t, pragma_index_list(t.name) i where t.type = 'table' and t.name not like 'ondelete%' order by 1, 3, 2`,
  );
  expect(indexes.map((i) => `${i.t} ${i.columns}${i.u === 1 ? " unique" : ""}`)).toEqual([
    "file_coverages coverage_percentage",
    "file_coverages repository_id",
    "file_coverages id unique",
    "file_coverages repository_id,file_path unique",
    "jobs created_at",
    "jobs parent_job_id",
    "jobs repository_id",
    "jobs status",
    "jobs test_generation_request_id",
    "jobs id unique",
    "repositories status",
    "repositories url",
    "repositories id unique",
    "repositories url unique",
    "test_generation_requests repository_id",
    "test_generation_requests session_id",
    "test_generation_requests status",
    "test_generation_requests id unique",
  ]);
});

test.each([
  ["repositories", REPOSITORY_STATUSES],
  ["jobs", JOB_STATUSES],
  ["test_generation_requests", REQUEST_STATUSES],
])("CHECK constraints for status enums: %s", async (table, statuses) => {
  const { connections, values } = await stage();
  const set = (status: string) =>
    connections.write((m) => m.query(`update ${table} set status = ?`, [status]));
  for (const status of statuses) await set(status);
  expect(new Set(await values(`select status from ${table}`))).toEqual(new Set([statuses.at(-1)]));
  await expect(set("DONE")).rejects.toThrow(`CHECK constraint failed: ${table}_status`);
});

test("a unique constraint prevents the same file coverage entry, and the same URL, among live rows", async () => {
  const { connections, repositories } = await stage();
  await expect(repositories.add("https://git.example/team/project-1.git")).rejects.toThrow(
    "UNIQUE constraint failed",
  );
  const copy = connections.write((m) =>
    m.query(
      "insert into file_coverages (id, repository_id, file_path, coverage_percentage, created_by) select 'x', repository_id, file_path, 1, 'a' from file_coverages limit 1",
    ),
  );
  await expect(copy).rejects.toThrow("UNIQUE constraint failed");
});

test("`synchronize: true` auto-creates tables on startup, and changes nothing when they are there", async () => {
  const { home, rows, everything } = await stage();
  const schema = () => rows("select type, name, sql from sqlite_schema order by type, name");
  const before = [await schema(), await everything()];
  await (await connect(home)).close();
  expect([await schema(), await everything()]).toEqual(before);
});
