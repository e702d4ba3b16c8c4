import type { Documentation } from "../../model/documentation.ts";
import type { TableId } from "../../model/table.ts";
import type { List } from "../read/statement.ts";
import type { Named, Names } from "./names.ts";

/** What became of a statement. */
export type Judgement =
  | {
      readonly kind: "right";
      readonly relations: readonly string[];
      /** The cell that it is about, as `child | parent`. */
      readonly cell?: string;
      readonly remark?: string;
    }
  | {
      readonly kind: "contradicted";
      readonly message: string;
      readonly relations: readonly string[];
      readonly cell?: string;
    }
  | { readonly kind: "unjudged"; readonly reason: string };

/** What statements are judged by. */
export interface Judge {
  readonly documentation: Documentation;
  readonly names: Names;
  readonly lists: readonly List[];
  /** Remembers a table that the document is about. */
  readonly cover: (table: TableId) => void;
}

/** Why a name cannot be judged. */
export const unjudged = (written: string, named: Exclude<Named, { kind: "found" }>): Judgement => ({
  kind: "unjudged",
  reason:
    named.kind === "unknown"
      ? `no table is called ${written}`
      : `${written} can be any of ${named.tables.join(", ")}`,
});
