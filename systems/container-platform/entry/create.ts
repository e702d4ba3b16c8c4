// Makes the tables in an empty database: PLATFORM_DATABASE=postgres://… node systems/container-platform/entry/create.ts
import { create } from "../database.ts";
import { closed, openedPool } from "../pool.ts";
import { settingsOf } from "../settings.ts";

const { database, pool } = settingsOf();
const handle = openedPool(database, pool);
try {
  await create(handle);
} finally {
  await closed(handle);
}
