import type { EntitySchemaColumnOptions } from "typeorm";

/** A key, or a reference to one. */
export const uuid = (name: string, options: Partial<EntitySchemaColumnOptions> = {}) =>
  ({ name, type: "varchar", length: 36, ...options }) as const;

export const text = (name: string, length: number, options: Partial<EntitySchemaColumnOptions> = {}) =>
  ({ name, type: "varchar", length, ...options }) as const;

export const date = (name: string, options: Partial<EntitySchemaColumnOptions> = {}) =>
  ({ name, type: "datetime", ...options }) as const;

export const percent = (name: string, options: Partial<EntitySchemaColumnOptions> = {}) =>
  ({ name, type: "decimal", precision: 5, scale: 2, ...options }) as const;

export const json = (name: string) => ({ name, type: "json", nullable: true }) as const;

export const NULLABLE = { nullable: true } as const;

/** Null for as long as the row is live. */
export const deletedAt = date("deleted_at", { nullable: true, deleteDate: true });

/** Who made a row, and who changed it last. */
export interface Audited {
  createdBy: string;
  updatedBy: string;
}

export const audited = {
  createdBy: text("created_by", 255),
  updatedBy: text("updated_by", 255),
} as const;

/** The CHECK constraint of a status column. */
export const oneOf = (table: string, statuses: readonly string[]) => ({
  name: `${table}_status`,
  expression: `"status" in (${statuses.map((status) => `'${status}'`).join(", ")})`,
});
