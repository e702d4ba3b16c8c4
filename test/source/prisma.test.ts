import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { prisma } from "../../src/source/prisma/prisma.ts";
import { failure } from "../support/act.ts";
import { eachVariant } from "../support/stages.ts";
import { prismaSql } from "./prisma-sql.ts";
import { expectNoDrift, expectSame, readBoth } from "./same-model.ts";

const PROVIDERS = { sqlite: "sqlite", postgres: "postgresql", pglite: "postgresql", mariadb: "mysql" };

eachVariant((variant, fresh) => {
  const provider = PROVIDERS[variant.engine];
  const folder = join("test", "source", "prisma", provider);

  test("a Prisma schema says the same as the database that Prisma's own SQL makes", async () => {
    const stage = await fresh();
    await stage.exec(await prismaSql(folder, provider));
    const both = await readBoth(stage, prisma(folder));
    expectSame(both);
    await expectNoDrift(stage, prisma(folder));
    expect(both.schema.relations).toHaveLength(16);
  });

  test("actions that are not written are Prisma's own, and told from those that are", async () => {
    const { schema } = await readBoth(await fresh(), prisma(folder));
    const told = (column: string) => {
      const found = schema.relations.find((r) => r.columns.join() === column && r.child !== "_friendship");
      return [found?.onDelete, found?.onUpdate, found?.written];
    };
    expect(told("manager_id")).toEqual(["set null", "cascade", false]);
    expect(told("from")).toEqual(["restrict", "cascade", false]);
    expect(told("to")).toEqual(["restrict", "cascade", true]);
    expect(told("person_id")).toEqual(["cascade", "no action", true]);
    expect(told("tenant,key")).toEqual(["no action", "cascade", true]);
  });

  test("models, fields and relations have their lines, in the file that they stand in", async () => {
    const { schema } = await readBoth(await fresh(), prisma(folder));
    const people = schema.tables.find((t) => t.id === "people");
    const email = people?.columns.find((c) => c.name === "email");
    const member = schema.relations.find((r) => r.id === "shop members(personId) -> people(id)");
    expect(people?.location?.file).toBe(join(folder, "schema.prisma"));
    expect((email?.location?.line ?? 0) - (people?.location?.line ?? 0)).toBe(2);
    expect(member?.location?.file).toBe(join(folder, "work.prisma"));
  });
});

describe("the schema language", () => {
  const engine = {
    defaultNamespace: "public",
    capabilities: { keysAreRequired: true } as never,
    lexicon: {} as never,
  };
  const write = async (text: string) => {
    const folder = await mkdtemp(join(tmpdir(), "ondelete-prisma-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "schema.prisma");
    await writeFile(file, text);
    return prisma(file).read(engine);
  };

  test('with relationMode = "prisma" no relation is the database\'s', async () => {
    const schema = await write(`datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
}
model A {
  id Int @id
  bs B[]
}
model B {
  id  Int @id
  aId Int
  a   A   @relation(fields: [aId], references: [id], onDelete: Cascade)
}
`);
    expect(schema.relations.map((r) => [r.id, r.onDelete, r.enforcement])).toEqual([
      ["B(aId) -> A(id)", "cascade", "application"],
    ]);
  });

  test("a file that is no Prisma schema is refused with its line", async () => {
    const found = await failure(write("model A {\n  id Int @id\n  oops(\n}\n"));
    expect(found.code).toBe("source-invalid");
    expect(found.message).toContain("schema.prisma:3");
  });

  test("a field that a relation names and that is not there is refused", async () => {
    const found = await failure(
      write("model A {\n  id Int @id\n  b A? @relation(fields: [nope], references: [id])\n}\n"),
    );
    expect(found.message).toContain("The Prisma model A of");
    expect(found.message).toContain("has no field nope.");
  });

  test("a missing file and a folder without schema files are refused", async () => {
    expect((await failure(prisma("nowhere/schema.prisma").read(engine))).code).toBe("source-invalid");
    expect((await failure(prisma("bin").read(engine))).message).toContain("no file that ends in .prisma");
  });
});
