import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { FileDiff } from "../../contracts/diff.ts";
import { defaultDiffLimits, type DiffLimits } from "./diff-limits.ts";
import { createDiffParser } from "./diff-parser.ts";
import { parseDiff, parsePatch } from "./parse-diff.ts";

/** One line for each file: status, paths, then its lines with their numbers. */
function tell(files: readonly FileDiff[]): string[] {
  return files.map((file) => {
    const marks = [
      file.isBinary && "binary",
      file.isSubmodule && "submodule",
      file.isCut && "cut",
      (file.oldMode ?? file.newMode) !== null && `${file.oldMode}>${file.newMode}`,
      (file.oldOid ?? file.newOid) !== null && `${file.oldOid}..${file.newOid}`,
    ].filter((mark) => mark !== false);
    const lines = file.hunks.flatMap((hunk) =>
      hunk.lines.map(
        (line) =>
          `${line.oldLine ?? ""}:${line.newLine ?? ""}${{ context: " ", added: "+", removed: "-" }[line.kind]}${JSON.stringify(line.text).slice(1, -1)}${line.hasNoNewline ? "$" : ""}`,
      ),
    );
    const paths = file.oldPath === null ? file.path : `${file.oldPath} => ${file.path}`;
    return [file.status, paths, ...marks, ...lines].join(" | ");
  });
}

const git = (name: string, ...rest: readonly string[]): string =>
  [`diff --git a/${name} b/${name}`, ...rest, ""].join("\n");
const body = ["@@ -1,2 +1,2 @@", " one", "-two", "+zwei", ""].join("\n");
const lines = "1:1 one | 2:-two | :2+zwei";

