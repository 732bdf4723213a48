import { isAppError } from "../../base/errors.ts";

/** Changes the summary comment that is there, or writes one; also where somebody deleted it meanwhile. */
export async function putSummary(
  existing: string | null,
  change: (id: string) => Promise<unknown>,
  write: () => Promise<void>,
): Promise<void> {
  if (existing === null) return write();
  try {
    await change(encodeURIComponent(existing));
  } catch (error) {
    if (!isAppError(error, "pull-unknown")) throw error;
    await write();
  }
}
