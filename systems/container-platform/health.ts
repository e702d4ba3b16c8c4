import type { Platform } from "./database.ts";
import { type Handle, type PoolState, poolState } from "./pool.ts";

export interface Health {
  readonly healthy: boolean;
  /** Whether it answered a query on the platform's tables within two seconds, waiting for a connection included. */
  readonly database: "answers" | "does not answer";
  readonly pool: PoolState;
}

const LONGEST_MS = 2000;

export async function healthOf(platform: Platform, handle: Handle): Promise<Health> {
  const answer = platform.unscoped
    .selectFrom("users")
    .select("uid")
    .limit(1)
    .execute({ signal: AbortSignal.timeout(LONGEST_MS) });
  const healthy = await answer.then(
    () => true,
    () => false,
  );
  return { healthy, database: healthy ? "answers" : "does not answer", pool: poolState(handle) };
}
