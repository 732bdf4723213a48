import type { Finding, RawFinding } from "../../contracts/finding.ts";
import type { ReviewResult } from "../../contracts/review.ts";
import type { ReviewedChange, ReviewedFile } from "../../contracts/review-rule.ts";
import { fingerprintFindings } from "./fingerprint.ts";
import { excerptOf } from "./excerpt.ts";
import { compareFindings, findDuplicates, findSurplus } from "./rank.ts";
import type { ReviewSettings } from "./review-settings.ts";
import { readSuppressions, reasonFor, type SuppressionComment } from "./suppression-comments.ts";

/** Why a reader may not want to see a finding that was made. */
export interface Silence {
  readonly settings: ReviewSettings;
  /** Fingerprints. */
  readonly baseline: ReadonlySet<string>;
  /** Fingerprint → the reason that a person gave. */
  readonly dismissals: ReadonlyMap<string, string>;
}

export interface Selection {
  readonly findings: readonly Finding[];
  readonly suppressed: ReviewResult["suppressed"];
  readonly notes: readonly string[];
}

/** A finding that spans more lines is about the whole of them, and so about the change only if it begins in it. */
const maxSpan = 20;

/** What of all that was found is shown, in which order, and why the rest is not. */
export function selectFindings(
  raw: readonly RawFinding[],
  change: ReviewedChange,
  silence: Silence,
): Selection {
  const { settings } = silence;
  const relevant = raw.flatMap((finding) => {
    const file = change.file(finding.path);
    return settings.isIgnored(finding.path) || !isAboutChange(finding, file) ? [] : [finding];
  });
  const fingerprints = fingerprintFindings(relevant, change);
  const suppressed: Selection["suppressed"] = [];
  const comments = new Map<string, readonly SuppressionComment[]>();
  const commentsOf = (path: string): readonly SuppressionComment[] => {
    let found = comments.get(path);
    if (found === undefined) {
      const file = change.file(path);
      comments.set(path, (found = file === undefined ? [] : readSuppressions(file)));
    }
    return found;
  };

  const ranked = relevant
    .map((finding, at): Finding => {
      const { subject: _, isConsequence: __, ...rest } = finding;
      const level = settings.levelOf(finding.rule, finding.path, change.file(finding.path)?.language ?? null);
      return {
        ...rest,
        severity: level === null || level === "off" ? finding.severity : level,
        fingerprint: fingerprints[at]!,
        excerpt: excerptOf(finding, change.file(finding.path)),
      };
    })
    .sort(compareFindings);
  const duplicates = findDuplicates(ranked);
  const kept = ranked.filter((finding) => {
    const why = reasonAgainst(finding);
    if (why === null) return true;
    suppressed.push({ finding, ...why });
    return false;
  });
  const surplus = findSurplus(kept, settings);
  for (const finding of surplus) suppressed.push({ finding, by: "cap", reason: null });
  return {
    findings: kept.filter((finding) => !surplus.has(finding)),
    suppressed,
    notes: [...comments].flatMap(([path, list]) =>
      list
        .filter(({ reason }) => reason === null)
        .map(
          ({ line, rules }) =>
            `${path}:${line}: this repowright-ignore ${rules.length === 0 ? "names no rule" : "gives no reason"}, so it does not count.`,
        ),
    ),
  };

  function reasonAgainst(finding: Finding): Pick<Selection["suppressed"][number], "by" | "reason"> | null {
    if (duplicates.has(finding)) return { by: "duplicate", reason: null };
    const language = change.file(finding.path)?.language ?? null;
    if (settings.levelOf(finding.rule, finding.path, language) === "off")
      return { by: "configuration", reason: null };
    const inComment =
      finding.side === "new" ? reasonFor(commentsOf(finding.path), finding.rule, finding.line) : null;
    if (inComment !== null) return { by: "comment", reason: inComment };
    if (silence.baseline.has(finding.fingerprint)) return { by: "baseline", reason: null };
    const dismissal = silence.dismissals.get(finding.fingerprint);
    return dismissal === undefined ? null : { by: "dismissal", reason: dismissal };
  }
}

function isAboutChange(finding: RawFinding, file: ReviewedFile | undefined): boolean {
  if (finding.isConsequence) return true;
  if (file === undefined) return false;
  const { line, endLine } = finding;
  if (finding.side === "old")
    return file.diff.hunks.some((hunk) =>
      hunk.lines.some(({ kind, oldLine }) => kind === "removed" && oldLine! >= line && oldLine! <= endLine),
    );
  return file.isAdded(line, endLine - line > maxSpan ? line : endLine);
}
