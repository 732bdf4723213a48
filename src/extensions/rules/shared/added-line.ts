import type { ReviewedFile, SyntaxNode } from "../../../contracts/review-rule.ts";

/**
 * The first added line inside a node on which one of the patterns begins; null when each of them stands on an old line. What
 * is wrong only together is new as soon as one part of it is.
 */
export function addedLineOf(
  node: SyntaxNode,
  file: ReviewedFile,
  patterns: readonly RegExp[],
): number | null {
  const text = node.text;
  for (const pattern of patterns) {
    const at = pattern.exec(text)?.index;
    if (at === undefined) continue;
    const line = node.startPosition.row + text.slice(0, at).split("\n").length;
    if (file.isAdded(line, line)) return line;
  }
  return null;
}
