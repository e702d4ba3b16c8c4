import { AsyncLocalStorage } from "node:async_hooks";

interface Queue {
  tail: Promise<unknown>;
  open: boolean;
}

/**
 * Lets one piece of asynchronous work at a time have the handle, in the order in which they asked. Work that asks again
 * from inside itself has its turn within its own (SQLite nests it as a savepoint), instead of waiting for itself.
 */
export class Turns {
  readonly #outermost: Queue = { tail: Promise.resolve(), open: true };
  readonly #inside = new AsyncLocalStorage<Queue>();

  take<T>(work: () => Promise<T>): Promise<T> {
    const around = this.#inside.getStore();
    const queue = around?.open ? around : this.#outermost;
    const result = queue.tail.then(() => this.#run(work));
    queue.tail = result.catch(() => undefined);
    return result;
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    const own: Queue = { tail: Promise.resolve(), open: true };
    try {
      return await this.#inside.run(own, work);
    } finally {
      // What the work started without waiting for it is still inside its transaction.
      await own.tail;
      own.open = false;
    }
  }
}
