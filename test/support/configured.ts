import { parseEdge, type Story } from "./story.ts";

const SETS = /on delete (set null|set default)/;

/**
 * The story with its SET NULL and SET DEFAULT said by the configuration and not by constraints: the same must come of
 * it, on engines that refuse such a constraint too. Only the bare DELETE, which knows nothing of it, leaves another state.
 */
export function configured(story: Story): Story {
  const sets = story.fks.flatMap((fk) => {
    const onDelete = SETS.exec(fk)?.[1] as "set null" | "set default" | undefined;
    return onDelete ? [{ ...parseEdge(fk), onDelete }] : [];
  });
  const { only: _only, mariadb: _mariadb, ...rest } = story;
  return {
    ...rest,
    title: `${story.title}: by the configuration`,
    names: "plain",
    fks: story.fks.filter((fk) => !SETS.test(fk)),
    config: (table, column) => ({
      relations: sets.map(({ child, columns, parent, parentColumns, onDelete }) => ({
        child: table(child),
        columns: columns.map(column),
        parent: table(parent),
        parentColumns: parentColumns.map(column),
        onDelete,
      })),
    }),
    plan: { ...story.plan, native: "applies", warnings: warningsOf(story) },
  };
}

function warningsOf({ plan }: Story): readonly string[] {
  const changes = (plan.updates ?? []).length + (plan.blockers ?? []).length > 0;
  return [...(plan.warnings ?? []), ...(changes ? ["native-diverges"] : [])].sort();
}
