import { pairsOf, type ReferentialAction, type Relation } from "../../model/relation.ts";
import type { SourceRelation, SourceSchema } from "../../model/source.ts";
import type { Facts } from "../facts.ts";
import { ignoredBecause } from "../ignored-by-engine.ts";
import type { Found, Rule } from "../rule.ts";
import {
  actionOn,
  at,
  type Compared,
  comparedRelations,
  isWhole,
  onUpdate,
  SOURCES,
  upper,
} from "../source-relations.ts";

/** Readers of code believe what it says; the database does something else. */
export const policyDriftOrm: Rule = {
  id: "policy-drift-orm",
  severity: "error",
  confidence: "certain",
  title: "What code says about deletes is not what the database does",
  wants: "source",
  find: (facts) => [
    ...comparedRelations(facts).flatMap((compared) => driftOf(compared, facts)),
    ...facts.schemas.flatMap((schema) => [
      ...missingTables(schema, facts),
      ...missingMarkers(schema, facts),
      ...unknownToCode(schema, facts),
    ]),
  ],
};

function driftOf(compared: Compared, facts: Facts): readonly Found[] {
  const { relation, constraints } = compared;
  const { engine, model } = facts;
  if (relation.enforcement === "application")
    return constraints[0] ? [unasked(compared, constraints[0])] : [];
  const isHere = (id: string) => model.tables.some((t) => t.id === id);
  if (!isHere(relation.child) || !isHere(relation.parent)) return [];
  // What no migration could bring is fk-ignored-by-engine's to tell.
  if (constraints.length === 0) return ignoredBecause(facts, compared) === null ? [missing(compared)] : [];
  const { capabilities } = engine;
  const agree = (one: ReferentialAction, other: ReferentialAction) =>
    actionOn(capabilities, one) === actionOn(capabilities, other);
  return constraints.flatMap((constraint) => {
    const updates = agree(constraint.onUpdate, relation.onUpdate) ? null : updateOf(relation, constraint);
    if (!agree(constraint.onDelete, relation.onDelete)) return [differs(compared, constraint, updates)];
    return updates ? [differsOnUpdate(compared, constraint, updates)] : [];
  });
}

/** What both say of updates of the key, as DDL has it, where they differ. */
interface Updates {
  readonly code: string;
  readonly database: string;
}

const updateOf = (code: SourceRelation, database: Relation): Updates => ({
  code: onUpdate(code.onUpdate),
  database: onUpdate(database.onUpdate),
});

function differs({ schema, relation }: Compared, constraint: Relation, updates: Updates | null): Found {
  const [code, database] = [upper(relation.onDelete), upper(constraint.onDelete)];
  const origin = relation.written === false ? ", its default," : "";
  const also = updates ? ` It also says ${updates.code}, and the constraint is ${updates.database}.` : "";
  return {
    object: constraint.id,
    table: constraint.child,
    columns: constraint.columns,
    part: `action ${schema.source}`,
    ...at(relation),
    message: `${SOURCES[schema.source]} says ${code}${origin} for ${constraint.id}; the constraint${called(constraint)} of the database is ${database}. Deletes do what the database says.${also}`,
    evidence: {
      code: relation.onDelete,
      database: constraint.onDelete,
      constraint: constraint.name,
      written: relation.written,
    },
    fix: {
      description: `Decide which is meant: make the constraint anew as ${code} in a migration, or write ${database} in the code.`,
      sql: null,
    },
  };
}

/** It matters less: keys seldom change, but a delete that changes a referenced column comes this way too. */
function differsOnUpdate({ schema, relation }: Compared, constraint: Relation, updates: Updates): Found {
  return {
    object: constraint.id,
    table: constraint.child,
    columns: constraint.columns,
    part: `update ${schema.source}`,
    severity: "warning",
    ...at(relation),
    message: `${SOURCES[schema.source]} says ${updates.code} for ${constraint.id}; the constraint${called(constraint)} of the database is ${updates.database}. Deletes are the same in both; a change of the referenced columns does what the database says.`,
    evidence: { code: relation.onUpdate, database: constraint.onUpdate, constraint: constraint.name },
    fix: {
      description: `Decide which is meant: make the constraint anew as ${updates.code} in a migration, or write ${updates.database} in the code.`,
      sql: null,
    },
  };
}

