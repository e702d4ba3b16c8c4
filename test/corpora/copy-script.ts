const ROWS_AT_ONCE = 2_000;

/** A dump of pg_dump as scripts that any client can run: `COPY … FROM stdin` as inserts, psql's own commands left out. */
export function copiesAsInserts(dump: string): readonly string[] {
  const out: string[] = [];
  let script: string[] = [];
  let copy: { readonly into: string; readonly rows: string[] } | null = null;
  for (const line of dump.split("\n")) {
    if (copy) {
      if (line === "\\.") {
        out.push(script.join("\n"), ...inserts(copy.into, copy.rows));
        [script, copy] = [[], null];
      } else copy.rows.push(line);
      continue;
    }
    const into = /^COPY (.+) FROM stdin;$/.exec(line)?.[1];
    if (into !== undefined) copy = { into, rows: [] };
    else if (!/^\\(un)?restrict /.test(line)) script.push(line);
  }
  return [...out, script.join("\n")];
}

function inserts(into: string, rows: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
    const values = rows
      .slice(i, i + ROWS_AT_ONCE)
      .map((row) => `(${row.split("\t").map(literal).join(",")})`);
    out.push(`insert into ${into} overriding system value values ${values.join(",")}`);
  }
  return out;
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** A field as COPY writes it: https://www.postgresql.org/docs/current/sql-copy.html, "Text Format". */
function literal(field: string): string {
  if (field === "\\N") return "null";
  const value = field.replaceAll(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c);
  return `'${value.replaceAll("'", "''")}'`;
}
