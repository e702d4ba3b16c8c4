import type { Config } from "../../src/index.ts";

/** Names with everything in them that some notation gives a meaning to. */
export const NAMES = {
  parent: 'Größe "x" | `y`',
  child: "select",
  other: "a.b(c) <d> & #e; \\f",
  key: "Order By",
  reference: "it's {é} %1$s [n]; x=NULL",
  upper: "UPPER",
} as const;

const q = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const [parent, child, other] = [q(NAMES.parent), q(NAMES.child), q(NAMES.other)];
const [key, reference, upper] = [q(NAMES.key), q(NAMES.reference), q(NAMES.upper)];

/** Tables under awkward names, with a composite key, a self-reference, a polymorphic relation and one of the application. */
export const AWKWARD: readonly string[] = [
  `create table ${parent} (${key} integer not null, ${upper} integer not null, primary key (${key}, ${upper}))`,
  `create table ${child} (${key} integer not null primary key, ${reference} integer, ${upper} integer, foreign key (${reference}, ${upper}) references ${parent} (${key}, ${upper}) on delete cascade)`,
  `create table ${other} (${key} integer not null primary key, ${reference} integer, ${upper} integer, foreign key (${reference}) references ${child} (${key}) on delete set null, foreign key (${upper}) references ${other} (${key}) on delete restrict)`,
];

export const CONFIG: Config = {
  relations: [
    {
      child: NAMES.parent,
      columns: [NAMES.upper],
      parent: NAMES.other,
      parentColumns: [NAMES.key],
      onDelete: "cascade",
      enforcedBy: "application",
      when: { column: NAMES.key, values: ["1", "a | b"] },
    },
  ],
};