const called = ({ name }: Relation): string => (name === null ? "" : ` ${name}`);

function missing({ schema, relation }: Compared): Found {
  return {
    object: relation.id,
    table: relation.child,
    columns: relation.columns,
    part: `missing ${schema.source}`,
    ...at(relation),
    message: `${SOURCES[schema.source]} declares ${relation.id} with ${upper(relation.onDelete)}, and the database has no such constraint: a delete from ${relation.parent} leaves the rows of ${relation.child} behind.`,
    evidence: { code: relation.onDelete, database: null },
    fix: { description: "Run the migration that makes it, or take the relation out of the code.", sql: null },
  };
}

/** Tables with relations that the database does not have: one finding for each, whatever it takes part in. */
function missingTables(schema: SourceSchema, { model }: Facts): readonly Found[] {
  const here = new Set(model.tables.map((t) => t.id));
  const absent = schema.tables.filter((t) => !here.has(t.id));
  return absent.flatMap((table) => {
    const ids = schema.relations
      .filter((r) => r.enforcement === "database" && [r.child, r.parent].includes(table.id))
      .map((r) => r.id);
    if (ids.length === 0) return [];
    return [
      {
        object: table.id,
        table: null,
        part: `missing ${schema.source}`,
        ...at(table),
        message: `${SOURCES[schema.source]} has the table ${table.id}, and the database does not: none of its relations holds.`,
        evidence: { relations: ids },
        fix: {
          description: "Run the migration that makes it, or take the table out of the code.",
          sql: null,
        },
      },
    ];
  });
}

/** Columns by which code marks rows as deleted, and that the database does not have: its deletes fail. */
function missingMarkers(schema: SourceSchema, { model }: Facts): readonly Found[] {
  return schema.tables.flatMap((table): readonly Found[] => {
    const there = model.tables.find((t) => t.id === table.id);
    const name = table.softDelete;
    if (!there || name === null || there.columns.some((c) => c.name === name)) return [];
    return [
      {
        object: table.id,
        table: table.id,
        part: `marker ${schema.source}`,
        ...at(table),
        message: `${SOURCES[schema.source]} marks rows of ${table.id} as deleted in the column ${name}, which the database does not have: queries and soft deletes of the code fail.`,
        evidence: { marker: name },
        fix: { description: "Run the migration that adds it, or take it out of the code.", sql: null },
      },
    ];
  });
}

function unasked({ schema, relation }: Compared, constraint: Relation): Found {
  return {
    object: constraint.id,
    table: constraint.child,
    columns: constraint.columns,
    part: `application ${schema.source}`,
    ...at(relation),
    message: `${SOURCES[schema.source]} knows ${constraint.id} and asks for no constraint; the database has one${called(constraint)}, ${upper(constraint.onDelete)}. The next migration made from the code may drop it.`,
    evidence: { code: null, database: constraint.onDelete, constraint: constraint.name },
    fix: {
      description: `Write the constraint in the code with ${upper(constraint.onDelete)}, or drop it.`,
      sql: null,
    },
  };
}

/** Constraints of tables that the code knows. */
function unknownToCode(schema: SourceSchema, { declared }: Facts): readonly Found[] {
  const tables = new Map(schema.tables.map((t) => [t.id, t]));
  const known = new Set(schema.relations.map((r) => pairsOf(r)));
  return declared.relations
    .filter((r) => isWhole(r) && tables.has(r.child) && !known.has(pairsOf(r)))
    .map((constraint) => ({
      object: constraint.id,
      table: constraint.child,
      columns: constraint.columns,
      part: `unknown ${schema.source}`,
      ...at(tables.get(constraint.child) ?? { location: null }),
      message: `The database has the constraint${called(constraint)} ${constraint.id}, ${upper(constraint.onDelete)}, of which ${inSentence(schema)} knows nothing. Who reads the code does not expect what it does.`,
      evidence: { code: null, database: constraint.onDelete, constraint: constraint.name },
      fix: {
        description: "Declare the relation in the code, or drop the constraint in a migration.",
        sql: null,
      },
    }));
}

const inSentence = ({ source }: SourceSchema): string => SOURCES[source].replace(/^The/, "the");
