export interface Timings {
  /** Notes the time since the start under a name that ends in `Ms`. */
  mark(name: string): void;
  /** All marks, with `totalMs` for now. */
  all(): Record<string, number>;
}

/** When each stage of an analysis was finished, in milliseconds since its start. */
export function createTimings(): Timings {
  const start = performance.now();
  const marks: Record<string, number> = {};
  const elapsed = (): number => Math.round(performance.now() - start);
  return {
    mark(name) {
      marks[name] = elapsed();
    },
    all: () => ({ ...marks, totalMs: elapsed() }),
  };
}
