import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { OnDeleteError } from "../../error.ts";
import type { SourceRelation, SourceSchema } from "../../model/source.ts";
import { readTexts } from "../definitions.ts";
import { ignoresIn } from "../ignores.ts";
import { type SchemaSource, type SourceEngine, sorted } from "../source.ts";
import { refuseFaults } from "./faults.ts";
import { joinTables } from "./many-to-many.ts";
import { modelOf } from "./model.ts";
import { foreignKey } from "./relation.ts";
import { blocksOf, blocksOfType, datasourceSetting, fieldsOf, type Placed } from "./syntax.ts";

/**
 * The models of a Prisma schema.
 *
 * @param path the schema file, or a folder of several, which belong together wherever below it they stand
 * @example
 * export default defineConfig({ source: prisma("prisma/schema.prisma") });
 */
export function prisma(path: string): SchemaSource {
  return {
    source: "prisma",
    read: async (engine) => {
      const texts = await readTexts(await schemaFiles(path));
      const blocks = texts.flatMap(blocksOf);
      refuseFaults(path, blocks);
      return { ...readSchema(blocks, engine), ignores: ignoresIn(texts) };
    },
  };
}

async function schemaFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  const files = names.filter((name) => name.endsWith(".prisma")).toSorted();
  if (files.length > 0) return files.map((name) => join(path, name));
  throw new OnDeleteError("source-invalid", `The folder ${path} holds no file that ends in .prisma.`, {
    hint: "Name the schema file, or the folder that `schema` of prisma.config.ts names.",
  });
}

function readSchema(blocks: readonly Placed[], engine: SourceEngine): SourceSchema {
  const placed = blocksOfType(blocks, "model");
  // A field whose type is a model or a view is no column.
  const names = new Set([...placed, ...blocksOfType(blocks, "view")].map(({ block }) => block.name));
  const models = placed.map((one) => modelOf(one, names, engine));
  const mode = datasourceSetting(blocks, "relationMode") ?? datasourceSetting(blocks, "referentialIntegrity");
  const enforcement: SourceRelation["enforcement"] = mode === "prisma" ? "application" : "database";
  const joins = joinTables(models, engine, { enforcement, provider: datasourceSetting(blocks, "provider") });
  const declared = models.flatMap((one) =>
    fieldsOf(one.model).flatMap((field) => foreignKey(one, field, { models, enforcement }) ?? []),
  );
  return sorted({
    source: "prisma",
    tables: [...models.map(({ table }) => table), ...joins.tables],
    relations: [...declared, ...joins.relations],
    cascades: [],
    ignores: [],
  });
}
