/** Work that has begun: a promise of its result, and its news one after the other while it lasts. */
export interface Running<T, News> extends Promise<T>, AsyncIterable<News> {}

/** Begins work that reports news. News that nobody iterates over are dropped when the work ends. */
export function running<T, News>(work: (report: (news: News) => void) => Promise<T>): Running<T, News> {
  const queue: News[] = [];
  let wake = Promise.withResolvers<void>();
  let ended = false;
  const report = (news: News) => {
    queue.push(news);
    wake.resolve();
  };
  const promise = work(report).finally(() => {
    ended = true;
    wake.resolve();
  });
  async function* news(): AsyncGenerator<News, void, undefined> {
    for (;;) {
      while (queue.length > 0) yield* queue.splice(0);
      if (ended) return;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
  }
  return Object.assign(promise, { [Symbol.asyncIterator]: news });
}
