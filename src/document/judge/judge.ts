import type { DocumentCheck } from "../../model/document-check.ts";
import type { Documentation } from "../../model/documentation.ts";
import type { TableId } from "../../model/table.ts";
import type { DeletionStatement, ReadDocument, Statement } from "../read/statement.ts";
import { judgeDeclared } from "./declared.ts";
import { everyRelation, judgeDeletion, judgeEvery } from "./deletions.ts";
import { namesOf } from "./names.ts";
import { omissionsIn, type Stated } from "./omissions.ts";
import { judgeNoReference, judgeRelation } from "./relations.ts";
import type { Judge, Judgement } from "./verdict.ts";

/** Compares what a document says with what the database and the policy do. Pure: reads neither. */
export function judgeDocument(read: ReadDocument, documentation: Documentation): DocumentCheck {
  const covered = new Set<TableId>();
  const tables = documentation.tables.filter((t) => t.kind !== "partition");
  const names = namesOf(tables);
  const judge: Judge = { documentation, names, lists: read.lists, cover: (table) => covered.add(table) };
  for (const named of [...read.sections, ...read.lists.flatMap((l) => [...l.parents, ...l.children])]) {
    const found = names.table(named);
    if (found.kind === "found") covered.add(found.table);
  }
  const judged = joined(read).map((statement) => ({ statement, judgement: judgementOf(statement, judge) }));
  const leftOut = omissionsIn(statedBy(judged, covered, judge), judge);
  const of = <K extends Judgement["kind"]>(kind: K) =>
    judged.flatMap(({ statement: { line, text }, judgement }) =>
      judgement.kind === kind
        ? [{ line, statement: text, judgement: judgement as Extract<Judgement, { kind: K }> }]
        : [],
    );
  const [right, contradicted, notJudged] = [of("right"), of("contradicted"), of("unjudged")];
  return {
    ondelete: "1",
    kind: "document-check",
    engine: documentation.engine,
    contradicted: contradicted.map(({ judgement: { message, relations }, ...at }) => ({
      ...at,
      message,
      relations: [...relations].sort(),
    })),
    leftOut,
    notJudged: notJudged.map(({ judgement: { reason }, ...at }) => ({ ...at, reason })),
    remarks: right.flatMap(({ judgement: { remark }, ...at }) =>
      remark === undefined ? [] : [{ ...at, message: remark }],
    ),
    uncovered: tables.map((t) => t.id).filter((id) => !covered.has(id)),
    counts: {
      judged: right.length + contradicted.length,
      right: right.length,
      contradicted: contradicted.length,
      leftOut: leftOut.length,
      notJudged: notJudged.length,
    },
  };
}

function judgementOf(statement: Statement, judge: Judge): Judgement {
  switch (statement.kind) {
    case "relation":
      return judgeRelation(statement, judge);
    case "no-reference":
      return judgeNoReference(statement, judge);
    case "deletion":
      return judgeDeletion(statement, judge);
    case "every":
      return judgeEvery(statement, judge);
    case "declared":
      return judgeDeclared(statement, judge);
    case "unread":
      return { kind: "unjudged", reason: statement.reason };
  }
}

/** Lines of one list about one child say one thing together, one line for each of its relations. */
function joined({ statements, lists }: ReadDocument): readonly Statement[] {
  const groups = Map.groupBy(statements, (s, i) =>
    s.kind === "deletion" && s.list !== null && lists[s.list]?.kind === "deletion"
      ? JSON.stringify([s.list, s.parent, s.child])
      : `${i}`,
  );
  return [...groups.values()].flatMap((group): readonly Statement[] => {
    const [first, ...more] = group as readonly DeletionStatement[];
    if (!first || more.length === 0) return group;
    return [{ ...first, said: [first, ...more].flatMap((s) => s.said) }];
  });
}

function statedBy(
  judged: readonly { readonly statement: Statement; readonly judgement: Judgement }[],
  covered: ReadonlySet<TableId>,
  judge: Judge,
): Stated {
  const relations = new Set<string>();
  const cells = new Map<number | null, Set<string>>([[null, new Set()]]);
  const unjudged = new Map<number, string[]>();
  const unclear = new Set<TableId>();
  const tell = (list: number | null, cell: string) => {
    for (const place of new Set([null, list])) cells.set(place, (cells.get(place) ?? new Set()).add(cell));
  };
  for (const { statement, judgement } of judged) {
    const list = "list" in statement ? statement.list : null;
    if (judgement.kind === "unjudged") {
      if (list !== null) unjudged.set(list, [...(unjudged.get(list) ?? []), statement.text]);
      const child = statement.kind === "relation" ? judge.names.table(statement.child) : null;
      if (child?.kind === "found") unclear.add(child.table);
      continue;
    }
    if (judgement.cell !== undefined) tell(list, judgement.cell);
    if (statement.kind === "every") {
      const parent = judge.names.table(statement.parent);
      if (parent.kind !== "found") continue;
      for (const r of everyRelation(statement, parent.table, judge))
        tell(list, `${r.child} | ${parent.table}`);
    }
    if (statement.kind !== "deletion") for (const id of judgement.relations) relations.add(id);
  }
  return { covered, relations, cells, unjudged, unclear };
}
