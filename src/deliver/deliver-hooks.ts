import { claim, type Entry, markFailed, pendingEntries, removeEntries } from "../journal/outbox.ts";
import type { HookEvent, Hooks, RowsEvent } from "../model/hook.ts";
import { type Deliverer, placeIn, type Tally, writeOptions } from "./deliverer.ts";

const BATCH = 50;

/**
 * Calls hooks in order, each in no transaction: what it does with the database must not wait for us, nor we for it on
 * the one connection that an application may have. A crash after a call, or a second process, has it called again.
 */
export async function deliverHooks(deliverer: Deliverer, tally: Tally): Promise<void> {
  for (let after = "0"; ; ) {
    const wanted = { of: "hooks", after, limit: BATCH } as const;
    const entries = await deliverer.engine.read({ scratch: false }, (tx) =>
      pendingEntries(placeIn(deliverer, tx), wanted, "as they are"),
    );
    for (const entry of entries) await deliverHook(deliverer, tally, entry);
    const last = entries.at(-1);
    if (!last) return;
    after = last.id;
  }
}

async function deliverHook(deliverer: Deliverer, tally: Tally, entry: Entry): Promise<void> {
  const { engine, policy } = deliverer;
  const options = writeOptions(deliverer);
  if (!(await engine.write(options, (tx) => claim(placeIn(deliverer, tx), entry)))) return;
  try {
    await call(policy.hooks, entry);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const subject = entry.subject.table === "" ? "operation" : `rows of ${entry.subject.table}`;
    tally.failures.push({ operation: entry.operation, kind: "hook", subject, message });
    await engine.write(options, (tx) => markFailed(placeIn(deliverer, tx), entry.id, message));
    return;
  }
  await engine.write(options, (tx) => removeEntries(placeIn(deliverer, tx), [entry.id]));
  tally.delivered++;
}

async function call(hooks: Hooks, { id, operation, subject, body }: Entry): Promise<void> {
  const told = { key: `${operation}-${id}`, ...JSON.parse(body) };
  const after = subject.table === "" ? hooks.after : hooks.rows?.[subject.table]?.after;
  if (!after) throw new Error("the configuration has no such hook any more");
  await (after as (event: HookEvent & RowsEvent) => unknown)(told);
}
