import type { Transaction } from "../dialect/engine.ts";
import { expireArchive } from "../journal/expire.ts";
import { operations } from "../journal/journal.ts";
import { enqueue } from "../journal/outbox.ts";
import type { Operation } from "../model/operation.ts";
import type { ExpiredArchives } from "../model/purge.ts";
import { before, printAge } from "../model/retention.ts";
import type { PurgeRequest, Purger } from "./purger.ts";

/** Removes archives that are older than the policy keeps them, each in a transaction of its own, with the files set aside. */
export async function expireArchives(
  purger: Purger,
  { execute, policies, signal }: PurgeRequest,
): Promise<ExpiredArchives | null> {
  const { engine, policy, clock } = purger;
  const { keepArchives: keep } = policy;
  if (keep === null || policies) return null;
  const cutoff = before(clock.now(), keep).toISOString();
  const due = await engine.read({ scratch: false }, async (tx) =>
    (await operations(engine, tx, policy.journal)).filter((o) => isDue(o, cutoff)),
  );
  const options = { lockTimeoutMs: policy.limits.lockTimeoutMs, ...(signal ? { signal } : {}) };
  for (const operation of execute ? due : [])
    await engine.write(options, (tx) => expire(purger, tx, operation));
  return { keep: printAge(keep), cutoff, operations: due.map((o) => o.operation) };
}

const isDue = ({ archive, state, finished }: Operation, cutoff: string): boolean =>
  archive && ["done", "restored"].includes(state) && finished !== null && finished < cutoff;

async function expire({ engine, policy, clock }: Purger, tx: Transaction, entry: Operation): Promise<void> {
  const { operation } = entry;
  const place = { tx, syntax: engine.syntax, journal: policy.journal, operation };
  await expireArchive(place);
  for (const table of Object.keys(entry.deleted))
    for (const { column } of policy.tables[table]?.files ?? []) {
      const subject = { table, column };
      await enqueue(place, { kind: "forget", subject, body: "", at: clock.now() });
    }
}
