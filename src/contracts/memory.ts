/** Things that are dear to make and can be made again, kept by this process while there is room. */
export interface Memory {
  /**
   * What is kept under the key, else what `make` gives; calls at the same time share one making. `sizeBytes` is an
   * estimate. What is larger than all the room is given and not kept.
   */
  keep<T>(key: string, make: () => Promise<T>, sizeBytes: (value: T) => number): Promise<T>;
  /** Forgets one thing, so that it is made anew. */
  forget(key: string): void;
}
