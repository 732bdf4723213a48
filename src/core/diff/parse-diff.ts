import { AppError } from "../../base/errors.ts";
import type { Diff, FileStatus } from "../../contracts/diff.ts";
import { defaultDiffLimits, type DiffLimits } from "./diff-limits.ts";
import { createDiffParser } from "./diff-parser.ts";

/**
 * Reads a unified diff: Git's, `git format-patch` mails, `diff -u`. What is cut short or odd is a warning.
 * @throws AppError `diff-invalid` when nothing in the text is one
 */
export function parseDiff(text: string | Uint8Array, limits: DiffLimits = defaultDiffLimits): Diff {
  const bytes = toBytes(text);
  const parser = createDiffParser(limits);
  parser.push(bytes);
  const { diff, isRecognised } = parser.end();
  if (!isRecognised && !isBlank(bytes)) throw new AppError("diff-invalid", explain(bytes));
  return diff;
}

/** Hunks without headers, as GitHub gives them in the field `patch` of each file of a pull request. */
export function parsePatch(
  file: { readonly path: string; readonly oldPath?: string | null; readonly status?: FileStatus },
  patch: string,
  limits: DiffLimits = defaultDiffLimits,
): Diff {
  const { path, oldPath = null, status = "modified" } = file;
  const parser = createDiffParser(limits, { oldName: oldPath ?? path, newName: path, status });
  parser.push(toBytes(patch));
  return parser.end().diff;
}

function toBytes(text: string | Uint8Array): Buffer {
  if (typeof text === "string") return withoutMark(Buffer.from(text, "utf8"));
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  // PowerShell's `>` writes UTF-16.
  const isLittleEndian = bytes[0] === 0xff && bytes[1] === 0xfe;
  return withoutMark(isLittleEndian ? Buffer.from(bytes.toString("utf16le"), "utf8") : bytes);
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || (byte >= 9 && byte <= 13));
}

function explain(bytes: Buffer): string {
  const start = bytes.subarray(0, 4_000).toString("utf8");
  const [first = ""] = start.trimStart().split("\n", 1);
  const reason = first.startsWith("@@ -")
    ? "it has hunks, but no line `--- a/path` that says of which file"
    : first.startsWith("\u001b[")
      ? "it has colour codes; make it with --no-color"
      : /^\*\*\* /m.test(start)
        ? "it may be a context diff; make it with -u"
        : "no line begins with `diff --git`, and no pair of lines with `---` and `+++`";
  return `The text is no unified diff: ${reason}. It begins with ${JSON.stringify(first.trim().slice(0, 80))}.`;
}
