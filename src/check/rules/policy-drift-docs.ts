import type { CheckedDocument, Discrepancy, Omission } from "../../model/document-check.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";

/** People decide by what a document says. */
export const policyDriftDocs: Rule = {
  id: "policy-drift-docs",
  severity: "error",
  confidence: "certain",
  title: "A document that says something else about deletes than the database does",
  wants: "documents",
  find: (facts) =>
    facts.documents.flatMap((document) => [
      ...document.check.contradicted.map((d) => contradicted(facts, document, d)),
      ...document.check.leftOut.map((o) => leftOut(facts, document, o)),
    ]),
};

function contradicted(facts: Facts, { file }: CheckedDocument, discrepancy: Discrepancy): Found {
  const { line, statement, message, relations } = discrepancy;
  return {
    object: relations[0] ?? "database",
    table: childOf(facts, relations),
    part: `${file}: ${statement}`,
    message: `${file} says "${statement}". ${message}`,
    evidence: { statement, relations: [...relations] },
    fix: {
      description: "Correct the document, or what the database does if the document is right.",
      sql: null,
    },
    location: { file, line },
  };
}

/** What is not said misleads less than what is wrong. */
function leftOut(
  facts: Facts,
  { file }: CheckedDocument,
  { line, object, message, relations }: Omission,
): Found {
  return {
    object: relations[0] ?? "database",
    table: childOf(facts, relations),
    part: `${file}: without ${object}`,
    severity: "warning",
    message: `${file} leaves out ${object}. ${message}`,
    evidence: { leftOut: object, relations: [...relations] },
    fix: { description: "Add it to the document; ondelete document writes one that is complete.", sql: null },
    ...(line === null ? {} : { location: { file, line } }),
  };
}

const childOf = ({ followed }: Facts, [first]: readonly string[]): string | null =>
  followed.relations.find((r) => r.id === first)?.child ?? null;
