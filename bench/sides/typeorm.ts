import { NodeSqlite } from "../../systems/support/node-sqlite.ts";
import type { Workload } from "../workloads/workload.ts";
import { childrenOf } from "./edges.ts";
import { checkGone, countRows, type Side, type SideTask, timed } from "./side.ts";

/** What is used of TypeORM, https://typeorm.io. */
interface TypeOrm {
  readonly DataSource: new (options: object) => DataSource;
  readonly EntitySchema: new (options: object) => object;
}

interface DataSource {
  initialize(): Promise<unknown>;
  destroy(): Promise<void>;
  readonly manager: {
    findOneOrFail(entity: string, options: object): Promise<object>;
    remove(entity: string, row: object): Promise<unknown>;
  };
}

type Relations = { [table: string]: Relations | true };

/** Loads the row with everything below it, and removes it with `cascade: ["remove"]`. */
export const typeormRemove: Side = async (task) => {
  const { workload } = task;
  const { DataSource, EntitySchema } = (await import("typeorm")) as unknown as TypeOrm;
  const entities = workload.tables.map((t) => new EntitySchema(entity(workload, t)));
  const source = new DataSource({ ...(await driver(task)), entities, logging: false });
  await source.initialize();
  const before = await countRows(task);
  const { table, key } = workload.root;
  const { ms } = await timed(async () => {
    // One query for each relation: a single join of all of them would multiply their rows.
    const options = { where: { id: key }, relations: below(workload, table), relationLoadStrategy: "query" };
    await source.manager.remove(table, await source.manager.findOneOrFail(table, options));
  });
  await source.destroy();
  await checkGone(task, before);
  return { "TypeORM remove": ms };
};

async function driver({ engine, url }: SideTask): Promise<object> {
  if (engine.name === "postgres") return { type: "postgres", url };
  if (engine.name === "mariadb") return { type: "mysql", url };
  return { type: "better-sqlite3", driver: NodeSqlite, database: url.replace(/^sqlite:/, "") };
}

function entity(workload: Workload, { name, columns }: Workload["tables"][number]): object {
  const parents = columns.flatMap((c) =>
    c.references
      ? [
          [
            `to_${c.name}`,
            {
              type: "many-to-one",
              target: c.references.table,
              joinColumn: { name: c.name },
              inverseSide: name,
            },
          ],
        ]
      : [],
  );
  const children = childrenOf(workload, name).map(({ child, column }) => [
    child,
    { type: "one-to-many", target: child, inverseSide: `to_${column}`, cascade: ["remove"] },
  ]);
  return {
    name,
    tableName: name,
    columns: {
      id: { type: "bigint", primary: true },
      ...Object.fromEntries(columns.filter((c) => c.type === "text").map((c) => [c.name, { type: "text" }])),
    },
    relations: Object.fromEntries([...parents, ...children]),
  };
}

function below(workload: Workload, table: string): Relations {
  return Object.fromEntries(
    childrenOf(workload, table).map(({ child }) => {
      const relations = below(workload, child);
      return [child, Object.keys(relations).length > 0 ? relations : true];
    }),
  );
}
