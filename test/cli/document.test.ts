import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eachReachable } from "./each-reachable.ts";

const SHOP = `
create table customers (id integer primary key, email text);
create table orders (id integer primary key, customer_id integer not null, foreign key (customer_id) references customers (id) on delete cascade);
create table carts (id integer primary key, customer_id integer, foreign key (customer_id) references customers (id) on delete set null);
`;

const furnish: Parameters<typeof eachReachable>[0] = ({ db }) => db.exec(SHOP);

eachReachable(furnish, (stage) => {
  const { run } = stage;

  test("the document goes to stdout or into a file, and is the same there", () => {
    const printed = run("document");
    expect([printed.status, printed.stderr]).toEqual([0, ""]);
    expect(printed.stdout).toMatch(/^# Database schema\n/);
    const file = join(stage.cwd, "schema.md");
    const written = run("document", "--out", file);
    expect([written.status, written.stdout, written.stderr]).toEqual([
      0,
      "",
      `The document is in ${file}.\n`,
    ]);
    expect(readFileSync(file, "utf8")).toBe(printed.stdout);
  });

  test("--json prints the matrix, with what a delete does to each table", () => {
    const { status, stdout } = run("document", "--json");
    expect(status).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      ondelete: "1",
      kind: "matrix",
      parents: ["customers"],
      children: ["carts", "customers", "orders"],
      soft: null,
    });
    expect(document.cells.orders.customers).toEqual({
      effect: ["deleted"],
      by: "database",
      via: ["orders(customer_id) -> customers(id)"],
      columns: [],
    });
  });

  test.for([
    ["mermaid", /^erDiagram\n/],
    ["dot", /^digraph ondelete \{\n/],
    ["dbml", /^Table "carts" \{\n/],
    ["html", /^<!doctype html>\n/],
    ["json", /^\{\n {2}"ondelete": "1",\n/],
  ] as const)("--format %s", ([format, start]) => {
    const { status, stdout } = run("document", "--format", format);
    expect(status).toBe(0);
    expect(stdout).toMatch(start);
  });

  test("--check tells line, statement and what the database does, and ends with 1", () => {
    const file = join(stage.cwd, "hand-written.md");
    writeFileSync(
      file,
      "# Deletes\n\n| When deleting → | customers |\n| --- | --- |\n| orders | - |\n| carts | customer_id=NULL |\n",
    );
    const { status, stdout } = run("document", "--check", file);
    expect(status).toBe(1);
    expect(stdout).toBe(
      [
        `${file}  2 statements judged: 1 right, 1 contradicted; 0 left out, 0 not judged`,
        "",
        "contradicted",
        `${file}:5`,
        "  orders | customers: -",
        "  ✗ deleting from customers: orders DELETED",
        "    by orders(customer_id) -> customers(id)",
        "",
      ].join("\n"),
    );
    const json = JSON.parse(run("document", "--check", file, "--json").stdout);
    expect(json).toMatchObject({ ondelete: "1", kind: "document-check", file });
    expect(json.contradicted).toEqual([
      {
        line: 5,
        statement: "orders | customers: -",
        message: "deleting from customers: orders DELETED",
        relations: ["orders(customer_id) -> customers(id)"],
      },
    ]);
  });

  test("a generated document checks clean and ends with 0; of several the wrong one decides", () => {
    const [right, wrong] = [join(stage.cwd, "right.md"), join(stage.cwd, "wrong.md")];
    run("document", "--out", right);
    expect(run("document", "--check", right).status).toBe(0);
    writeFileSync(wrong, "Carts are deleted with their customer.\n");
    const both = run("document", "--check", right, wrong, "--json");
    expect(both.status).toBe(1);
    const { kind, documents } = JSON.parse(both.stdout);
    expect(kind).toBe("document-checks");
    expect(documents.map((d: { counts: { contradicted: number } }) => d.counts.contradicted)).toEqual([0, 1]);
  });

  test("a file that is not there, a format that there is not, and --check with --out end with 2", () => {
    const missing = run("document", "--check", join(stage.cwd, "nowhere.md"), "--json");
    expect([missing.status, missing.stdout]).toEqual([2, ""]);
    expect(JSON.parse(missing.stderr)).toMatchObject({ kind: "problem", code: "usage" });
    expect(run("document", "--format", "pdf").status).toBe(2);
    expect(run("document", "--check", "a.md", "--out", "b.md").status).toBe(2);
  });
});
