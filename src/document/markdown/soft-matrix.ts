import type { Documentation } from "../../model/documentation.ts";
import { matrixTable } from "./matrix.ts";
import { WIDEST_MATRIX } from "./summary.ts";

/** What a soft delete of rows with a marker does. */
export function softMatrix(documentation: Documentation): readonly string[] {
  const { soft } = documentation;
  if (soft === null || soft.parents.length === 0 || soft.parents.length > WIDEST_MATRIX) return [];
  return [
    "What happens to rows of the table on the left when rows of the table above are soft-deleted: `SOFT-DELETED` rows are marked, `DELETED` ones are moved to the archive, `-` leaves them as they are.",
    "",
    ...matrixTable(soft, () => "", documentation),
  ];
}