const forms: readonly (readonly [what: string, text: string, ...files: string[]])[] = [
  ["an empty text", ""],
  ["blanks", " \n\r\n"],
  ["a mail without a diff", `From ${"a".repeat(40)} Mon Sep 17 00:00:00 2001\nSubject: nothing\n`],
  [
    "a change with all headers",
    git("x", "old mode 100644", "new mode 100755", "index 1111111..2222222", "--- a/x", "+++ b/x") + body,
    `modified | x | 100644>100755 | 1111111..2222222 | ${lines}`,
  ],
  ["a mode alone", git("x", "old mode 100644", "new mode 100755"), "modified | x | 100644>100755"],
  [
    "a new empty file",
    git("x", "new file mode 100644", "index 0000000..e69de29"),
    "added | x | null>100644 | null..e69de29",
  ],
  [
    "a deleted file",
    `${git("x", "deleted file mode 100644", "index e69de29..0000000", "--- a/x", "+++ /dev/null")}@@ -1 +0,0 @@\n-gone\n`,
    "deleted | x | 100644>null | e69de29..null | 1:-gone",
  ],
  [
    "renames and copies, one to the name of the other side's prefix",
    `diff --git a/a b/b/c\nsimilarity index 100%\nrename from a\nrename to b/c\ndiff --git a/x y b/z\nsimilarity index 90%\ncopy from x y\ncopy to "z\\t"\nindex 1111..2222 100644\n--- a/x y\t\n+++ "b/z\\t"\n${body}`,
    "renamed | a => b/c",
    `copied | x y => z\t | 100644>100644 | 1111..2222 | ${lines}`,
  ],
  [
    "a literal binary patch, whose text is nobody's business",
    `${git("x.png", "index 1111..2222 100644", "GIT binary patch", "literal 3", "Kc$@(M0}Tu&00000", "", "literal 0", "HcmV?d00001", "")}${git("y.png", "index 1111..2222 100644", "Binary files a/y.png and b/y.png differ")}`,
    "modified | x.png | binary | 100644>100644 | 1111..2222",
    "modified | y.png | binary | 100644>100644 | 1111..2222",
  ],
  [
    "a submodule, as a diff and as a log",
    `${git("sub", "index 1111..2222 160000", "--- a/sub", "+++ b/sub")}@@ -1 +1 @@\n-Subproject commit ${"a".repeat(40)}\n+Subproject commit ${"b".repeat(40)}\nSubmodule lib/x y 1111111..2222222:\n  > a change\n  < another\nSubmodule new 0000000...3333333 (new submodule)\nSubmodule dirty contains modified content\n`,
    `modified | sub | submodule | 160000>160000 | ${"a".repeat(40)}..${"b".repeat(40)} | 1:-Subproject commit ${"a".repeat(40)} | :1+Subproject commit ${"b".repeat(40)}`,
    "modified | lib/x y | submodule | 1111111..2222222",
    "added | new | submodule | null..3333333",
  ],
  [
    "a file that became a link",
    `${git("x", "deleted file mode 100644", "index 1111..0000", "--- a/x", "+++ /dev/null")}@@ -1 +0,0 @@\n-text\n${git("x", "new file mode 120000", "index 0000..2222", "--- /dev/null", "+++ b/x")}@@ -0,0 +1 @@\n+target\n\\ No newline at end of file\n`,
    "type-changed | x | 100644>120000 | 1111..2222 | 1:-text | :1+target$",
  ],
  [
    "names in quotes, in bytes that are no UTF-8, and with blanks",
    `diff --git "a/f\\303\\274r \\"x\\"" "b/f\\303\\274r \\"x\\""\n--- "a/f\\303\\274r \\"x\\""\n+++ "b/f\\303\\274r \\"x\\""\n${body}diff --git "a/\\377" "b/\\377"\nnew file mode 100644\n${git("x b/x b/x", "old mode 100644", "new mode 100755")}`,
    `modified | für "x" | ${lines}`,
    String.raw`added | \xff | null>100644`,
    "modified | x b/x b/x | 100644>100755",
  ],
  [
    "other prefixes, and none",
    `diff --git i/x w/x\n--- i/x\n+++ w/x\n${body}diff --git src/x src/x\n--- src/x\n+++ src/x\n${body}diff --git a/x a/x\nold mode 100644\nnew mode 100755\ndiff --git before/y after/y\n--- before/y\n+++ after/y\n${body}`,
    `modified | x | ${lines}`,
    `modified | src/x | ${lines}`,
    "modified | a/x | 100644>100755",
    `modified | y | ${lines}`,
  ],
  [
    "diff -u of one file, of folders, with -N, and of a copy",
    `--- x.c\t2024-05-01 10:00:00.000000000 +0200\n+++ x.c\t2024-05-01 10:00:01.000000000 +0200\n${body}diff -ruN old/y new/y\n--- old/y\t1970-01-01 01:00:00.000000000 +0100\n+++ new/y 2024-05-01 10:00:00\n@@ -0,0 +1 @@\n+y\nOnly in new: z\nBinary files old/i.png and new/i.png differ\n--- a/x.orig\n+++ a/x\n${body}`,
    `modified | x.c | ${lines}`,
    "added | y | :1+y",
    "modified | i.png | binary",
    `modified | a/x | ${lines}`,
  ],
  [
    "mails with a list of changes before and a signature behind",
    `From ${"a".repeat(40)} Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n--- not a header\n---\n x | 2 +-\n\n${git("x", "--- a/x", "+++ b/x")}${body}-- \n2.39.5\n\n`,
    `modified | x | ${lines}`,
  ],
  [
    "lines that look like headers, and blank ones that lost their only blank",
    `${git("x.sql", "--- a/x.sql", "+++ b/x.sql")}@@ -1,4 +1,4 @@ func (x) {\n--- drop\n-diff --git a/x b/x\n+++ add\n+@@ -1 +1 @@\n\n \n`,
    "modified | x.sql | 1:--- drop | 2:-diff --git a/x b/x | :1+++ add | :2+@@ -1 +1 @@ | 3:3  | 4:4 ",
  ],
  [
    "line ends: none at the end, said in another language, CRLF in the file, form feeds and lone returns",
    `${git("x", "--- a/x", "+++ b/x")}@@ -1 +1,2 @@\n-a\n\\ Kein Zeilenumbruch am Dateiende.\n+a\f\rb\r\n+\r\n\\ No newline at end of file\n`,
    String.raw`modified | x | 1:-a$ | :1+a\f\rb\r | :2+\r$`,
  ],
  [
    "a diff with CRLF as a whole",
    (git("x", "--- a/x", "+++ b/x") + body).replaceAll("\n", "\r\n"),
    `modified | x | ${lines}`,
  ],
  [
    "no context, and nothing at one side",
    `${git("x", "--- a/x", "+++ b/x")}@@ -3,0 +4 @@ head\n+new\n@@ -9 +9,0 @@\n-old\n`,
    "modified | x | :4+new | 9:-old",
  ],
];

test.each(forms)("reads %s", (_, text, ...files) => {
  const diff = parseDiff(text);
  expect(tell(diff.files)).toEqual(files);
  expect(diff).toMatchObject({ isTruncated: false, warnings: [] });
  const bytes = Buffer.from(text, "utf8");
  expect(parseDiff(bytes)).toEqual(diff);
  expect(parseDiff(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]))).toEqual(diff);
  // Wherever the pieces of a stream end, the same comes out.
  const parser = createDiffParser(defaultDiffLimits);
  const reused = Buffer.alloc(3);
  for (let at = 0; at < bytes.length; at += 3)
    parser.push(reused.subarray(0, bytes.copy(reused, 0, at, at + 3)));
  expect(parser.end().diff).toEqual(diff);
});

