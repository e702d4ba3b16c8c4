import { type Relation, relationId } from "../model/relation.ts";
import type { Facts } from "./facts.ts";
import type { Found } from "./rule.ts";

/** What partitions declare one by one is one thing to know: their findings as one, under the id of the whole table. */
export function withoutPartitions(facts: Facts, found: readonly Found[]): readonly Found[] {
  const partial = new Map(
    facts.declared.relations.filter((r) => r.childPartition !== null).map((r) => [r.id, r] as const),
  );
  if (!found.some((f) => partial.has(f.object))) return found;
  const groups = Map.groupBy(found, (f) => {
    const relation = partial.get(f.object);
    return JSON.stringify([relation ? relationId(relation) : f.object, f.part, f.severity, f.confidence]);
  });
  return [...groups.values()].flatMap((group) => merged(group, partial));
}

function merged(group: readonly Found[], partial: ReadonlyMap<string, Relation>): readonly Found[] {
  const [first] = group;
  const relation = first && partial.get(first.object);
  if (!first || !relation) return group;
  const whole = relationId(relation);
  const partitions = group.map((f) => partial.get(f.object)?.childPartition ?? "");
  const statements = group.flatMap((f) => f.fix?.sql ?? []);
  const { fix } = first;
  return [
    {
      ...first,
      object: whole,
      message: first.message.replaceAll(first.object, whole),
      evidence: { ...first.evidence, partitions },
      ...(fix
        ? {
            fix: {
              description: fix.description.replaceAll(first.object, whole),
              sql: statements.length > 0 ? statements.join(";\n") : null,
            },
          }
        : {}),
    },
  ];
}
