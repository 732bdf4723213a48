/** What one ranking is worth for one case, each from 0 to 1. */
export const metricNames = ["mrr", "hit1", "hit5", "hit10", "recall5", "recall10", "recall20"] as const;
export type MetricName = (typeof metricNames)[number];
export type RankMetrics = Readonly<Record<MetricName, number>>;

/** `order` holds what was found, best first; what is missing from it was not found. */
export function measureRanking<Item>(order: readonly Item[], relevant: ReadonlySet<Item>): RankMetrics {
  const places: number[] = [];
  for (let at = 0; at < order.length && places.length < relevant.size; at++)
    if (relevant.has(order[at]!)) places.push(at + 1);
  const first = places[0] ?? Infinity;
  const recall = (most: number): number =>
    relevant.size === 0 ? 0 : places.filter((place) => place <= most).length / relevant.size;
  return {
    mrr: 1 / first,
    hit1: first <= 1 ? 1 : 0,
    hit5: first <= 5 ? 1 : 0,
    hit10: first <= 10 ? 1 : 0,
    recall5: recall(5),
    recall10: recall(10),
    recall20: recall(20),
  };
}
