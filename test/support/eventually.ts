import { setTimeout as sleep } from "node:timers/promises";

/** Resolves to the first thing that is found; the test fails when that takes too long. */
export async function eventually<T>(
  what: string,
  timeoutMs: number,
  look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false && found !== null) return found;
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(30);
  }
}
