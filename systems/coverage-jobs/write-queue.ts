/** One write at a time: SQLite has one writer, and TypeORM one connection for all that goes on at once. */
export class WriteQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Begins when everything that was queued before has ended, however it ended. */
  run<T>(work: () => PromiseLike<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}
