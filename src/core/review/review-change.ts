import type { RawFinding } from "../../contracts/finding.ts";
import type { ReviewResult } from "../../contracts/review.ts";
import type { ReviewedChange, ReviewedFile } from "../../contracts/review-rule.ts";
import type { ReviewSettings } from "./review-settings.ts";
import { type PassPorts, runPasses } from "./run-passes.ts";
import { selectFindings, type Selection, type Silence } from "./select-findings.ts";

export interface DeterministicReview {
  readonly files: ReviewResult["files"];
  readonly selection: Selection;
  readonly passes: ReviewResult["passes"];
  /** Of the passes. */
  readonly notes: readonly string[];
  /** Everything that was found, for selecting again with what comes later. */
  readonly raw: readonly RawFinding[];
}

/** Everything that can be said about a change without a model. `foreign`: what other tools said already (SARIF). */
export async function reviewChange(
  change: ReviewedChange,
  silence: Silence,
  foreign: readonly RawFinding[],
  ports: PassPorts,
  signal: AbortSignal,
): Promise<DeterministicReview> {
  const reasons = new Map(change.files.map((file) => [file, whyNot(file, silence.settings)]));
  const reviewed = change.files.filter((file) => reasons.get(file) === null);
  const found = await runPasses(change, reviewed, ports, signal);
  const raw = [...found.raw, ...foreign];
  const selection = selectFindings(raw, change, silence);
  return {
    files: change.files.map((file) => {
      const reason = reasons.get(file) ?? whyUnread(file);
      return {
        path: file.path,
        oldPath: file.oldPath,
        status: file.diff.status,
        language: file.language,
        role: file.role,
        added: file.diff.addedLines,
        removed: file.diff.removedLines,
        isReviewed: reason === null,
        reason,
      };
    }),
    selection,
    passes: found.passes,
    notes: found.notes,
    raw,
  };
}

/** Why nobody looks at a file; null when somebody does. */
function whyNot(file: ReviewedFile, settings: ReviewSettings): string | null {
  if (settings.isIgnored(file.path)) return "ignored by repowright.toml";
  if (file.role === "vendored") return "third-party code";
  return null;
}

/** Rules see such a file too, because its name may say enough; but nobody has seen its lines. */
function whyUnread({ diff }: ReviewedFile): string | null {
  return diff.isCut && diff.hunks.length === 0 ? "its lines are missing or too many" : null;
}
