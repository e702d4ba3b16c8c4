import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Drizzle } from "../database.ts";

/** A new attempt. */
export interface Attempt {
  readonly id: string;
  readonly version: number;
}

/** A new run with the next version; the one that failed stays, with its logs. */
export async function retryAnalysis(db: Drizzle, id: string, now = new Date()): Promise<Attempt> {
  const made = await db.all<[string, number]>(
    sql`insert into analysis_runs (id, project_id, status, version, progress, created_at)
      select ${randomUUID()}, f.project_id, 'pending',
        (select max(version) + 1 from analysis_runs where project_id = f.project_id), 0, ${now.toISOString()}
      from analysis_runs as f
      where f.id = ${id} and f.status = 'failed' and f.deleted_at is null returning id, version`,
  );
  return attemptOf(made, `failed analysis ${id}`);
}

/** The same for a set of configuration. */
export async function retryConfig(db: Drizzle, id: string, now = new Date()): Promise<Attempt> {
  const made = await db.all<[string, number]>(
    sql`insert into config_sets (id, project_id, status, version, created_at)
      select ${randomUUID()}, f.project_id, 'pending',
        (select max(version) + 1 from config_sets where project_id = f.project_id), ${now.toISOString()}
      from config_sets as f
      where f.id = ${id} and f.status = 'failed' and f.deleted_at is null returning id, version`,
  );
  return attemptOf(made, `failed config set ${id}`);
}

/** Nothing is made of what is not there. */
export function attemptOf([made]: readonly [string, number][], of: string): Attempt {
  if (!made) throw new Error(`There is no ${of}.`);
  return { id: made[0], version: made[1] };
}
