/** An object that has these methods. */
export const has = (handle: object, ...methods: readonly string[]): boolean =>
  methods.every((name) => typeof (handle as Record<string, unknown>)[name] === "function");

interface Drizzle {
  /** Holds the driver's handle, of a transaction the one that it runs on. */
  readonly session: { readonly client: object };
}

interface QueryRunner {
  /** The driver's connection, of a transaction the one that it runs on. */
  connect(): Promise<object>;
}

interface DataSource {
  /** `master` is a pg Pool, `pool` a mysql2 pool, `databaseConnection` what SQLite's drivers open. */
  readonly driver: { readonly master?: object; readonly pool?: object; readonly databaseConnection?: object };
}

interface EntityManager {
  readonly queryRunner?: QueryRunner;
  readonly connection?: DataSource;
  readonly dataSource?: DataSource;
}

interface MikroEntityManager {
  /** Of a transaction's manager the one that it runs on. */
  getKysely(): object;
  isInTransaction(): boolean;
  getConnection(): {
    ensureConnection(): Promise<void>;
    /** Of PGlite's driver alone: the PGlite. */
    getNativeClient?(): Promise<object>;
  };
}

/**
 * The handle below an ORM's: of a Drizzle, of TypeORM's DataSource, EntityManager or QueryRunner, or the Kysely or
 * PGlite of a MikroORM or its EntityManager; null where it is none.
 */
export async function handleBelow(handle: object): Promise<object | null> {
  if (has(handle, "select", "insert", "transaction") && "session" in handle)
    return (handle as Drizzle).session.client;
  if (has(handle, "connect", "startTransaction", "hasTable")) return (handle as QueryRunner).connect();
  if (has(handle, "createQueryRunner", "getRepository") && "driver" in handle)
    return ofDataSource(handle as DataSource);
  if (has(handle, "getRepository", "transaction", "withRepository")) {
    const { queryRunner, connection, dataSource } = handle as EntityManager;
    return queryRunner ? queryRunner.connect() : ofDataSource(dataSource ?? connection);
  }
  if (has(handle, "fork", "transactional", "getKysely")) return ofMikroOrm(handle as MikroEntityManager);
  if ("em" in handle && handle.em instanceof Object) return handleBelow(handle.em);
  return null;
}

const ofDataSource = (source: DataSource | undefined): object | null =>
  source?.driver.master ?? source?.driver.pool ?? source?.driver.databaseConnection ?? null;

async function ofMikroOrm(em: MikroEntityManager): Promise<object> {
  const connection = em.getConnection();
  await connection.ensureConnection();
  // Kysely has all work share PGlite's one session; only PGlite itself keeps others out of a transaction.
  const native = em.isInTransaction() ? undefined : connection.getNativeClient?.();
  return (await native) ?? em.getKysely();
}
