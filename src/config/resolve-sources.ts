import { prisma } from "../source/prisma/prisma.ts";
import type { SchemaSource } from "../source/source.ts";
import { sql } from "../source/sql/sql.ts";
import type { SourceConfig } from "./config.ts";

/** The schemas in code that a configuration names, in its order. */
export function resolveSources(
  config: SourceConfig | readonly SourceConfig[] | undefined,
): readonly SchemaSource[] {
  return [config ?? []].flat().map((entry) => {
    if ("read" in entry) return entry;
    return entry.prisma === undefined ? sql(entry.sql ?? []) : prisma(entry.prisma);
  });
}
