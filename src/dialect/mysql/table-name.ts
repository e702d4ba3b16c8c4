import type { Table } from "../../model/table.ts";
import { id, type Sql } from "../sql.ts";

export const tableName = (table: Pick<Table, "namespace" | "name">): Sql => id(table.namespace, table.name);
