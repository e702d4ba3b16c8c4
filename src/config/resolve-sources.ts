import { prisma } from "../source/prisma/prisma.ts";
import type { SchemaSource } from "../source/source.ts";
import type { SourceConfig } from "./config.ts";

/** The schemas in code that a configuration names, in its order. */
export function resolveSources(
  config: SourceConfig | readonly SourceConfig[] | undefined,
): readonly SchemaSource[] {
  return [config ?? []].flat().map((entry) => ("prisma" in entry ? prisma(entry.prisma) : entry));
}
