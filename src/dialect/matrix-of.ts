import { deleteMatrix, type MatrixTask } from "../graph/delete-matrix.ts";
import type { Matrix } from "../model/matrix.ts";
import type { Model } from "../model/model.ts";
import { markerOf, type Policy, unmarkedOf } from "../model/policy.ts";
import { withPolicy } from "../model/with-policy.ts";
import type { Engine } from "./engine.ts";

/** What a matrix is foretold for: a bare DELETE, a delete by ondelete, or a soft one. */
export type DeleteWay = "native" | "hard" | "soft";

interface MatrixSource {
  readonly engine: Pick<Engine, "innerVerdict">;
  readonly model: Model;
  readonly policy: Policy;
}

/** The delete matrix of a database: of its constraints alone for a bare DELETE, with the policy otherwise. */
export const matrixOf = (source: MatrixSource, way: DeleteWay): Matrix =>
  deleteMatrix(matrixTask(source, way));

/** What {@link matrixOf} is foretold from. */
export function matrixTask({ engine, model, policy }: MatrixSource, way: DeleteWay): MatrixTask {
  const { followed, declared } = withPolicy(model, policy);
  return {
    tables: model.tables,
    relations: way === "native" ? declared : followed,
    inner: (relation, differences, several) =>
      engine.innerVerdict({
        relation,
        byDifference: new Map(differences.map((difference) => [difference, 1])),
        selfReferences: relation.child === relation.parent && !several ? 1 : 0,
      }),
    ...(way === "soft"
      ? { soft: (table) => (markerOf(table, policy) ? "mark" : unmarkedOf(table, policy)) }
      : {}),
  };
}
