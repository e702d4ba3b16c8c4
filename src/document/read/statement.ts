import type { CellEffect } from "../../model/matrix.ts";
import type { ReferentialAction } from "../../model/relation.ts";

/** Who a document says does something; null where it does not say. */
export type Hand = "database" | "application" | "nobody" | null;

/** What a document says happens to rows of a table. */
export interface Said {
  readonly effect: Exclude<CellEffect, "order-dependent" | "data-dependent" | "unenforced">;
  /** Columns that are set, as they are written; empty where none are named. */
  readonly columns: readonly string[];
  readonly by: Hand;
}

interface Written {
  /** The line of the document, from 1. */
  readonly line: number;
  /** The statement as it is written. */
  readonly text: string;
}

/** That columns of a child reference a parent. */
export interface RelationStatement extends Written {
  readonly kind: "relation";
  readonly child: string;
  /** Empty where none are named. */
  readonly columns: readonly string[];
  /** A table, or a table's column; null where only child and columns are named. */
  readonly parent: string | null;
  /** Null where it does not say what happens on delete. */
  readonly action: ReferentialAction | null;
  readonly by: Hand;
  /** `child` and `parent` may be the other way round: an arrow is drawn both ways. */
  readonly eitherWay: boolean;
}

/** That a column references nothing. */
export interface NoReferenceStatement extends Written {
  readonly kind: "no-reference";
  readonly child: string;
  readonly column: string;
}

/** That all tables with a column, or all children where none is named, do something when a parent is deleted. */
export interface EveryStatement extends Written {
  readonly kind: "every";
  readonly parent: string;
  readonly column: string | null;
  readonly said: Said;
  readonly list: number | null;
}

/** What happens to rows of a child when a parent is deleted. */
export interface DeletionStatement extends Written {
  readonly kind: "deletion";
  readonly parent: string;
  readonly child: string;
  /** More than one where rows differ. */
  readonly said: readonly Said[];
  /** The list that it stands in, by its place in {@link ReadDocument.lists}; null outside of lists. */
  readonly list: number | null;
}

/** That the relations are declared by constraints, or that none of them is. */
export interface DeclaredStatement extends Written {
  readonly kind: "declared";
  readonly declared: boolean;
}

/** Something that looks like a statement and cannot be read as one. */
export interface UnreadStatement extends Written {
  readonly kind: "unread";
  readonly reason: string;
  readonly list: number | null;
}

export type Statement =
  | RelationStatement
  | NoReferenceStatement
  | EveryStatement
  | DeletionStatement
  | DeclaredStatement
  | UnreadStatement;

/** A list that is taken to be complete: all that deleting a table does, or a matrix. */
export interface List {
  readonly line: number;
  readonly title: string;
  readonly kind: "deletion" | "matrix";
  readonly mode: "hard" | "soft";
  readonly parents: readonly string[];
  /** The rows of a matrix; empty for other lists, whose statements tell them. */
  readonly children: readonly string[];
}

/** What a document says about relations and deletes, in its order. */
export interface ReadDocument {
  readonly statements: readonly Statement[];
  readonly lists: readonly List[];
  /** Names of tables that have a section with columns of their own. */
  readonly sections: readonly string[];
}
