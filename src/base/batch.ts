export interface BatchLimits {
  readonly maxItems: number;
  /** Flushes at once. */
  readonly concurrency: number;
  /**
   * Whether a failure may be one item's alone. Then the others are flushed without it: half by half, in order. Only for a
   * flush that did nothing at all when it failed.
   */
  readonly mayBeOfOne?: (error: unknown) => boolean;
}

/**
 * Group commit: calls that come while flushes are under way are flushed together next. Alone, a call waits for nothing.
 * `flush` gets at most `maxItems` and resolves to one result for each, in order.
 */
export function createBatch<T, R>(
  { maxItems, concurrency, mayBeOfOne = () => false }: BatchLimits,
  flush: (items: readonly T[]) => Promise<readonly R[]>,
): (item: T) => Promise<R> {
  interface Waiting {
    readonly item: T;
    readonly resolve: (result: R) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let flushing = 0;

  async function flushAll(): Promise<void> {
    flushing++;
    // What arrives in the same turn of the event loop belongs together.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxItems);
      waiting = waiting.slice(maxItems);
      await settle(batch);
    }
    flushing--;
  }

  async function settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await flush(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      if (batch.length > 1 && mayBeOfOne(error)) {
        const middle = batch.length >> 1;
        await settle(batch.slice(0, middle));
        await settle(batch.slice(middle));
      } else for (const { reject } of batch) reject(error);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (flushing < concurrency) void flushAll();
    });
}
