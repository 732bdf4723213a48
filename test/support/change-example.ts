import type { DiffLine, FileDiff } from "../../src/contracts/diff.ts";
import type { ChangeExample, ReviewedChange } from "../../src/contracts/review-rule.ts";
import { createReviewedFile } from "../../src/core/review/reviewed-file.ts";

/** The change that an example of a rule writes down: whole contents, and one hunk for each file. */
export function changeFromExample(example: ChangeExample): ReviewedChange {
  const sides = new Map(
    Object.entries(example).map(([path, content]) => [
      path,
      typeof content === "string"
        ? { before: null, after: content }
        : { before: content[0], after: content[1] },
    ]),
  );
  const changed = [...sides].filter(([, { before, after }]) => before !== after);
  const files = changed.map(([path, { before, after }]) =>
    createReviewedFile(diffOf(path, before, after), after === null ? null : Buffer.from(after), {}),
  );
  return {
    files,
    file: (path) => files.find((file) => file.path === path),
    before: async (path) => sides.get(path)?.before ?? null,
    read: async (path) => sides.get(path)?.after ?? null,
    paths: async () => [...sides].flatMap(([path, { after }]) => (after === null ? [] : [path])),
    references: null,
  };
}

function diffOf(path: string, before: string | null, after: string | null): FileDiff {
  const old = splitLines(before);
  const now = splitLines(after);
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same++;
  let sameEnd = 0;
  while (
    sameEnd < old.length - same &&
    sameEnd < now.length - same &&
    old.at(-1 - sameEnd) === now.at(-1 - sameEnd)
  )
    sameEnd++;
  const line = (
    kind: DiffLine["kind"],
    text: string,
    oldLine: number | null,
    newLine: number | null,
  ): DiffLine => ({
    kind,
    text,
    oldLine,
    newLine,
    hasNoNewline: false,
  });
  const shift = now.length - old.length;
  const lines = [
    ...old.slice(0, same).map((text, at) => line("context", text, at + 1, at + 1)),
    ...old.slice(same, old.length - sameEnd).map((text, at) => line("removed", text, same + at + 1, null)),
    ...now.slice(same, now.length - sameEnd).map((text, at) => line("added", text, null, same + at + 1)),
    ...old.slice(old.length - sameEnd).map((text, at) => {
      const oldLine = old.length - sameEnd + at + 1;
      return line("context", text, oldLine, oldLine + shift);
    }),
  ];
  const isBinary = after?.includes("\0") === true || before?.includes("\0") === true;
  return {
    path,
    oldPath: null,
    status: before === null ? "added" : after === null ? "deleted" : "modified",
    oldMode: before === null ? null : "100644",
    newMode: after === null ? null : "100644",
    oldOid: null,
    newOid: null,
    isBinary,
    isSubmodule: false,
    hunks: isBinary
      ? []
      : [
          {
            oldStart: old.length > 0 ? 1 : 0,
            oldLines: old.length,
            newStart: now.length > 0 ? 1 : 0,
            newLines: now.length,
            heading: "",
            lines,
          },
        ],
    addedLines: isBinary ? 0 : now.length - same - sameEnd,
    removedLines: isBinary ? 0 : old.length - same - sameEnd,
    isCut: false,
  };
}

function splitLines(text: string | null): readonly string[] {
  if (text === null || text === "") return [];
  return text.replace(/\n$/, "").split("\n");
}
