import type { ReviewedFile } from "../../../contracts/review-rule.ts";

export function isWorkflow(file: ReviewedFile): boolean {
  return (
    /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file.path) && file.text !== null && file.text.length < 500_000
  );
}

/** Whether line `number` (from 1) is inside a block under one of the keys, such as the script of a step's `run`. */
export function isUnderKey(lines: readonly string[], number: number, key: RegExp): boolean {
  const line = lines[number - 1] ?? "";
  if (key.test(line)) return true;
  let indent = indentOf(line);
  for (let at = number - 2; at >= 0; at--) {
    const above = lines[at]!;
    if (above.trim() === "" || indentOf(above) >= indent) continue;
    if (/^\s*(?:-\s+)?[\w-]+:\s*[|>][-+\d]*\s*(?:#.*)?$/.test(above)) return key.test(above);
    // A comment or a line of the script itself.
    indent = indentOf(above);
    if (/^\s*(?:-\s+)?[\w-]+:/.test(above)) return false;
  }
  return false;
}

/** A key behind the dash of a list stands where it would without it. */
function indentOf(line: string): number {
  return /^\s*(?:-\s+)?/.exec(line)![0].length;
}
