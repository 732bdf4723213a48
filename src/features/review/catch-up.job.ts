import { z } from "zod";
import { isAppError } from "../../base/errors.ts";
import { type HostId, hostIds } from "../../contracts/code-host.ts";
import { defineJob } from "../../contracts/job.ts";
import type { Services } from "../../contracts/services.ts";

/** What one host was asked, and what came of it. */
interface CaughtUp {
  readonly host: HostId;
  readonly redelivered: number;
  /** Open pull requests that were looked at, and those whose review was started. */
  readonly open: number;
  readonly started: readonly string[];
  /** Why it could not be asked to the end, or why a review could not be started. */
  readonly problem: string | null;
}

const hourMs = 3_600_000;

export default defineJob({
  kind: "catch-up",
  summary:
    "Review what webhooks did not tell us of: failed deliveries, and open pull requests that nobody reviewed",
  needsSource: false,
  options: z.strictObject({
    hours: z
      .number()
      .int()
      .min(1)
      .max(72)
      .default(72)
      .describe("How far to look back for failed deliveries; hosts keep them for three days"),
    limit: z.number().int().min(1).max(1_000).default(200).describe("Most open pull requests of one host"),
  }),
  attempts: 3,
  backoff: { firstMs: 30_000, mostMs: 10 * 60_000 },
  timeoutMs: 15 * 60_000,
  concurrency: 1,
  priority: -10,
  dedupeKey: () => "catch-up",
  async run(context, { hours, limit }) {
    const { services, signal } = context;
    const since = new Date(Date.now() - hours * hourMs);
    const hosts: CaughtUp[] = [];
    for (const host of hostIds) {
      if (!services.codeHosts.isConfigured(host)) continue;
      context.progress(null, `Asking ${host}`);
      hosts.push(await catchUp(host, services, { since, limit, signal }));
    }
    return { hosts };
  },
});

/** A host that is away, or a pull request that cannot be reviewed, must not keep the others from being asked. */
async function catchUp(
  host: HostId,
  services: Services,
  options: { readonly since: Date; readonly limit: number; readonly signal: AbortSignal },
): Promise<CaughtUp> {
  const { signal } = options;
  const { pulls } = await services.stores();
  let redelivered = 0;
  let open = 0;
  const started: string[] = [];
  let problem: string | null = null;
  try {
    const client = await services.codeHosts.client(host);
    redelivered = await client.redeliver(options.since, signal);
    for (const pull of await client.openPulls(options.limit, signal)) {
      open++;
      try {
        const { jobId, isNew } = await pulls.receive(
          { kind: "review", pull, trigger: "opened", before: null, isForced: false, isPosted: true },
          { deliveryKey: null, requestId: null, traceParent: null },
        );
        if (isNew && jobId !== null) started.push(jobId);
      } catch (error) {
        if (!isAppError(error, ...hopeless)) throw error;
        problem = error.message;
      }
    }
  } catch (error) {
    if (!isAppError(error, ...hostFailures)) throw error;
    problem = error.message;
  }
  return { host, redelivered, open, started, problem };
}

/** Of what no job can be made. */
const hopeless = ["source-invalid", "source-refused", "request-invalid"] as const;
const hostFailures = [
  "host-unreachable",
  "host-refused",
  "host-rate-limited",
  "host-rejected",
  "pull-unknown",
  "config-invalid",
] as const;
