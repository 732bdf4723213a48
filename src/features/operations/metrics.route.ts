import { z } from "zod";
import { type JobCounts, jobStatuses } from "../../contracts/job.ts";
import { defineRoute } from "../../contracts/route.ts";
import type { Services } from "../../contracts/services.ts";

const openStatuses = ["pending", "processing", "waiting", "failed"] as const;
const prometheusType = "text/plain; version=0.0.4; charset=utf-8";

export default defineRoute({
  method: "GET",
  path: "/metrics",
  summary: "Counters, durations and gauges",
  description: "Prometheus' text format; with `Accept: application/json` the few that a person asks for.",
  tag: "operations",
  access: "member",
  status: 200,
  requestHeaders: { accept: "`application/json` for the short form" },
  errors: ["database-unavailable"],
  response: z.object({
    queue_length: z.number().int().describe("Jobs that could start now"),
    processed_today: z.number().int().describe("Since midnight UTC"),
    failed_today: z.number().int(),
    oldest_waiting_seconds: z.number().nullable(),
    duration_seconds: z
      .object({ p50: z.number(), p95: z.number() })
      .nullable()
      .describe("Of the last completed jobs"),
    workers: z.number().int(),
    by_kind: z.array(z.object({ kind: z.string(), status: z.enum(jobStatuses), count: z.number().int() })),
  }),
  produces: "text/plain",
  async handle({ headers, services }) {
    if (headers["accept"]?.includes("application/json")) {
      const counts = await (await services.platform()).jobs.counts();
      return {
        body: {
          queue_length: counts.ready,
          processed_today: counts.processedToday,
          failed_today: counts.failedToday,
          oldest_waiting_seconds: counts.oldestReadySeconds,
          duration_seconds: counts.durationSeconds,
          workers: counts.workers,
          by_kind: [...counts.byKind],
        },
      };
    }
    // What the process knows of itself is wanted most when the database does not answer.
    try {
      await setGauges(await (await services.platform()).jobs.counts(), services);
    } catch (error) {
      services.log.warn("gauges of jobs are old", { error });
    }
    return { text: { type: prometheusType, content: await services.metrics.text() } };
  },
});

async function setGauges(counts: JobCounts, { metrics, jobKinds }: Services): Promise<void> {
  const kinds = new Set([...(await jobKinds()).keys(), ...counts.byKind.map(({ kind }) => kind)]);
  // What has become none must not stay at its last value; ended jobs are told only where they are counted.
  for (const kind of kinds) for (const status of openStatuses) metrics.set("jobs", 0, { kind, status });
  for (const { kind, status, count } of counts.byKind) metrics.set("jobs", count, { kind, status });
  metrics.set("oldest_waiting_seconds", counts.oldestReadySeconds ?? 0);
  metrics.set("workers", counts.workers);
}
