import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Column } from "../../model/table.ts";
import { id, list, raw, type Sql, sql } from "../sql.ts";
import type { SqliteHandle } from "./handle.ts";
import { fromImageAt } from "./image.ts";

/**
 * SQLite compresses nothing itself: the connection gets two functions for it. Text goes through them as its bytes, which
 * need not be valid UTF-8.
 */
export function addPackFunctions(handle: SqliteHandle): void {
  const options = { deterministic: true };
  handle.function("ondelete_pack", options, (bytes) => zstdCompressSync(bytes as Uint8Array, FAST));
  handle.function("ondelete_unpack", options, (packed) => zstdDecompressSync(packed as Uint8Array));
}

const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Compressed JSON arrays of images. */
export function pack(select: Sql, bytes: number): Sql {
  return sql`select ordinal, count(*) as rows, ondelete_pack(cast('[' || group_concat(image, ',') || ']' as blob)) as images from (select image, sum(length(image)) over (rows unbounded preceding) / ${raw(String(bytes))} as ordinal from (${select}) as i) as p group by ordinal`;
}

export function unpack(packs: Sql, columns: readonly Column[]): Sql {
  const values = columns.map((column, i) => sql`${fromImageAt(id("r", "value"), i)} as ${id(column.name)}`);
  return sql`select ${list(values)} from (${packs}) as p, json_each(cast(ondelete_unpack(p.images) as text)) as r`;
}
