import { threadOptionsSchema } from "../../contracts/code-host.ts";
import { defineJob } from "../../contracts/job.ts";

/**
 * Resolved means done, not wrong: nothing is dismissed, and the next review looks at the host for which threads there are.
 * What stays is this job's result, for whoever wants to know what became of findings.
 */
export default defineJob({
  kind: "review-thread",
  summary: "Note which findings' threads were resolved or opened again",
  needsSource: false,
  options: threadOptionsSchema,
  attempts: 3,
  backoff: { firstMs: 5_000, mostMs: 5 * 60_000 },
  timeoutMs: 60_000,
  concurrency: 2,
  priority: 0,
  dedupeKey: () => null,
  async run({ services, signal }, { pull, isResolved, commentIds }) {
    if (!services.codeHosts.isConfigured(pull.host)) return { isResolved, findings: [] };
    const client = await services.codeHosts.client(pull.host);
    const { comments } = await client.posted(pull, signal);
    const ids = new Set(commentIds);
    const findings = comments.flatMap(({ id, fingerprint }) =>
      ids.has(id) && fingerprint !== null ? [fingerprint] : [],
    );
    return { isResolved, findings };
  },
});
