import type { SourceLocation } from "./finding.ts";
import type { ReferentialAction } from "./relation.ts";
import type { TableId } from "./table.ts";

/** What a schema in code is written for; `sql` are files of DDL. */
export type SourceName = "drizzle" | "prisma" | "typeorm" | "mikroorm" | "sql";

export interface SourceColumn {
  readonly name: string;
  readonly nullable: boolean;
  /** Null where the source does not tell. */
  readonly location: SourceLocation | null;
}

/** What an ORM calls when it deletes a row itself, and does not where the database does. */
export interface DeleteHook {
  /** As the application finds it: a method, or a subscriber. */
  readonly name: string;
  readonly location: SourceLocation | null;
}

export interface SourceTable {
  readonly id: TableId;
  /** In the order of the source. */
  readonly columns: readonly SourceColumn[];
  /** In key order; empty where there is none. */
  readonly primaryKey: readonly string[];
  /** The columns of unique keys and unconditional unique indexes other than the primary key, without repetition. */
  readonly uniqueKeys: readonly (readonly string[])[];
  /** In the order of the source. */
  readonly hooks: readonly DeleteHook[];
  /** The column by which the ORM marks rows as deleted; null where it marks none. */
  readonly softDelete: string | null;
  readonly location: SourceLocation | null;
}

/** A relation as code declares it. */
export interface SourceRelation {
  /** Printed like any relation's, see `relationId`. */
  readonly id: string;
  readonly child: TableId;
  readonly columns: readonly string[];
  readonly parent: TableId;
  readonly parentColumns: readonly string[];
  /** What holds by the source, its defaults included. */
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** Whether the code writes `onDelete` out; null where the ORM does not tell that from its default. */
  readonly written: boolean | null;
  /** Whether the database is asked for a constraint, or the application alone knows the relation. */
  readonly enforcement: "database" | "application";
  readonly location: SourceLocation | null;
}

/** Rows that an ORM deletes along with another, in the process and not by a constraint. */
export interface OrmCascade {
  /** The relation that it follows. */
  readonly relation: Pick<SourceRelation, "id" | "child" | "columns" | "parent" | "parentColumns">;
  /** The side whose rows are deleted along with those of the other. */
  readonly deletes: "child" | "parent";
  /** As the code writes it, e.g. `cascade: ["remove"]`. */
  readonly text: string;
  readonly location: SourceLocation | null;
}

/** A comment in code by which findings about what it stands at are left out. */
export interface SourceIgnore {
  readonly rule: string;
  /** Null where none is given, so that it does not hold. */
  readonly reason: string | null;
  readonly location: SourceLocation;
  /** The last line that it holds for. */
  readonly until: number;
}

/** What the application's code says of its database. */
export interface SourceSchema {
  readonly source: SourceName;
  /** Sorted by id. */
  readonly tables: readonly SourceTable[];
  /** Sorted by id. */
  readonly relations: readonly SourceRelation[];
  /** Sorted by the relation's id. */
  readonly cascades: readonly OrmCascade[];
  /** In the order of the source. */
  readonly ignores: readonly SourceIgnore[];
}
