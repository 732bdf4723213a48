import { printableLine } from "../../../base/text.ts";
import type { CheckAnnotation, HostCheck } from "../../../contracts/code-host.ts";
import type { ReviewResult } from "../../../contracts/review.ts";
import { cut, formatFooter, headline } from "../formats/markdown.ts";

/** What GitHub takes in one request. A second one that fails would leave half of them, or, tried again, all of them twice. */
const maxAnnotations = 50;
const most = { title: 200, message: 2_000 } as const;

/** The state of the commit: errors fail it, warnings ask for attention, and while a model is awaited it is not decided. */
export function toCheck(
  review: ReviewResult,
  commit: string,
  /** Fingerprints: the same twice on one line is noise. */
  commented: ReadonlySet<string>,
): HostCheck {
  const { counts, model } = review;
  const isRunning = model.state === "awaited";
  return {
    commit,
    state: isRunning ? "running" : counts.error ? "failed" : counts.warning ? "attention" : "passed",
    title: `${headline(review)}${isRunning ? " A model is still asked." : ""}`,
    summary: formatFooter(review),
    annotations: isRunning ? [] : toAnnotations(review, commented),
    detailsUrl: null,
  };
}

function toAnnotations(
  { findings }: ReviewResult,
  commented: ReadonlySet<string>,
): readonly CheckAnnotation[] {
  return findings
    .filter(({ side, fingerprint }) => side === "new" && !commented.has(fingerprint))
    .slice(0, maxAnnotations)
    .map(({ path, line, endLine, severity, rule, message, why }) => ({
      path,
      line,
      endLine,
      severity,
      // Shown as it is, not as Markdown.
      title: printableLine(cut(rule, most.title)),
      message: `${printableLine(cut(message, most.message))}\n${printableLine(cut(why, most.message))}`,
    }));
}
