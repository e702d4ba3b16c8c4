import type { Catalog, CorpusTable, Row } from "./catalog.ts";
import type { Corpus } from "./corpora.ts";
import { expectedDelete } from "./oracle.ts";
import type { Pass } from "./passes.ts";
import { proveRow, type RowProof } from "./prove-row.ts";
import { type Stage, stageOf } from "./stage.ts";

/** What came of one pass over a corpus. */
export interface PassResult {
  /** Name and version. */
  readonly engine: string;
  readonly pass: string;
  readonly tables: number;
  readonly rows: number;
  /** Rows whose deletes were larger than asked for. */
  readonly leftOut: number;
  readonly allowed: number;
  readonly blocked: number;
  /** Deletes that the engine applies itself, of those tried. */
  readonly nativeApplied: number;
  readonly deletedRows: number;
  readonly seconds: number;
  readonly differences: readonly string[];
}

export interface PassOptions {
  readonly catalog: Catalog;
  /** So many rows of every table, spread evenly over its keys. */
  readonly rows: number;
  /** Rows whose delete takes more are left out. */
  readonly largest: number;
}

/** Proves some rows of every table. */
export async function provePass(corpus: Corpus, pass: Pass, options: PassOptions): Promise<PassResult> {
  const started = performance.now();
  const proofs: RowProof[] = [];
  let leftOut = 0;
  let stage = await stageOf(corpus, pass, options.catalog);
  try {
    for (const table of stage.catalog.tables) {
      for (const row of spread(stage, table, options.rows)) {
        if (closureSize(stage, table, row) > options.largest) {
          leftOut++;
          continue;
        }
        const proof = await proveRow(stage, table, row);
        proofs.push(proof);
        if (proof.intact) continue;
        await stage.db.drop();
        stage = await stageOf(corpus, pass, options.catalog);
      }
    }
  } finally {
    await stage.db.drop();
  }
  const allowed = proofs.filter((p) => p.verdict === "allowed").length;
  return {
    engine: `${stage.ondelete.engine.name} ${stage.ondelete.engine.version}`,
    pass: pass.name,
    tables: new Set(proofs.map((p) => p.table)).size,
    rows: proofs.length,
    leftOut,
    allowed,
    blocked: proofs.length - allowed,
    nativeApplied: proofs.filter((p) => p.native).length,
    deletedRows: proofs.reduce((n, p) => n + p.deleted, 0),
    seconds: Math.round((performance.now() - started) / 100) / 10,
    differences: proofs.flatMap((p) => p.differences),
  };
}

function closureSize(stage: Stage, table: CorpusTable, row: Row): number {
  const { deleted } = expectedDelete(stage.catalog, stage.references, { table: table.name, row });
  return Object.values(deleted).reduce((n, rows) => n + rows, 0);
}

/** The first row, the last and those between at equal distances, in key order: the same ones in every run. */
function spread(stage: Stage, { name }: CorpusTable, wanted: number): readonly Row[] {
  const rows = [...(stage.reference.rows.get(name) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  const n = Math.min(wanted, rows.length);
  const at = (i: number) => (n === 1 ? 0 : Math.round((i * (rows.length - 1)) / (n - 1)));
  return Array.from({ length: n }, (_, i) => rows[at(i)]?.[1] ?? {});
}
