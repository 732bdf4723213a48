import { createRequire } from "node:module";
import type * as PromClient from "prom-client";
import { counters, durations, gauges, type Metrics } from "../../contracts/metrics.ts";

const prefix = "repowright_";

/**
 * Metrics by prom-client, in a registry of their own; with those of the process (event loop, memory, CPU) under their usual
 * names. It is loaded, and begins to watch the process, with the first use: commands that count nothing start sooner.
 */
export function createMetrics(): Metrics {
  let loaded: Metrics | null = null;
  const metrics = (): Metrics => (loaded ??= load());
  return {
    count: (name, labels, by) => metrics().count(name, labels, by),
    observe: (name, seconds, labels) => metrics().observe(name, seconds, labels),
    set: (name, value, labels) => metrics().set(name, value, labels),
    text: () => metrics().text(),
  };
}

function load(): Metrics {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } = createRequire(import.meta.url)(
    "prom-client",
  ) as typeof PromClient;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const named = <D, M>(table: Readonly<Record<string, D>>, make: (name: string, definition: D) => M) =>
    new Map(Object.entries(table).map(([name, definition]) => [name, make(prefix + name, definition)]));
  const byCounter = named(
    counters,
    (name, { help, labels }) => new Counter({ name, help, labelNames: [...labels], registers }),
  );
  const byDuration = named(
    durations,
    (name, { help, labels, buckets }) =>
      new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
  );
  const byGauge = named(
    gauges,
    (name, { help, labels }) => new Gauge({ name, help, labelNames: [...labels], registers }),
  );
  return {
    count: (name, labels = {}, by = 1) => byCounter.get(name)!.inc(labels, by),
    observe: (name, seconds, labels = {}) => byDuration.get(name)!.observe(labels, seconds),
    set: (name, value, labels = {}) => byGauge.get(name)!.set(labels, value),
    text: () => registry.metrics(),
  };
}
