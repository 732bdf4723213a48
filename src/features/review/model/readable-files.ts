import type { ReviewedChange, ReviewedFile } from "../../../contracts/review-rule.ts";

/** Code first: what is left out for want of room matters least. */
const order: readonly ReviewedFile["role"][] = ["code", "test", "data", "example", "documentation"];
const lockFile =
  /(^|\/)(?:[^/]*[-.]lock(?:file|b)?(?:\.(?:json|ya?ml|hcl|lockfile))?|npm-shrinkwrap\.json|go\.sum|Package\.resolved)$/i;
const drawnFile = /\.(?:snap|svg|map|min\.(?:js|css))$/i;
/** Nobody writes files by hand in which most lines are longer. */
const longLine = 500;

export interface ReadableFiles {
  /** Whose lines a model is shown, the most relevant first, kin beside each other. */
  readonly files: readonly ReviewedFile[];
  /** Paths whose lines nobody could read although somebody wrote them. */
  readonly unread: readonly string[];
}

export function selectReadable(change: ReviewedChange): ReadableFiles {
  const unread: string[] = [];
  const files = change.files.filter((file) => {
    const { diff } = file;
    if (diff.status === "deleted" || diff.isBinary || diff.isSubmodule || isMachineWritten(file))
      return false;
    if (diff.isCut) unread.push(file.path);
    else if (isMinified(file)) unread.push(file.path);
    else return file.added.length > 0;
    return false;
  });
  return { files: files.toSorted(compareFiles), unread };
}

function isMachineWritten({ path, role }: ReviewedFile): boolean {
  return role === "generated" || role === "vendored" || lockFile.test(path) || drawnFile.test(path);
}

/** By most of its lines: one long line must not hide a file from review. */
function isMinified({ diff }: ReviewedFile): boolean {
  const added = diff.hunks.flatMap((hunk) =>
    hunk.lines.filter(({ kind, text }) => kind === "added" && text.trim() !== ""),
  );
  return added.filter(({ text }) => text.length > longLine).length * 2 > added.length;
}

/** Code first, and files of one folder beside each other: they go into one question. */
export function compareFiles(a: ReviewedFile, b: ReviewedFile): number {
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
  return rankOf(a) - rankOf(b) || compare(folderOf(a.path), folderOf(b.path)) || compare(a.path, b.path);
}

function rankOf({ role }: ReviewedFile): number {
  const at = order.indexOf(role);
  return at < 0 ? order.length : at;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
