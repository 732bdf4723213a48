import { isAppError } from "../../base/errors.ts";
import type { Services } from "../../contracts/services.ts";

/**
 * What people dismissed in a repository on the server that is in charge here: reasons by fingerprint. Without a server there
 * are none: opening its database takes longer than a review. One that does not answer is no reason to review nothing.
 */
export async function askDismissals(
  source: string | null,
  services: Pick<Services, "serverStores">,
  onFailure: (message: string) => void,
): Promise<ReadonlyMap<string, string>> {
  if (source === null) return new Map();
  try {
    const stores = await services.serverStores();
    const dismissals = (await stores?.reviews.dismissals(source)) ?? [];
    return new Map(dismissals.map(({ fingerprint, reason }) => [fingerprint, reason]));
  } catch (error) {
    if (!isAppError(error)) throw error;
    onFailure(`What was dismissed on the server is not known: ${error.message}`);
    return new Map();
  }
}
