import { childrenOf } from "./edges.ts";
import { checkGone, countRows, type Side, timed } from "./side.ts";

/** What is used of Sequelize 6, https://sequelize.org/docs/v6/. */
interface SequelizePackage {
  readonly Sequelize: new (url: string, options: object) => Sequelize;
  readonly DataTypes: { readonly BIGINT: unknown; readonly TEXT: unknown };
}

interface Sequelize {
  define(name: string, columns: object, options: object): Model;
  transaction<T>(work: (transaction: unknown) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface Model {
  hasMany(child: Model, options: object): unknown;
  findByPk(key: string, options: object): Promise<{ destroy(options: object): Promise<void> } | null>;
}

/** `destroy` of the row with `onDelete: "CASCADE", hooks: true` on every association: each child is loaded and destroyed. */
export const sequelizeHooks: Side = async (task) => {
  const { engine, workload, url } = task;
  if (engine.name === "sqlite")
    throw new Error("Sequelize 6 reaches SQLite through sqlite3 alone, an addon that is built at install");
  const { Sequelize, DataTypes } = (await import("sequelize")) as unknown as SequelizePackage;
  const sequelize = new Sequelize(url, { logging: false });
  const models = new Map(
    workload.tables.map(({ name, columns }) => {
      const types = {
        id: { type: DataTypes.BIGINT, primaryKey: true },
        reference: DataTypes.BIGINT,
        text: DataTypes.TEXT,
      };
      const attributes = Object.fromEntries(columns.map((c) => [c.name, types[c.type]]));
      return [name, sequelize.define(name, attributes, { tableName: name, timestamps: false })];
    }),
  );
  for (const [name, model] of models)
    for (const { child, column } of childrenOf(workload, name)) {
      const childModel = models.get(child);
      if (childModel) model.hasMany(childModel, { foreignKey: column, onDelete: "CASCADE", hooks: true });
    }
  const before = await countRows(task);
  const { ms } = await timed(() =>
    sequelize.transaction(async (transaction) => {
      const row = await models.get(workload.root.table)?.findByPk(workload.root.key, { transaction });
      await row?.destroy({ transaction });
    }),
  );
  await sequelize.close();
  await checkGone(task, before);
  return { "Sequelize hooks": ms };
};