test("a diff knows its counts and headings", () => {
  const [file] = parseDiff(`${git("x", "--- a/x", "+++ b/x")}@@ -7,2 +8 @@ class A {\n-a\n-b\n+c\n`).files;
  expect(file).toMatchObject({ addedLines: 1, removedLines: 2 });
  expect(file!.hunks[0]).toMatchObject({
    oldStart: 7,
    oldLines: 2,
    newStart: 8,
    newLines: 1,
    heading: "class A {",
  });
});

test("hunks without headers belong to the file that is named", () => {
  const patch = `${body.trimEnd()}\n\\ No newline at end of file`;
  const diff = parsePatch({ path: "new.ts", oldPath: "old.ts", status: "renamed" }, patch);
  expect(tell(diff.files)).toEqual([`renamed | old.ts => new.ts | ${lines}$`]);
  expect(tell(parsePatch({ path: "x" }, "").files)).toEqual(["modified | x"]);
});

const three = git("x", "--- a/x", "+++ b/x") + body;
const odd: readonly (readonly [
  what: string,
  text: string,
  code: string,
  isTruncated: boolean,
  files: readonly string[],
])[] = [
  [
    "a text that ends in a hunk",
    `${three}@@ -9,2 +9,2 @@\n nine\n`,
    "hunk-cut-short",
    true,
    [`modified | x | cut | ${lines}`],
  ],
  [
    "a hunk that another file cuts off",
    `${git("y", "--- a/y", "+++ b/y")}@@ -1,3 +1,3 @@\n one\n${three}`,
    "hunk-cut-short",
    true,
    ["modified | y | cut", `modified | x | ${lines}`],
  ],
  [
    "a text that ends in a header",
    `${three}${git("y", "--- a/y", "+++ b/y")}`,
    "lines-missing",
    true,
    [`modified | x | ${lines}`, "modified | y | cut"],
  ],
  ["a text that begins in a file", body + three, "hunk-without-file", true, [`modified | x | ${lines}`]],
  [
    "more lines on one side than counted",
    `${three}+more\n`,
    "hunk-too-long",
    false,
    [`modified | x | ${lines}`],
  ],
  ["hunks in the wrong order", three + body, "hunk-out-of-order", true, [`modified | x | cut | ${lines}`]],
  [
    "a merge",
    `diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1,1 -1,1 +1,2 @@@\n++a\n`,
    "combined-diff",
    false,
    [],
  ],
  ["paths that lead out", `--- a/../../x\n+++ b/../../x\n${body}`, "path-invalid", true, []],
  [
    "the same file twice",
    three + three,
    "path-repeated",
    false,
    [`modified | x | ${lines}`, `modified | x | ${lines}`],
  ],
];

test.each(odd)("warns of %s and keeps what is whole", (_, text, code, isTruncated, files) => {
  const diff = parseDiff(text);
  expect(diff.warnings.map((warning) => warning.code)).toEqual([code]);
  expect(tell(diff.files)).toEqual(files);
  expect(diff.isTruncated).toBe(isTruncated);
});

const other = git("y", "--- a/y", "+++ b/y") + body;
const limited: readonly (readonly [limits: Partial<DiffLimits>, code: string, files: readonly string[]])[] = [
  [{ maxFiles: 1 }, "too-many-files", [`modified | x | ${lines}`]],
  [{ maxLines: 5 }, "file-left-out", [`modified | x | ${lines}`, "modified | y | cut"]],
  [{ maxFileLines: 2 }, "file-left-out", ["modified | x | cut", "modified | y | cut"]],
  [{ maxLineBytes: 4 }, "file-left-out", ["modified | x | cut", "modified | y | cut"]],
  [
    { maxBytes: three.length + other.length - 2 },
    "diff-too-large",
    [`modified | x | ${lines}`, "modified | y | cut"],
  ],
];

test.each(limited)("limits hold: %o", (limits, code, files) => {
  const diff = parseDiff(three + other, { ...defaultDiffLimits, ...limits });
  expect(diff.warnings.map((warning) => warning.code)).toContain(code);
  expect(tell(diff.files)).toEqual(files);
  expect(diff.isTruncated).toBe(true);
  // What is left out is counted all the same.
  expect(diff.files[0]).toMatchObject({ addedLines: 1, removedLines: 1 });
});

