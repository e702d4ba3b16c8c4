import type { Relation } from "../model/relation.ts";

/** Whether a delete of the parent changes the child's rows, in place of being refused. */
export const acts = ({ onDelete }: Relation): boolean => onDelete !== "restrict" && onDelete !== "no action";

export const cascades = ({ onDelete }: Relation): boolean => onDelete === "cascade";
