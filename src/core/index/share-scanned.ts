import { isAppError } from "../../base/errors.ts";
import type { SharedRecords } from "../../contracts/stores.ts";

/** Puts what was made just now, keys by space, where other machines find it. */
export async function pushShared(
  open: () => Promise<SharedRecords>,
  made: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  if (Object.values(made).every((keys) => keys.length === 0)) return;
  await withShared(open, async (shared) => {
    for (const [space, keys] of Object.entries(made)) await shared.push(space, keys);
  });
}

/** Sharing saves work and nothing else: a database that is away must not keep anybody from reading. */
export async function withShared(
  open: () => Promise<SharedRecords>,
  work: (shared: SharedRecords) => Promise<void>,
): Promise<void> {
  try {
    await work(await open());
  } catch (error) {
    if (!isAppError(error) || error.code === "cancelled" || error.code === "job-superseded") throw error;
  }
}
