import { OnDeleteError } from "../index.ts";

/** Listens for Ctrl-C and SIGTERM for as long as a verb runs. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Rejects when the user interrupts; for work that cannot be told to stop and that changes nothing. */
  readonly interrupted: Promise<never>;
  stopListening(): void;
}

/** The first signal asks the verb to stop and roll back; a second one ends the process without waiting. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController();
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  interrupted.catch(() => {});
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(4);
    const reason = interruption();
    controller.abort(reason);
    reject(reason);
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    interrupted,
    stopListening: () => process.off("SIGINT", onSignal).off("SIGTERM", onSignal),
  };
}

export const interruption = (cause?: unknown) =>
  new OnDeleteError("interrupted", "Interrupted; what was begun is rolled back.", { cause });
