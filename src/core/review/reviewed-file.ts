import type { ContentFacts } from "../../contracts/file-facts.ts";
import type { FileDiff } from "../../contracts/diff.ts";
import type { ReviewedFile, ReviewedRole } from "../../contracts/review-rule.ts";
import { roleOf } from "../index/search/file-role.ts";
import type { LanguageAttributes } from "../repository/languages/attributes.ts";
import { detectLanguage } from "../repository/languages/detect.ts";
import { isGeneratedContent, isMinified } from "../repository/languages/generated.ts";

const examplePath = /(^|\/)(examples?|samples?|demos?|tutorials?|playground)\//i;
/** What linguist keeps out of its statistics as third-party code, although a repository's own people write it. */
const ownWork = /^\.github\/|\.d\.[cm]?ts$|(^|\/)\.[^/]+$/;
/** A line number in a bare patch is what its writer says; nobody needs more empty lines than this before it. */
const maxSparseLines = 200_000;

/**
 * One file of a change as rules see it. `content` null: not there, or not read. `believesContent` false: a mark of a generator
 * in the content counts for nothing.
 */
export function createReviewedFile(
  diff: FileDiff,
  content: Uint8Array | null,
  attributes: LanguageAttributes,
  believesContent = true,
): ReviewedFile {
  const isTextual = diff.status !== "deleted" && !diff.isBinary && !diff.isSubmodule;
  const sparse = isTextual && content === null ? sparseText(diff) : null;
  const bytes = content ?? (sparse === null ? null : Buffer.from(sparse.text));
  const facts = bytes === null ? undefined : readFacts(diff.path, bytes, attributes, believesContent);
  const isText = isTextual && bytes !== null && facts?.binary === false;
  const text = isText ? Buffer.from(bytes).toString("utf8") : null;
  let lines: readonly string[] | null = null;
  const added = diff.hunks.flatMap((hunk) =>
    hunk.lines.flatMap((line) => (line.kind === "added" ? [line.newLine!] : [])),
  );
  const addedSet = new Set(added);
  return {
    path: diff.path,
    oldPath: diff.oldPath,
    diff,
    language: facts?.language ?? null,
    role: toRole(diff.path, facts, attributes),
    text,
    isWhole: content !== null || sparse?.isWhole === true,
    get lines() {
      return (lines ??= text === null ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/));
    },
    added,
    isAdded(first, last) {
      if (last - first > added.length) return added.some((line) => line >= first && line <= last);
      for (let line = first; line <= last; line++) if (addedSet.has(line)) return true;
      return false;
    },
  };
}

function readFacts(
  path: string,
  bytes: Uint8Array,
  attributes: LanguageAttributes,
  believesContent: boolean,
): ContentFacts {
  const { language, binary, reason } = detectLanguage(path, bytes, attributes.language);
  return {
    language,
    reason,
    binary,
    generated: believesContent && !binary && isGeneratedContent(path, bytes),
    minified: believesContent && !binary && isMinified(path, bytes),
    lfsPointer: false,
    lines: null,
  };
}

function toRole(path: string, facts: ContentFacts | undefined, attributes: LanguageAttributes): ReviewedRole {
  const role = roleOf(path, facts, attributes);
  const isOwn = attributes.vendored === undefined && ownWork.test(path);
  if (role.vendored && !isOwn) return "vendored";
  if (role.generated) return "generated";
  if (role.test) return "test";
  if (role.docs) return "documentation";
  if (examplePath.test(path)) return "example";
  return role.data ? "data" : "code";
}

/** What a patch shows of the new file, each line in its place and the unknown ones empty. Null when it shows nothing. */
function sparseText(diff: FileDiff): { readonly text: string; readonly isWhole: boolean } | null {
  if (diff.hunks.length === 0) return null;
  const lines: string[] = [];
  for (const hunk of diff.hunks)
    for (const line of hunk.lines) {
      if (line.newLine === null || line.newLine > maxSparseLines) continue;
      while (lines.length < line.newLine - 1) lines.push("");
      lines[line.newLine - 1] = line.text;
    }
  return { text: `${lines.join("\n")}\n`, isWhole: diff.status === "added" && diff.hunks.length === 1 };
}
