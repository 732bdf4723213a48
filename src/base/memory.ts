interface Kept {
  readonly value: Promise<unknown>;
  sizeBytes: number;
}

/** A `Memory` (see contracts/memory.ts) of at most `maxBytes`; what was wanted longest ago goes first. */
export function createMemory(maxBytes: number): {
  keep<T>(key: string, make: () => Promise<T>, sizeBytes: (value: T) => number): Promise<T>;
  forget(key: string): void;
} {
  // A Map remembers the order in which keys were set.
  const kept = new Map<string, Kept>();
  let usedBytes = 0;

  function drop(key: string, entry: Kept): void {
    if (kept.get(key) !== entry) return;
    kept.delete(key);
    usedBytes -= entry.sizeBytes;
  }

  return {
    async keep<T>(key: string, make: () => Promise<T>, sizeBytes: (value: T) => number): Promise<T> {
      const known = kept.get(key);
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known);
        return known.value as Promise<T>;
      }
      const value = make();
      const entry: Kept = { value, sizeBytes: 0 };
      kept.set(key, entry);
      try {
        const size = sizeBytes(await value);
        // It would push out everything else, and then itself.
        if (size > maxBytes) drop(key, entry);
        else if (kept.get(key) === entry) {
          entry.sizeBytes = size;
          usedBytes += size;
        }
      } catch (error) {
        drop(key, entry);
        throw error;
      }
      for (const [oldest, one] of kept) {
        if (usedBytes <= maxBytes) break;
        if (one.sizeBytes > 0) drop(oldest, one);
      }
      return value;
    },
    forget(key) {
      const entry = kept.get(key);
      if (entry !== undefined) drop(key, entry);
    },
  };
}
