import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { SourceSchema } from "../../src/model/source.ts";
import { prisma } from "../../src/source/prisma/prisma.ts";
import { failure } from "../support/act.ts";
import { eachVariant } from "../support/stages.ts";
import { asPrisma6, prisma6Sql, writePrisma6 } from "./prisma-6.ts";
import { prismaSql } from "./prisma-sql.ts";
import { expectNoDrift, expectSame, findingsOf, readBoth } from "./same-model.ts";

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
    expect(both.schema.relations).toHaveLength(29);
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

const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "ondelete-prisma-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
};

/** Without lines and files. */
const unplaced = (schema: SourceSchema): unknown =>
  JSON.parse(JSON.stringify(schema, (key, value) => (key === "location" ? undefined : value)));

eachVariant((variant, fresh) => {
  const provider = PROVIDERS[variant.engine];
  const folder = join("test", "source", "prisma", provider);

  test("files of Prisma 6 say the same as the database that Prisma 6 makes of them, and as those of Prisma 7", async () => {
    const old = join(await temporary(), "prisma");
    await writePrisma6(folder, old);
    const stage = await fresh();
    await stage.exec(await prisma6Sql(folder));
    const both = await readBoth(stage, prisma(old));
    expectSame(both);
    await expectNoDrift(stage, prisma(old));
    expect(both.schema.relations).toHaveLength(29);
    expect(unplaced(both.schema)).toEqual(unplaced((await readBoth(stage, prisma(folder))).schema));
  });

  test("one file of Prisma 6 says the same as the files of a folder", async () => {
    const root = await temporary();
    const old = join(root, "several");
    await writePrisma6(folder, old);
    const names = ["schema.prisma", "social.prisma", "work.prisma"];
    const texts = await Promise.all(names.map((name) => readFile(join(old, name), "utf8")));
    const file = join(root, "schema.prisma");
    await writeFile(file, texts.join("\n"));
    const stage = await fresh();
    const [one, several] = [await readBoth(stage, prisma(file)), await readBoth(stage, prisma(old))];
    expect(unplaced(one.schema)).toEqual(unplaced(several.schema));
    expect(one.schema.tables.length).toBeGreaterThan(15);
  });

  test.each(["6", "7"])(
    'with relationMode = "prisma" of Prisma %s the database enforces nothing, and the ORM does',
    async (version) => {
      const emulated = await temporary();
      for (const name of (await readdir(folder)).filter((n) => n.endsWith(".prisma"))) {
        const text = await readFile(join(folder, name), "utf8");
        const given = version === "6" ? asPrisma6(text) : text;
        const mode = given.replace(/(?<=datasource db \{\n)/, '  relationMode = "prisma"\n');
        await writeFile(join(emulated, name), mode);
      }
      const stage = await fresh();
      const sql = await (version === "6" ? prisma6Sql(folder) : prismaSql(folder, provider));
      await stage.exec(withoutForeignKeys(sql));
      const both = await readBoth(stage, prisma(emulated));
      expectSame(both);
      await expectNoDrift(stage, prisma(emulated));
      expect(both.model.relations).toEqual([]);
      expect(new Set(both.schema.relations.map((r) => r.enforcement))).toEqual(new Set(["application"]));
      const found = await findingsOf(stage, prisma(emulated), ["orm-only-cascade"]);
      expect(found).toHaveLength(ACTING);
      expect(found.find((f) => f.object === "Profile(person_id) -> people(id)")?.message).toBe(
        "The Prisma schema says ON DELETE CASCADE for Profile(person_id) -> people(id), and asks for no constraint: only deletes by the ORM do it, and raw SQL leaves orphans.",
      );
    },
  );
});

/** Relations of the schemas whose action on delete does something: 15 with CASCADE, 5 with SET NULL, 1 with SET DEFAULT. */
const ACTING = 21;

/** As Prisma's own SQL is with `relationMode = "prisma"`. */
const withoutForeignKeys = (sql: string): string =>
  sql
    .replace(/^ALTER TABLE .* FOREIGN KEY .*;$/gm, "")
    .replace(/,\n\s+CONSTRAINT .* FOREIGN KEY .*?(?=,?\n)/g, "");

describe("the schema language", () => {
  const engine = {
    defaultNamespace: "public",
    capabilities: { keysAreRequired: true } as never,
    lexicon: {} as never,
  };
  const write = async (text: string) => {
    const file = join(await temporary(), "schema.prisma");
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

  const model = "model A {\n  id Int @id\n";
  test.each([
    [
      "a field that a relation names and that is not there",
      `${model}  b A? @relation(fields: [nope], references: [id])\n}\n`,
      /^The relation at .*schema\.prisma:3 names the field nope, which the Prisma model A does not have\.$/,
    ],
    [
      "more fields than they reference",
      `${model}  x Int\n  b A? @relation(fields: [id, x], references: [id])\n}\n`,
      /^The relation at .*schema\.prisma:4 has 2 of its own fields for 1 that they reference\.$/,
    ],
    [
      "a model in another file that was not given",
      `${model}  bs B[]\n}\n`,
      /^The field bs of the Prisma model A at .*schema\.prisma:3 has the type B, which the schema does not define\.$/,
    ],
    [
      "a model that is there twice",
      `${model}}\n${model}}\n`,
      /^The Prisma model A is defined twice, at .*schema\.prisma:1 and at .*schema\.prisma:4\.$/,
    ],
    [
      "a model without its end",
      model,
      /^The Prisma schema .*schema\.prisma:?\d* cannot be read: the end of the file is not expected there\.$/,
    ],
    [
      "a file without models",
      'datasource db {\n  provider = "sqlite"\n}\n',
      /^The Prisma schema .*schema\.prisma defines no model\.$/,
    ],
    ["an empty file", "", /schema\.prisma defines no model\.$/],
  ])("%s is refused with the place", async (_, text, message) => {
    const found = await failure(write(text));
    expect(found.code).toBe("source-invalid");
    expect(found.message).toMatch(message);
  });

  test("block comments are no code, and lines below them keep their numbers", async () => {
    const { tables } = await write(`/* model Gone {
*/
model A { // "/*" in a comment
  id   Int    @id
  text String @default("/* no comment */") /* one { */
}
`);
    expect(
      tables.map((t) => [t.id, t.location?.line, t.columns.map((c) => [c.name, c.location?.line])]),
    ).toEqual([
      [
        "A",
        3,
        [
          ["id", 4],
          ["text", 5],
        ],
      ],
    ]);
  });

  test("a missing file and a folder without schema files are refused", async () => {
    expect((await failure(prisma("nowhere/schema.prisma").read(engine))).code).toBe("source-invalid");
    expect((await failure(prisma("bin").read(engine))).message).toContain("no file that ends in .prisma");
  });
});
