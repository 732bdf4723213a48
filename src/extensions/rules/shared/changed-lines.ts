import type { ReviewedFile, RuleHit } from "../../../contracts/review-rule.ts";

/** Where a change added, or else removed, a line that fits; null when none does. */
export function placeOf(file: ReviewedFile, pattern: RegExp): Pick<RuleHit, "line" | "side"> | null {
  const lines = file.diff.hunks.flatMap((hunk) => hunk.lines);
  const added = lines.find(({ kind, text }) => kind === "added" && pattern.test(text));
  if (added !== undefined) return { line: added.newLine! };
  const removed = lines.find(({ kind, text }) => kind === "removed" && pattern.test(text));
  return removed === undefined ? null : { line: removed.oldLine!, side: "old" };
}

/** The first line that was added, or else removed; an empty one only where there is no other. */
export function firstPlace(file: ReviewedFile): Pick<RuleHit, "line" | "side"> | null {
  return placeOf(file, /\S/) ?? placeOf(file, /(?:)/);
}

export function escapePattern(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}
