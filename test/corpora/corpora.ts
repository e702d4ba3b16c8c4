import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Variant, variants } from "../support/databases.ts";
import type { Changes } from "./changes.ts";
import type { CorpusEngine } from "./corpus-engine.ts";
import { mariadbCorpus } from "./mariadb.ts";
import { postgresCorpus } from "./postgres.ts";
import { sqliteCorpus } from "./sqlite.ts";

/** A public sample database that nobody tuned for ondelete, on the engine it was dumped from. */
export interface Corpus {
  readonly title: string;
  readonly file: string;
  readonly on: CorpusEngine;
  /** What is known of it: a load that lost something is seen. */
  readonly tables: number;
  readonly foreignKeys: number;
  readonly rows: number;
  /** Columns that a trigger fills with the time of the update. */
  readonly clocks: readonly string[];
  /** Tables with a delete trigger that acts on one of the two ways only: the engine's own cascade or ondelete's deletes. */
  readonly oneWayTriggers: readonly string[];
  /** What a test run proves: rows of every table, as shipped and otherwise, whose deletes take at most `largest`. */
  readonly sample: { readonly shipped: number; readonly altered: number; readonly largest: number };
  /** Changes that the comparison must see, and how it names them. */
  readonly tamper: { readonly sql: readonly string[]; readonly seen: Changes };
}

const unchanged = { gone: [], come: [], changed: {} };

export const corpora: readonly Corpus[] = [
  {
    title: "Chinook",
    file: "chinook.sqlite.sql",
    on: sqliteCorpus,
    tables: 11,
    foreignKeys: 11,
    rows: 15_607,
    clocks: [],
    sample: { shipped: 3, altered: 2, largest: 20_000 },
    oneWayTriggers: [],
    tamper: {
      sql: [
        "update Genre set Name = null where GenreId = 1",
        "delete from PlaylistTrack where PlaylistId = 1 and TrackId = 1",
        "insert into Genre values (26, 'Skiffle')",
      ],
      seen: {
        Genre: { gone: [], come: ['["26"]'], changed: { '["1"]': { Name: null } } },
        PlaylistTrack: { ...unchanged, gone: ['["1","1"]'] },
      },
    },
  },
  {
    title: "Pagila",
    file: "pagila.postgres.sql",
    on: postgresCorpus,
    tables: 21,
    foreignKeys: 36,
    rows: 46_273,
    clocks: ["last_update"],
    sample: { shipped: 2, altered: 1, largest: 3_000 },
    oneWayTriggers: [],
    tamper: {
      sql: [
        "update payment set amount = amount + 1 where payment_id = 16051 and payment_date < '2022-02-01'",
        "delete from film_category where film_id = 1",
        "insert into category (category_id, name) values (17, 'Western')",
      ],
      seen: {
        category: { ...unchanged, come: ['["17"]'] },
        film_category: { ...unchanged, gone: ['["1","6"]'] },
        payment_p2022_01: {
          ...unchanged,
          changed: { '["2022-01-29 01:58:52.222594+00","16051"]': { amount: "1.99" } },
        },
      },
    },
  },
  {
    title: "Sakila",
    file: "sakila.mariadb.sql",
    on: mariadbCorpus,
    tables: 16,
    foreignKeys: 22,
    rows: 47_273,
    clocks: [],
    sample: { shipped: 2, altered: 1, largest: 3_000 },
    oneWayTriggers: [],
    tamper: {
      sql: [
        "update payment set amount = amount + 1, last_update = last_update where payment_id = 1",
        "delete from film_category where film_id = 1",
        "insert into category values (17, 'Western', '2006-02-15 04:46:27')",
      ],
      seen: {
        category: { ...unchanged, come: ['["17"]'] },
        film_category: { ...unchanged, gone: ['["1","6"]'] },
        payment: { ...unchanged, changed: { '["1"]': { amount: "3.99" } } },
      },
    },
  },
];

const FOLDER = process.env.ONDELETE_CORPORA ?? join(import.meta.dirname, "../../../shared/corpora");

/** Why a corpus cannot be used here, null where it can. */
export function skipReason(corpus: Corpus): string | null {
  const file = join(FOLDER, corpus.file);
  return existsSync(file)
    ? variantOf(corpus).skip
    : `there is no ${file}; ONDELETE_CORPORA names the folder of the corpora`;
}

export const scriptOf = (corpus: Corpus): string =>
  readFileSync(join(FOLDER, corpus.file), corpus.on.encoding);

export function variantOf({ on }: Corpus): Variant {
  const variant = variants.find((v) => v.engine === on.engine);
  if (!variant) throw new Error(`tests know no engine ${on.engine}`);
  return variant;
}
