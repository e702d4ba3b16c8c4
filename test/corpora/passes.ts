import type { Config } from "../../src/index.ts";
import type { Action, Catalog, Edge } from "./catalog.ts";

/** One way to look at a corpus: what its relations do on delete, and who does it. */
export interface Pass {
  readonly name: string;
  /** What an edge of the corpus does in this pass. */
  readonly action: (edge: Edge, position: number) => Action;
  /** Who carries it out: the constraints as they were altered, or ondelete by its configuration. */
  readonly by: "database" | "application";
  /** Whether referencing columns get an index each: whole tables cascade, and without one that takes minutes. */
  readonly indexed: boolean;
}

const nullOrCascade = (edge: Edge): Action => (edge.nullable ? "set null" : "cascade");

const MIXED: readonly Action[] = ["cascade", "restrict", "cascade", "no action", "cascade"];

export const passes: readonly Pass[] = [
  { name: "as shipped", action: (edge) => edge.action, by: "database", indexed: false },
  { name: "cascades by ondelete", action: () => "cascade", by: "application", indexed: true },
  { name: "cascades by the engine", action: () => "cascade", by: "database", indexed: true },
  { name: "set null where it can be, else cascade", action: nullOrCascade, by: "database", indexed: true },
  {
    name: "cascades that end in RESTRICT and NO ACTION",
    action: (edge, i) => MIXED[i % MIXED.length] ?? edge.action,
    by: "database",
    indexed: true,
  },
];

/** The catalog as it is under the pass. */
export function catalogUnder(pass: Pass, catalog: Catalog): Catalog {
  return { ...catalog, edges: catalog.edges.map((e, i) => ({ ...e, action: pass.action(e, i) })) };
}

/** What the constraints of a pass's database say, where it is not what the corpus says. */
export function alteredActions(pass: Pass, catalog: Catalog): ReadonlyMap<string, Action> {
  const altered = pass.by === "database" ? catalogUnder(pass, catalog).edges : [];
  const changes = altered.filter((e, i) => e.action !== catalog.edges[i]?.action);
  return new Map(changes.length === 0 ? [] : altered.map((e) => [e.id, e.action]));
}

export function configOf(pass: Pass, catalog: Catalog): Config {
  if (pass.by === "database") return {};
  return {
    relations: catalogUnder(pass, catalog).edges.map(({ child, columns, parent, parentColumns, action }) => ({
      child,
      columns,
      parent,
      parentColumns,
      onDelete: action,
      enforcedBy: "application",
    })),
  };
}
