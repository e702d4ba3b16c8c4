import { Parser } from "@dbml/core";
import { Graphviz } from "@hpcc-js/wasm-graphviz";
import GithubSlugger from "github-slugger";
import mermaid from "mermaid";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { eachVariant, type Fresh } from "../support/stages.ts";
import { AWKWARD, CONFIG, NAMES } from "./awkward.ts";

const { parent, child, other, key, reference, upper } = NAMES;

eachVariant((_, fresh) => {
  test("Mermaid's own parser finds the tables and relations, whatever their names", async () => {
    const text = await (await awkward(fresh)).document({ format: "mermaid" });
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const er = db as unknown as {
      getEntities(): Map<string, { id: string }>;
      getRelationships(): readonly { entityA: string; entityB: string; roleA: string }[];
    };
    expect(er.getEntities().size).toBe(3);
    const named = new Map([...er.getEntities()].map(([name, { id }]) => [id, name]));
    const edges = er.getRelationships().map((r) => [named.get(r.entityA), named.get(r.entityB)]);
    expect(edges.map((e) => e.map((n) => decoded(n ?? ""))).sort()).toEqual(
      [
        [parent, child],
        [child, other],
        [other, other],
        [other, parent],
      ].sort(),
    );
  });

  test("Graphviz draws the DOT graph, whatever the names in it", async () => {
    const text = await (await awkward(fresh)).document({ format: "dot" });
    const graphviz = await Graphviz.load();
    const drawn = JSON.parse(graphviz.layout(text, "dot_json", "dot")) as {
      objects: { name: string }[];
      edges: { tail: number; head: number; label: string; style: string }[];
    };
    const name = (at: number) => drawn.objects[at]?.name.replaceAll("\\\\", "\\");
    expect(drawn.objects.map((_, i) => name(i)).sort()).toEqual([parent, child, other].sort());
    expect(drawn.edges.map((e) => [name(e.tail), name(e.head), e.style]).sort()).toEqual(
      [
        [parent, child, "solid"],
        [child, other, "solid"],
        [other, other, "solid"],
        [other, parent, "dashed"],
      ].sort(),
    );
  });

  test("DBML's own parser finds tables, columns and what references do, whatever their names", async () => {
    const text = await (await awkward(fresh)).document({ format: "dbml" });
    const { schemas } = new Parser().parse(text, "dbmlv2");
    const [schema] = schemas;
    const tables = (schema?.tables ?? []).map((t) => [t.name, t.fields.map((f) => f.name)]);
    expect(tables.sort()).toEqual(
      [
        [parent, [key, upper]],
        [child, [key, reference, upper]],
        [other, [key, reference, upper]],
      ].sort(),
    );
    const refs = (schema?.refs ?? []).map((r) => [
      ...r.endpoints.map((e) => [e.tableName, ...e.fieldNames]),
      r.onDelete,
    ]);
    expect(refs.map((r) => JSON.stringify(r)).sort()).toEqual(
      [
        [[child, reference, upper], [parent, key, upper], "cascade"],
        [[other, reference], [child, key], "set null"],
        [[other, upper], [other, key], "restrict"],
        [[parent, upper], [other, key], "cascade"],
      ]
        .map((r) => JSON.stringify(r))
        .sort(),
    );
  });

  test("every link of the Markdown's contents leads to a heading, as GitHub names them", async () => {
    const text = await (await awkward(fresh)).document({ format: "markdown" });
    const slugger = new GithubSlugger();
    const headings = text
      .replace(/```[\s\S]*?```/g, "")
      .split("\n")
      .filter((line) => line.startsWith("#"));
    const anchors = headings.map((line) =>
      slugger.slug(decoded(line.replace(/^#+ /, "").replace(/<\/?code>/g, ""))),
    );
    const links = [...text.matchAll(/^ *- \[.*\]\(#(.*)\)$/gm)].map(([, anchor]) => anchor);
    expect(links.length).toBe(11);
    expect(links.filter((link) => !anchors.includes(link ?? ""))).toEqual([]);
  });

  test("JSON holds the matrix, the relations and the deletions", async () => {
    const text = await (await awkward(fresh)).document({ format: "json" });
    const document = JSON.parse(text);
    expect([document.ondelete, document.kind]).toEqual(["1", "matrix"]);
    expect(document.parents).toEqual([parent, other, child]);
    expect(document.cells[other][parent]).toEqual({
      effect: ["set null"],
      by: "database",
      via: [`${other}(${reference}) -> ${child}(${key})`],
      columns: [reference],
    });
    expect(document.relations).toHaveLength(4);
  });

  test("a document that is made twice is the same, also after rows came", async () => {
    const db = await fresh();
    await db.exec(AWKWARD);
    const ondelete = await open(db.handle, CONFIG);
    const before = await ondelete.document({ format: "markdown" });
    await db.exec(`insert into "${child}" values (1, null, null)`);
    expect(await ondelete.document({ format: "markdown" })).toBe(before);
  });
});

describe("what is shown", () => {
  test("an unknown format is refused with the formats that there are", async () => {
    const db = await open("sqlite::memory:");
    await expect(db.document({ format: "pdf" as never })).rejects.toMatchObject({ code: "usage" });
    await db.close();
  });
});

async function awkward(fresh: Fresh) {
  const db = await fresh();
  await db.exec(AWKWARD);
  return open(db.handle, CONFIG);
}

/** Names in numbered entities, as HTML has them, and as Mermaid has them while it parses. */
const decoded = (text: string): string =>
  text.replace(/(?:&#|ﬂ°°)(\d+)(?:;|¶ß)/g, (_, code: string) => String.fromCodePoint(Number(code)));
