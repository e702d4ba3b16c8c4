import type { EngineInfo } from "../../index.ts";

const TITLES: Readonly<Record<EngineInfo["name"], string>> = {
  postgres: "PostgreSQL",
  pglite: "PGlite",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlite: "SQLite",
};

export const engineTitle = (engine: EngineInfo) => `${TITLES[engine.name]} ${engine.version}`;
