import { createHash } from "node:crypto";
import type { RawFinding } from "../../contracts/finding.ts";
import type { ReviewedFile } from "../../contracts/review-rule.ts";

/** What of a change is needed to name its findings. */
export interface FingerprintedFiles {
  file(path: string): Pick<ReviewedFile, "lines" | "diff"> | undefined;
}

/**
 * Names each finding by its rule, its path and the text of its lines (or its subject): 32 hexadecimal digits, in the order
 * of the findings. Where the lines stand does not matter, so that a finding keeps its name when the branch is rebased or
 * pushed to; findings that are equal in all of it are numbered from the top of the file.
 */
export function fingerprintFindings(
  findings: readonly RawFinding[],
  files: FingerprintedFiles,
): readonly string[] {
  const lineOf = createOldLines();
  const keys = findings.map((finding) => {
    const about =
      finding.subject ?? textOf(finding, files.file(finding.path), lineOf) ?? wordsOf(finding.message);
    // A subject, a text and a message that happen to be the same are not the same thing.
    const kind = finding.subject === undefined ? finding.side : "subject";
    return JSON.stringify([finding.rule, finding.path, kind, about]);
  });
  const inFileOrder = findings
    .map((_, index) => index)
    .sort((a, b) => compare(findings[a]!, findings[b]!) || a - b);
  const seen = new Map<string, number>();
  const fingerprints: string[] = [];
  for (const index of inFileOrder) {
    const key = keys[index]!;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    fingerprints[index] = createHash("sha256").update(`${key}\n${ordinal}`).digest("hex").slice(0, 32);
  }
  return fingerprints;
}

type OldLines = (file: Pick<ReviewedFile, "diff">) => ReadonlyMap<number, string>;

/** Lines before the change that the diff shows, by number; read once for each file. */
function createOldLines(): OldLines {
  const known = new Map<Pick<ReviewedFile, "diff">, ReadonlyMap<number, string>>();
  return (file) => {
    let lines = known.get(file);
    if (lines === undefined) {
      const shown = file.diff.hunks.flatMap((hunk) => hunk.lines);
      lines = new Map(shown.flatMap(({ oldLine, text }) => (oldLine === null ? [] : [[oldLine, text]])));
      known.set(file, lines);
    }
    return lines;
  };
}

/** Text of the lines without the blanks at their ends; null where nothing but blanks is known of them. */
function textOf(
  finding: RawFinding,
  file: Pick<ReviewedFile, "lines" | "diff"> | undefined,
  oldLines: OldLines,
): string | null {
  if (file === undefined) return null;
  const texts: string[] = [];
  if (finding.side === "new")
    for (const text of file.lines.slice(finding.line - 1, finding.endLine)) texts.push(text.trim());
  else
    for (const [number, text] of oldLines(file))
      if (number >= finding.line && number <= finding.endLine) texts.push(text.trim());
  const text = texts.join("\n");
  return text.trim() === "" ? null : text;
}

/** A message as a name: without the numbers in it, which are mostly of lines. */
function wordsOf(message: string): string {
  return message.replace(/\d+/g, "#").trim();
}

function compare(a: RawFinding, b: RawFinding): number {
  return (
    a.line - b.line || a.endLine - b.endLine || (a.message < b.message ? -1 : a.message > b.message ? 1 : 0)
  );
}
