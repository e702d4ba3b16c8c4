import type { Engine } from "../dialect/engine.ts";
import type { Model, ModelDocument } from "../model/model.ts";
import { markerOf, type Policy } from "../model/policy.ts";
import { relationsShown } from "../model/with-policy.ts";

/** The model as a document: constraints, overridden or joined by the relations of the policy. */
export function describeModel(engine: Engine, model: Model, policy: Policy): ModelDocument {
  return {
    ondelete: "1",
    kind: "model",
    engine: engine.info,
    ...model,
    tables: model.tables.map((table) => {
      const softDelete = markerOf(table, policy);
      return softDelete ? { ...table, softDelete } : table;
    }),
    relations: relationsShown(model, policy),
  };
}
