import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { git, temporaryFolder } from "../../../test/support/repositories.ts";
import type { DiffLine, FileDiff, Hunk } from "../../contracts/diff.ts";
import { formatDiff } from "./format-diff.ts";
import { parseDiff } from "./parse-diff.ts";

const oid = fc.string({
  unit: fc.constantFrom(...Array.from("123456789abcdef")),
  minLength: 40,
  maxLength: 40,
});
const kind = fc.constantFrom("context", "added", "removed");
// What stands in a line decides nothing: marks, headers and odd characters are all text.
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).map((each) => each.replaceAll("\n", "")),
  fc.constantFrom(
    "",
    "\r",
    "-- a/x",
    "++ b/x",
    "@@ -1 +1 @@",
    "diff --git a/x b/x",
    "\\ No newline",
    "a\r",
    "\f",
    "\ufeff",
  ),
);
const name = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...Array.from('ab /\\"\t\n\r')),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 10,
  })
  .filter((each) => !/^[./]|\0/.test(each) && !each.split("/").includes(".."));
const heading = fc.string({ maxLength: 10 }).map((each) => each.trim());

interface Plan {
  readonly gap: number;
  readonly kinds: readonly DiffLine["kind"][];
  readonly texts: readonly string[];
  readonly heading: string;
}
const plan: fc.Arbitrary<Plan> = fc.record({
  gap: fc.nat(30),
  kinds: fc.array(kind, { minLength: 1, maxLength: 8 }),
  texts: fc.array(text, { minLength: 8, maxLength: 8 }),
  heading,
});

/** Hunks whose numbers are true; `endsBare` leaves both last lines without a line end. */
function layOut(plans: readonly Plan[], endsBare: boolean, only: DiffLine["kind"] | null): Hunk[] {
  const done = { oldLine: 0, newLine: 0 };
  const hunks = plans.map((each): Hunk => {
    const gap = only === null ? each.gap : 0;
    done.oldLine += gap;
    done.newLine += gap;
    const from = { ...done };
    const lines = each.kinds.map((drawn, index): DiffLine => {
      const is = only ?? drawn;
      return {
        kind: is,
        text: each.texts[index]!,
        oldLine: is === "added" ? null : ++done.oldLine,
        newLine: is === "removed" ? null : ++done.newLine,
        hasNoNewline: false,
      };
    });
    const oldLines = done.oldLine - from.oldLine;
    const newLines = done.newLine - from.newLine;
    return {
      oldStart: from.oldLine + (oldLines > 0 ? 1 : 0),
      oldLines,
      newStart: from.newLine + (newLines > 0 ? 1 : 0),
      newLines,
      heading: each.heading,
      lines,
    };
  });
  const last = hunks.at(-1);
  if (!endsBare || last === undefined) return hunks;
  const isLast = (line: DiffLine): boolean =>
    (line.oldLine === null || line.oldLine === done.oldLine) &&
    (line.newLine === null || line.newLine === done.newLine);
  return [
    ...hunks.slice(0, -1),
    { ...last, lines: last.lines.map((line) => ({ ...line, hasNoNewline: isLast(line) })) },
  ];
}

