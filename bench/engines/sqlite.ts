import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Workload } from "../workloads/workload.ts";
import type { BenchEngine, Connection, Template, Traced } from "./bench-engine.ts";
import { loadStatements } from "./load-statements.ts";

const DIALECT = {
  types: { id: "integer", reference: "integer", text: "text" },
  series: (n: number) =>
    `(with recursive g (i) as (select 1 union all select i + 1 from g where i < ${n}) select i from g)`,
  concat: (parts: readonly string[]) => parts.map((p) => `(${p})`).join(" || "),
  before: ["pragma foreign_keys = off", "begin"],
  after: ["commit", "analyze"],
  inlineKeys: true,
} as const;

async function build(workload: Workload): Promise<Template> {
  const folder = mkdtempSync(join(tmpdir(), "ondelete-bench-"));
  const file = join(folder, "template.sqlite");
  const db = new DatabaseSync(file);
  db.exec("pragma journal_mode = wal; pragma synchronous = off");
  for (const statement of loadStatements(workload, DIALECT)) db.exec(statement);
  db.exec("pragma wal_checkpoint(truncate)");
  db.close();
  let copies = 0;
  return {
    copy: async () => {
      const copy = join(folder, `copy-${++copies}.sqlite`);
      copyFileSync(file, copy);
      return `sqlite:${copy}`;
    },
    dropCopy: async (url) => {
      const copy = url.replace(/^sqlite:/, "");
      for (const part of ["", "-wal", "-shm"]) rmSync(`${copy}${part}`, { force: true });
    },
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function connect(url: string): Promise<Connection> {
  const db = new DatabaseSync(url.replace(/^sqlite:/, ""));
  db.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on");
  const trace: Traced[] = [];
  return {
    handle: traced(db, trace),
    trace,
    run: async (sql) => db.exec(sql),
    rows: async (sql) => db.prepare(sql).all(),
    close: async () => db.close(),
  };
}

/** The handle with a record of what each statement took; rows that are read one by one are not counted. */
function traced(db: DatabaseSync, trace: Traced[]): object {
  const timed = <T>(text: string, work: () => T): T => {
    const started = performance.now();
    try {
      return work();
    } finally {
      trace.push({ text, ms: performance.now() - started });
    }
  };
  return {
    prepare: (sql: string) => {
      const statement = db.prepare(sql);
      return {
        all: (...values: SQLInputValue[]) => timed(sql, () => statement.all(...values)),
        iterate: (...values: SQLInputValue[]) => statement.iterate(...values),
        run: (...values: SQLInputValue[]) => timed(sql, () => statement.run(...values)),
        setReadBigInts: (on: boolean) => statement.setReadBigInts(on),
      };
    },
    exec: (sql: string) => timed(sql, () => db.exec(sql)),
    function: db.function.bind(db),
    get isTransaction() {
      return db.isTransaction;
    },
    close: () => db.close(),
  };
}

export const sqliteBench: BenchEngine = {
  name: "sqlite",
  build,
  connect,
  warm: async ({ rows }) => {
    for (const { name } of await rows("select name from sqlite_schema where type = 'table'"))
      await rows(`select count(*) + max(rowid) as n from "${name}" not indexed`);
  },
  version: async ({ rows }) => String((await rows("select sqlite_version() as v"))[0]?.v),
  archiveBytes: ({ tables }) => ({
    row: `select sum(n) / sum(c) as bytes from (${tables
      .map(
        (t) =>
          `select sum(${t.columns.map((c) => `length(cast(${c.name} as blob))`).join(" + ")}) as n, count(*) as c from ${t.name}`,
      )
      .join(" union all ")})`,
    images: "select sum(length(images)) as bytes from ondelete_archive_chunk",
  }),
};
