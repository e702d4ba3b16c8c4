import type { ModelDocument } from "../model/model.ts";
import { textPattern } from "../std/text-pattern.ts";
import type { Config } from "./config.ts";

/**
 * The model as `schemas`, `include` and `exclude` have it shown: without the other tables and the relations that touch
 * them. Only for showing: a plan that left a table out would not see the rows that go with it. Tables stand in the order
 * of the entries of `include` that name them.
 */
export function visibleModel(
  model: ModelDocument,
  config: Pick<Config, "schemas" | "include" | "exclude">,
): ModelDocument {
  const included = (config.include ?? ["*"]).map(textPattern);
  const excluded = (config.exclude ?? []).map(textPattern);
  const place = (id: string) => included.findIndex((p) => p.test(id));
  const named = (id: string) => place(id) >= 0 && !excluded.some((p) => p.test(id));
  const inSchemas = (namespace: string) => config.schemas?.includes(namespace) ?? true;
  const tables = model.tables
    .filter((t) => inSchemas(t.namespace) && named(t.id))
    .toSorted((a, b) => place(a.id) - place(b.id));
  const shown = new Set(tables.map((t) => t.id));
  return {
    ...model,
    tables,
    relations: model.relations.filter((r) => shown.has(r.child) && shown.has(r.parent)),
  };
}
