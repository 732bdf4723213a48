const cent = 0.01;

/** `$1.23`, `$0.00042`; `unknown` is not nothing. */
export function formatCost(costUsd: number | null): string {
  if (costUsd === null) return "unknown";
  return costUsd === 0 || costUsd >= cent ? `$${costUsd.toFixed(2)}` : `$${costUsd.toPrecision(2)}`;
}
