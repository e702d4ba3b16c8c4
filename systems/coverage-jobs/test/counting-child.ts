// Counts up in a column, by reading and then writing it: node counting-child.ts HOME TIMES
import { setTimeout as wait } from "node:timers/promises";
import { connect } from "../database.ts";
import { RepositoryEntity } from "../services/repository-analysis/repository.ts";

const [home = "", times = ""] = process.argv.slice(2);
const connections = await connect(home);
for (let i = 0; i < Number(times); i++)
  await connections.write(async (manager) => {
    const { averageCoverage } = await manager.findOneByOrFail(RepositoryEntity, { id: "repo-1" });
    // Long enough for another process to come in between, were it let.
    await wait(1);
    await manager.update(
      RepositoryEntity,
      { id: "repo-1" },
      { averageCoverage: Number(averageCoverage) + 1 },
    );
  });
await connections.close();
