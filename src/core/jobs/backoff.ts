/**
 * Wait before the attempt after `failures` failed ones: doubles each time up to `mostMs`, and somewhere between half of
 * that and all of it, so that what failed together does not come back together.
 */
export function backoffMs(
  failures: number,
  limits: { readonly firstMs: number; readonly mostMs: number },
  random: () => number,
): number {
  const full = Math.min(limits.mostMs, limits.firstMs * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * random());
}
