import type { Relation } from "../../model/relation.ts";
import { columnOf } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import { dropSql } from "../fixes.ts";
import type { Found, Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** The second one costs a check for every write and says nothing new. */
export const fkDuplicate: Rule = {
  id: "fk-duplicate",
  severity: "warning",
  confidence: "certain",
  title: "Two foreign keys on the same columns, or on some of them, that say the same",
  find: (facts) => {
    const relations = facts.declared.relations.toSorted(byName);
    const groups = [...Map.groupBy(relations, sameness).values()];
    const firsts = groups.flatMap(([first]) => first ?? []);
    return [
      ...groups.flatMap(([first, ...others]) =>
        first ? others.map((other) => twice(facts, first, other)) : [],
      ),
      ...firsts.flatMap((part) => {
        const whole = firsts.find((other) => isWithin(part, other));
        return whole ? [within(facts, part, whole)] : [];
      }),
    ];
  },
};

/** Those whose ids have no name behind them come first, so that the same one is kept in every copy of a database. */
const byName = (a: Relation, b: Relation): number => (a.id < b.id ? -1 : 1);

const named = ({ name, id }: Relation): string => name ?? id;

function twice(facts: Facts, first: Relation, other: Relation): Found {
  const names = [first.name, other.name].map((name) => name ?? "one without a name");
  const differs = differences(first, other);
  const but = differs.length === 0 ? "" : ` but for ${listed(differs)}`;
  return {
    object: other.id,
    table: other.child,
    columns: other.columns,
    message: `${names[1]} is the same foreign key as ${names[0]}${but}: every write to ${other.child} and every delete from ${other.parent} is checked twice.`,
    evidence: { constraints: names, ...(differs.length === 0 ? {} : { differ: differs }) },
    fix:
      differs.length === 0
        ? { description: `Drop ${names[1]}.`, sql: dropSql(facts, other) }
        : { description: "Keep the one that is meant, and drop the other.", sql: null },
  };
}

/** In what else the constraints differ, in the words of DDL. */
function differences(a: Relation, b: Relation): readonly string[] {
  const said = (r: Relation) => ({
    "ON DELETE": r.onDelete,
    "ON UPDATE": r.onUpdate,
    MATCH: r.match,
    DEFERRABLE: `${r.deferrable} ${r.initiallyDeferred}`,
    "the columns that are set": JSON.stringify(r.setColumns),
  });
  const [one, other] = [said(a), said(b)];
  return (Object.keys(one) as (keyof typeof one)[]).filter((word) => one[word] !== other[word]);
}

/** Whether the pairs of columns of one are some of the other's, on the same tables with the same action. */
function isWithin(part: Relation, whole: Relation): boolean {
  return (
    part.columns.length < whole.columns.length &&
    whole.enforced &&
    whole.validated &&
    endsOf(part) === endsOf(whole) &&
    action(part) === action(whole) &&
    part.columns.every((c, i) => whole.parentColumns[whole.columns.indexOf(c)] === part.parentColumns[i])
  );
}

/** Where the other's columns are never null, a row that it lets in is one that this lets in. */
function within(facts: Facts, part: Relation, whole: Relation): Found {
  const rest = whole.columns.filter((c) => !part.columns.includes(c));
  const table = facts.table(part.childPartition ?? part.child);
  const nullable = rest.filter((c) => columnOf(table, c).nullable);
  const isImplied = nullable.length === 0;
  const alone = isImplied
    ? `every row that ${named(whole)} lets in is one that it lets in too`
    : `only where ${listed(nullable)} is null it says something that ${named(whole)} does not`;
  return {
    object: part.id,
    part: "within",
    table: part.child,
    columns: part.columns,
    ...(isImplied ? {} : { severity: "info" as const }),
    message: `The columns of ${named(part)} are some of those of ${named(whole)}, with the same action, and ${alone}: writes to ${part.child} and deletes from ${part.parent} are checked twice.`,
    evidence: { constraints: [named(part), named(whole)], nullable },
    fix: isImplied
      ? { description: `Drop ${named(part)}.`, sql: dropSql(facts, part) }
      : {
          description: `Make ${listed(nullable)} NOT NULL and drop ${named(part)}, or keep both where that is meant.`,
          sql: null,
        },
  };
}

const action = ({ onDelete }: Relation): string => (onDelete === "restrict" ? "no action" : onDelete);

const endsOf = (r: Relation): string =>
  JSON.stringify([r.childPartition ?? r.child, r.parentPartition ?? r.parent]);

/** Text that is equal for foreign keys on the same columns with the same action. */
function sameness(r: Relation): string {
  const pairs = r.columns.map((c, i) => `${c}\u0000${r.parentColumns[i]}`).sort();
  return JSON.stringify([endsOf(r), pairs, action(r)]);
}
