import { countPending } from "../journal/outbox.ts";
import type { Delivery } from "../model/delivery.ts";
import { deliverFiles } from "./deliver-files.ts";
import { deliverHooks } from "./deliver-hooks.ts";
import { type Deliverer, placeIn, type Tally } from "./deliverer.ts";

/**
 * Does what was to be done after commits, in the order in which it was written down. What fails stays, with its error,
 * and so does what comes after it for the same file. In a caller's transaction nothing is done: it may be rolled back.
 */
export async function deliver(deliverer: Deliverer): Promise<Delivery> {
  const tally: Tally = { delivered: 0, missing: 0, kept: 0, failures: [] };
  const before = await look(deliverer);
  if (!before.joined && before.pending > 0) {
    await deliverFiles(deliverer, tally);
    await deliverHooks(deliverer, tally);
  }
  const { pending } = before.joined ? before : await look(deliverer);
  return {
    ondelete: "1",
    kind: "delivery",
    engine: deliverer.engine.info,
    ...tally,
    pending,
    failures: tally.failures.slice(0, SHOWN),
  };
}

/** The same where a failure must not hide what was done before it: an outcome has to reach whoever asked for it. */
export async function deliverIfPossible(deliverer: Deliverer): Promise<Delivery> {
  try {
    return await deliver(deliverer);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const failure = { operation: "", kind: "file", subject: "delivery", message } as const;
    const { info } = deliverer.engine;
    return { ...NOTHING, ondelete: "1", kind: "delivery", engine: info, pending: 1, failures: [failure] };
  }
}

const NOTHING = { delivered: 0, missing: 0, kept: 0 } as const;

const SHOWN = 20;

function look(deliverer: Deliverer): Promise<{ readonly joined: boolean; readonly pending: number }> {
  const { engine, policy } = deliverer;
  return engine.read({ scratch: false }, async (tx) => {
    const exists = await engine.hasJournal(tx, policy.journal);
    return { joined: tx.joined, pending: exists ? await countPending(placeIn(deliverer, tx)) : 0 };
  });
}
