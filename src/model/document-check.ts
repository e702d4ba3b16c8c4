import type { Document } from "./model.ts";
import type { TableId } from "./table.ts";

/** A statement of a document that the database contradicts. */
export interface Discrepancy {
  /** The line of the document, from 1. */
  readonly line: number;
  /** The statement as it is written. */
  readonly statement: string;
  /** What the database does. */
  readonly message: string;
  /** The relations by which it does so, sorted; empty where there is none. */
  readonly relations: readonly string[];
}

/** What a document does not say, of tables that it is about. */
export interface Omission {
  /** The line of the list that leaves it out, from 1; null where it stands nowhere. */
  readonly line: number | null;
  /** A relation's id, or a cell as `child | parent`. */
  readonly object: string;
  readonly message: string;
  readonly relations: readonly string[];
}

/** A statement that was not compared with the database, and why. */
export interface NotJudged {
  readonly line: number;
  readonly statement: string;
  readonly reason: string;
}

/** Something beside a statement that is right. */
export interface Remark {
  readonly line: number;
  readonly statement: string;
  readonly message: string;
}

/** A file that was compared. */
export interface CheckedDocument {
  readonly file: string;
  readonly check: DocumentCheck;
}

/** A document that people wrote, compared with the database and the policy. Every list is sorted by line. */
export interface DocumentCheck extends Document {
  readonly kind: "document-check";
  readonly contradicted: readonly Discrepancy[];
  readonly leftOut: readonly Omission[];
  readonly notJudged: readonly NotJudged[];
  readonly remarks: readonly Remark[];
  /** Tables that no statement is about, sorted. */
  readonly uncovered: readonly TableId[];
  readonly counts: {
    /** Statements that were compared: the right ones and the contradicted ones. */
    readonly judged: number;
    readonly right: number;
    readonly contradicted: number;
    readonly leftOut: number;
    readonly notJudged: number;
  };
}
