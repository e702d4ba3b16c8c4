import type { Engine, Transaction } from "../dialect/engine.ts";
import type { OutboxPlace } from "../journal/outbox.ts";
import type { DeliveryFailure } from "../model/delivery.ts";
import type { Model } from "../model/model.ts";
import type { Policy } from "../model/policy.ts";

/** What a delivery is given from outside. */
export interface Deliverer {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly signal?: AbortSignal;
}

/** What came of the entries so far. */
export interface Tally {
  delivered: number;
  missing: number;
  kept: number;
  failures: DeliveryFailure[];
}

/** How a write transaction of the delivery is begun. */
export const writeOptions = ({ policy, signal }: Deliverer) => ({
  lockTimeoutMs: policy.limits.lockTimeoutMs,
  ...(signal ? { signal } : {}),
});

export const placeIn = ({ engine, policy }: Deliverer, tx: Transaction): OutboxPlace => ({
  engine,
  tx,
  journal: policy.journal,
});
