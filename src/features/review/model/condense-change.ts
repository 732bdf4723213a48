import type { ReviewedFile } from "../../../contracts/review-rule.ts";
import { costInThirds } from "./cut-text.ts";
import { compareFiles } from "./readable-files.ts";
import { showLines } from "./shown-lines.ts";
import { showPath } from "./shown-text.ts";

/** Files that are named at all, and what naming them may take of the room. */
const mostFiles = 150;
const nameShare = 0.4;
const nameTokens = 40;
const lineTokens = 40;
/** A long file is not read to its end only to be cut. */
const mostLinesPerFile = 400;

/**
 * A whole change in few lines: each file's name and, as far as there is room, the lines that were added and removed, each
 * file with the same right to it. `readable` are the files whose lines are shown.
 */
export function condenseChange(
  files: readonly ReviewedFile[],
  readable: ReadonlySet<ReviewedFile>,
  roomTokens: number,
  secrets: readonly string[],
): string {
  const room = roomTokens * 3;
  const more = (count: number): string =>
    count === 0 ? "" : `\nand ${count} more ${count === 1 ? "file" : "files"}`;
  const names: { readonly file: ReviewedFile; readonly text: string }[] = [];
  let used = costInThirds(more(files.length));
  for (const file of files.toSorted(
    (a, b) => Number(readable.has(b)) - Number(readable.has(a)) || compareFiles(a, b),
  )) {
    const text = describeFile(file, secrets);
    const cost = costInThirds(text) + 1;
    if (names.length >= mostFiles || used + cost > room * nameShare) break;
    names.push({ file, text });
    used += cost;
  }
  const lines = names.map(({ file }) => (readable.has(file) ? changedLines(file, secrets) : []));
  const share = shareOut(
    lines.map((own) => own.reduce((sum, line) => sum + costInThirds(line) + 1, 0)),
    room - used,
  );
  const blocks = names.map(({ text }, at) => [text, ...cutToShare(lines[at]!, share)].join("\n"));
  return blocks.join("\n") + more(files.length - names.length);
}

/** Lines of code all have a mark before them: none can pass for a name. */
function describeFile({ path, oldPath, diff, role }: ReviewedFile, secrets: readonly string[]): string {
  const from = oldPath === null ? "" : ` from ${showPath(oldPath, nameTokens, secrets)}`;
  const what = diff.isBinary ? "binary" : `+${diff.addedLines} -${diff.removedLines}`;
  return `= ${showPath(path, nameTokens, secrets)} (${diff.status}${from}, ${role}, ${what})`;
}

function changedLines({ diff }: ReviewedFile, secrets: readonly string[]): readonly string[] {
  const changed = diff.hunks.flatMap((hunk) => hunk.lines.filter(({ kind }) => kind !== "context"));
  return showLines(changed.slice(0, mostLinesPerFile), { lineTokens, secrets })
    .filter(({ text }) => text.trim() !== "")
    .map(({ mark, text }) => `${mark} ${text}`);
}

/** The most that each may take so that all together take no more than there is. */
function shareOut(needs: readonly number[], room: number): number {
  let left = room;
  const sorted = needs.toSorted((a, b) => a - b);
  for (const [at, need] of sorted.entries()) {
    const share = left / (sorted.length - at);
    if (need > share) return Math.max(0, share);
    left -= need;
  }
  return Infinity;
}

function cutToShare(lines: readonly string[], share: number): readonly string[] {
  let left = share;
  const end = lines.findIndex((line) => (left -= costInThirds(line) + 1) < 0);
  return end < 0 ? lines : lines.slice(0, end);
}
