import type { Jobs } from "../../contracts/job.ts";
import type { OnProgress } from "../../contracts/repository.ts";
import { type ReviewResult, reviewResultSchema } from "../../contracts/review.ts";
import { formatDiff } from "../../core/diff/format-diff.ts";
import { runAtServer } from "../../core/jobs/run-at-server.ts";
import type { PreparedReview } from "./prepare-review.ts";

/**
 * Has the server that runs on the same data directory review the change with a model: it alone may spend on models there.
 * Commits are named, what is not committed goes as a patch. @throws AppError of `runAtServer`
 */
export async function reviewAtServer(
  prepared: PreparedReview,
  here: ReviewResult,
  options: {
    readonly model: string | undefined;
    readonly jobs: Jobs;
    readonly cwd: string;
    readonly onProgress: OnProgress;
    readonly signal: AbortSignal;
  },
): Promise<ReviewResult> {
  const isCommitted = prepared.source !== null && prepared.head !== null && prepared.base !== null;
  const result = await runAtServer(
    {
      kind: "review",
      source: isCommitted ? prepared.source : null,
      rev: isCommitted ? prepared.head : null,
      options: {
        ...(isCommitted ? { base: prepared.base } : { patch: formatDiff(prepared.diff) }),
        title: prepared.title,
        model: options.model ?? null,
      },
    },
    options.jobs,
    options,
  );
  const there = reviewResultSchema.parse(JSON.parse(result));
  // What only this side knew (a baseline, other tools' findings) holds; the model's part comes from there.
  const known = new Set(
    [...here.findings, ...here.suppressed.map(({ finding }) => finding)].map(
      ({ fingerprint }) => fingerprint,
    ),
  );
  const added = there.findings.filter(
    ({ source, fingerprint }) => source === "model" && !known.has(fingerprint),
  );
  const counts = { ...here.counts };
  for (const { severity } of added) counts[severity] = (counts[severity] ?? 0) + 1;
  return { ...here, findings: [...added, ...here.findings], counts, model: there.model };
}
