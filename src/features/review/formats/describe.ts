import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult, SuppressionKind } from "../../../contracts/review.ts";

/** `1 error`, `2 warnings`, `3 notes`: what people call the severities. */
export function countOf(severity: Finding["severity"], count: number): string {
  const noun = severity === "info" ? "note" : severity;
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2 errors, 1 warning`; `nothing` when there is nothing. */
export function describeCounts(counts: ReviewResult["counts"]): string {
  const parts = (["error", "warning", "info"] as const).flatMap((severity) =>
    counts[severity] > 0 ? [countOf(severity, counts[severity])] : [],
  );
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

const suppressionWords: Readonly<Record<SuppressionKind, string>> = {
  comment: "by comments",
  configuration: "by repowright.toml",
  baseline: "in the baseline",
  dismissal: "dismissed",
  duplicate: "said by another tool too",
  cap: "beyond max_per_rule or max_findings",
};

/** `3 not shown: 1 by comments, 2 dismissed`; null when nothing was held back. */
export function describeSuppressed(suppressed: ReviewResult["suppressed"]): string | null {
  if (suppressed.length === 0) return null;
  const counts = new Map<SuppressionKind, number>();
  for (const { by } of suppressed) counts.set(by, (counts.get(by) ?? 0) + 1);
  const parts = [...counts].map(([by, count]) => `${count} ${suppressionWords[by]}`);
  return `${suppressed.length} not shown: ${parts.join(", ")}`;
}

/** Who looked, and who could not. */
export function describePasses(passes: ReviewResult["passes"]): string {
  const done = passes
    .filter(({ state }) => state === "done")
    .map(({ id }) => (id === "rules" ? "own rules" : id));
  const failed = passes.filter(({ state }) => state === "failed");
  const missing = failed.map(({ id, message }) => `${id} failed: ${message ?? "unknown"}`);
  return [done.length === 0 ? "nothing" : done.join(", "), ...missing].join("; ");
}

/** One sentence about the model's part; null where nobody expected one. */
export function describeModel(model: ReviewResult["model"]): string | null {
  switch (model.state) {
    case "done": {
      const tokens =
        model.inputTokens === null || model.outputTokens === null
          ? ""
          : `, ${model.inputTokens + model.outputTokens} tokens`;
      const cost = model.costUsd === null ? "" : `, $${model.costUsd.toFixed(4)}`;
      const dropped =
        model.dropped === 0 ? "" : `; ${model.dropped} of its findings did not hold and were dropped`;
      return `${model.name ?? "model"}: ${model.calls} ${model.calls === 1 ? "call" : "calls"}${tokens}${cost}${dropped}.`;
    }
    case "off":
      return model.message;
    case "away":
    case "failed":
      return `The model's part is missing: ${model.message ?? "it could not be asked"}`;
    case "awaited":
      return `The model is away (${model.message ?? "it could not be asked"}); its part follows when it is back.`;
    default:
      return model.state satisfies never;
  }
}

/** `2 of 9 files not reviewed: third-party code`; null when all were. */
export function describeUnreviewed(files: ReviewResult["files"]): string | null {
  const left = files.filter(({ isReviewed }) => !isReviewed);
  if (left.length === 0) return null;
  const reasons = [...new Set(left.map(({ reason }) => reason ?? "unknown"))].join(", ");
  return `${left.length} of ${files.length} files not reviewed: ${reasons}.`;
}
