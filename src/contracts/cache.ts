/** A store of things that can be computed again. Values are bytes; a miss is never an error. */
export interface Cache {
  /** The values of those keys that are there. Order is free. */
  getMany(space: string, keys: readonly string[]): Map<string, Uint8Array>;
  get(space: string, key: string): Uint8Array | null;
  /** Stores all or nothing. */
  putMany(space: string, entries: Iterable<readonly [key: string, value: Uint8Array]>): void;
  close(): void;
}
