import maxSatisfying from "semver/ranges/max-satisfying.js";

/**
 * Of several locked versions the newest that fits the range, as the package manager would choose; undefined when none
 * does or the requirement is no range (an alias, a Git address, `workspace:*`).
 */
export function newestFitting(range: string, versions: readonly string[]): string | undefined {
  return maxSatisfying([...versions], range) ?? undefined;
}
