import { createTracing } from "../../src/adapters/opentelemetry/tracing.ts";
import { createPinoLog } from "../../src/adapters/pino/log.ts";
import { createMetrics } from "../../src/adapters/prometheus/metrics.ts";

/** The real log, metrics and traces; the log's lines are kept. */
export async function recordTelemetry() {
  const lines: Record<string, unknown>[] = [];
  return {
    log: createPinoLog({
      level: "debug",
      format: "json",
      service: "test",
      version: "0",
      secrets: [],
      write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    }),
    lines,
    metrics: createMetrics(),
    tracing: await createTracing({ endpoint: "", service: "test", version: "0" }),
  };
}
