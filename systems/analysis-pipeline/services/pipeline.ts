import type { DatabaseSync } from "node:sqlite";
import { open } from "ondelete";
import { ondelete as softDeletes } from "ondelete/drizzle";
import before from "../before/ondelete.config.ts";
import { drizzleOn, type State } from "../database.ts";
import after from "../ondelete.config.ts";
import { AiAnalysisService } from "./ai-analysis-service.ts";
import { ConfigService } from "./config-service.ts";
import { ProjectService } from "./project-service.ts";

/** The services on one connection. The same calls delete in both states. */
export async function pipeline(database: DatabaseSync, state: State = "after") {
  const ondelete = await open(database, state === "after" ? after : before);
  const drizzle = drizzleOn(database);
  const { live } =
    state === "after" ? await softDeletes(drizzle, { ...after, handle: database }) : { live: drizzle };
  return {
    ondelete,
    projects: new ProjectService(ondelete),
    analyses: new AiAnalysisService(ondelete, live),
    configs: new ConfigService(ondelete, live),
  };
}

export type Pipeline = Awaited<ReturnType<typeof pipeline>>;
