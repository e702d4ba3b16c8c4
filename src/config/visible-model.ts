import type { ModelDocument } from "../model/model.ts";
import type { Config } from "./config.ts";

/** The model as `include` and `exclude` have it shown: without the other tables and the relations that touch them. */
export function visibleModel(
  model: ModelDocument,
  config: Pick<Config, "include" | "exclude">,
): ModelDocument {
  const included = (config.include ?? ["*"]).map(pattern);
  const excluded = (config.exclude ?? []).map(pattern);
  const shown = (id: string) => included.some((p) => p.test(id)) && !excluded.some((p) => p.test(id));
  return {
    ...model,
    tables: model.tables.filter((t) => shown(t.id)),
    relations: model.relations.filter((r) => shown(r.child) && shown(r.parent)),
  };
}

const pattern = (text: string) => new RegExp(`^${text.split("*").map(literally).join(".*")}$`, "su");

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