const fileDiff = fc
  .record({
    path: name,
    oldName: name,
    status: fc.constantFrom<FileDiff["status"]>(
      "added",
      "modified",
      "deleted",
      "renamed",
      "copied",
      "type-changed",
    ),
    plans: fc.array(plan, { maxLength: 4 }),
    endsBare: fc.boolean(),
    form: fc.constantFrom("text", "binary", "plain"),
    oids: fc.tuple(oid, oid),
    isModeChanged: fc.boolean(),
  })
  .map(({ path, oldName, status, plans, endsBare, form, oids, isModeChanged }): FileDiff => {
    const isOneSided = status === "added" || status === "deleted";
    const only = status === "added" ? "added" : status === "deleted" ? "removed" : null;
    const isType = status === "type-changed";
    const kept = isOneSided || isType ? plans.slice(0, 1) : plans;
    const swap = (each: Plan): Plan => ({
      ...each,
      gap: 0,
      heading: "",
      kinds: [...each.kinds]
        .map((drawn) => (drawn === "context" ? "added" : drawn))
        .sort()
        .reverse(),
    });
    const hunks = form === "binary" ? [] : layOut(isType ? kept.map(swap) : kept, endsBare, only);
    const isPlain = form === "plain" && hunks.length > 0 && !isType;
    const lines = hunks.flatMap((hunk) => hunk.lines);
    const oldMode = isPlain || status === "added" ? null : "100644";
    const newMode =
      isPlain || status === "deleted"
        ? null
        : isType
          ? "120000"
          : isModeChanged && !isOneSided
            ? "100755"
            : "100644";
    return {
      path,
      oldPath: status === "renamed" || status === "copied" ? oldName : null,
      status,
      oldMode,
      newMode,
      oldOid: isPlain || status === "added" ? null : oids[0],
      newOid: isPlain || status === "deleted" ? null : oids[1],
      isBinary: form === "binary",
      isSubmodule: false,
      hunks,
      addedLines: lines.filter((line) => line.kind === "added").length,
      removedLines: lines.filter((line) => line.kind === "removed").length,
      isCut: false,
    };
  });

test("what is written is read back the same", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fileDiff, { selector: (file) => file.path, maxLength: 4 }), (files) => {
      const read = parseDiff(formatDiff({ files }));
      expect(read).toEqual({ files, isTruncated: false, warnings: [] });
    }),
    { numRuns: 300 },
  );
});

function splitText(content: string): { lines: string[]; endsBare: boolean } {
  const lines = content.split("\n");
  const endsBare = lines.at(-1) !== "";
  if (!endsBare) lines.pop();
  return { lines, endsBare };
}

/** Puts hunks on a text; null when a line or a number of them is not true. */
function applyHunks(before: string, hunks: readonly Hunk[]): string | null {
  const old = splitText(before);
  let result = "";
  let at = 0;
  const copyTo = (end: number): void => {
    for (; at < end; at++)
      result += old.lines[at]! + (at === old.lines.length - 1 && old.endsBare ? "" : "\n");
  };
  for (const hunk of hunks) {
    copyTo(hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1);
    for (const line of hunk.lines) {
      if (line.oldLine !== null) {
        if (line.oldLine !== at + 1 || line.text !== old.lines[at]) return null;
        at++;
      }
      if (line.newLine !== null) {
        if (line.newLine !== result.split("\n").length) return null;
        result += line.text + (line.hasNoNewline ? "" : "\n");
      }
    }
  }
  copyTo(old.lines.length);
  return result;
}

const content = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        "a",
        "b",
        "c",
        "\r",
        "ü\r",
        "\f",
        "x\ry",
        "",
        "--- a",
        "+++ b",
        "@@ -1 +1 @@",
        "𝒳",
        "\\ No",
      ),
      { maxLength: 14 },
    ),
    fc.boolean(),
  )
  .map(([lines, endsBare]) =>
    lines
      .map((line) => `${line}\n`)
      .join("")
      .slice(0, endsBare ? -1 : undefined),
  );

test("hunks of Git's diffs make the new text of the old one", { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  git(folder, ["init", "--quiet"]);
  const pairs = fc.sample(fc.tuple(content, content), { numRuns: 250, seed: 7 });
  const write = (side: 0 | 1): void => {
    for (const [index, pair] of pairs.entries()) writeFileSync(join(folder, `f ü${index}`), pair[side]);
    git(folder, ["add", "--all"]);
  };
  write(0);
  git(folder, ["commit", "--quiet", "--message", "before"]);
  write(1);
  for (const context of ["-U3", "-U0", "-U1"]) {
    const written = git(folder, ["diff", "--cached", "--text", context]);
    const read = parseDiff(written);
    expect(read.warnings).toEqual([]);
    const files = new Map(read.files.map((file) => [file.path, file]));
    expect(files.size).toBeGreaterThan(200);
    for (const [index, [before, after]] of pairs.entries()) {
      const file = files.get(`f ü${index}`);
      expect(file === undefined).toBe(before === after);
      expect(applyHunks(before, file?.hunks ?? [])).toBe(after);
    }
    // Byte for byte what Git wrote: full object names aside, which it abbreviates.
    expect(formatDiff(read)).toBe(written);
  }
});