test("lines of a file that is left out are not counted against the next one", () => {
  const long = git("z", "--- a/z", "+++ b/z") + body.replace("zwei", "zwei zwei");
  const diff = parseDiff(long + three, { ...defaultDiffLimits, maxLines: 3, maxLineBytes: 6 });
  expect(tell(diff.files)).toEqual(["modified | z | cut", `modified | x | ${lines}`]);
});

test("a deletion that leaves something is no change of type", () => {
  const gone = `${git("x", "deleted file mode 100644")}@@ -1,2 +1 @@\n one\n-two\n`;
  const files = parseDiff(`${gone}${git("x", "new file mode 120000")}@@ -0,0 +1 @@\n+to\n`).files;
  expect(files.map((file) => file.status)).toEqual(["deleted", "added"]);
});

test.each([
  ["prose", "hello\nworld\n", /no line begins with `diff --git`.*"hello"/],
  ["hunks alone", body, /no line `--- a\/path`/],
  ["colours", "\u001b[1mdiff --git a/x b/x\u001b[m\n", /--no-color/],
  ["a context diff", "*** a\n--- b\n***************\n", /-u/],
])("refuses %s and says what was expected", (_, text, message) => {
  expect(() => parseDiff(text)).toThrow(message);
  expect(() => parseDiff(text)).toThrow(expect.objectContaining({ code: "diff-invalid" }));
});

/** What the contract promises of any diff; null when it holds. */
function findFlaw(files: readonly FileDiff[]): string | null {
  for (const file of files) {
    if (file.path === "" || file.path.split("/").includes("..")) return `path ${file.path}`;
    let [oldEnd, newEnd] = [0, 0];
    for (const hunk of file.hunks) {
      const sides = [hunk.lines.map((line) => line.oldLine), hunk.lines.map((line) => line.newLine)] as const;
      const [old, now] = sides.map((side) => side.filter((line) => line !== null));
      if (old!.length !== hunk.oldLines || now!.length !== hunk.newLines) return `counts of ${file.path}`;
      if (old!.some((line, at) => line !== hunk.oldStart + at) || (old![0] ?? Infinity) <= oldEnd)
        return "old lines";
      if (now!.some((line, at) => line !== hunk.newStart + at) || (now![0] ?? Infinity) <= newEnd)
        return "new lines";
      oldEnd = old!.at(-1) ?? oldEnd;
      newEnd = now!.at(-1) ?? newEnd;
    }
    if (file.hunks.length === 0 && file.addedLines > 0 && !file.isCut) return `${file.path} looks clean`;
  }
  return null;
}

test("whatever happened to a text, what is read of it is sound, and nothing is thrown", () => {
  const source = forms
    .map(([, text]) => text)
    .join("")
    .split("\n");
  const cut = fc.record({
    at: fc.nat(source.length),
    removed: fc.nat(4),
    added: fc.array(fc.oneof(fc.constantFrom(...source), fc.string({ maxLength: 20 })), { maxLength: 3 }),
  });
  const end = fc.nat(source.join("\n").length);
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 8 }), end, fc.boolean(), (cuts, length, isCut) => {
      const lines = [...source];
      for (const { at, removed, added } of cuts) lines.splice(at, removed, ...added);
      const text = lines.join("\n").slice(0, isCut ? length : undefined);
      const parser = createDiffParser({ ...defaultDiffLimits, maxLines: 40, maxFileLines: 8 });
      parser.push(Buffer.from(text));
      expect(findFlaw(parser.end().diff.files)).toBeNull();
      expect(findFlaw(parseDiff(`${three}${text}`).files)).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test("time grows with the text, whatever is in it", () => {
  const size = 4_000_000;
  const hostile = [
    "x".repeat(size),
    "Submodule a 1234..5678 (".repeat(1_600),
    "--- ".repeat(9_000),
    `--- "${"\\303".repeat(9_000)}\n+++ b\n@@ -1 +1 @@\n`,
    "@@ -1 +1 @@\n-\n+\n".repeat(size / 20),
    "--- a/x\n+++ b/x\n@@ -1,999999999 +1,999999999 @@\n".repeat(size / 50),
    `diff --git ${"a ".repeat(19_000)}\n`.repeat(50),
  ];
  for (const text of hostile) {
    const parser = createDiffParser(defaultDiffLimits);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 65_536) parser.push(bytes.subarray(at, at + 65_536));
    expect(findFlaw(parser.end().diff.files)).toBeNull();
  }
});
