import type { Table } from "../../model/table.ts";
import { id, type Sql } from "../sql.ts";

/** A table's name, qualified and quoted. */
export const tableName = (table: Pick<Table, "namespace" | "name">): Sql => id(table.namespace, table.name);
