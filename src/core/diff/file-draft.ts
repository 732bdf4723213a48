import type { DiffLine, FileDiff, FileStatus, Hunk } from "../../contracts/diff.ts";
import {
  cleanPath,
  isAbsentSide,
  readGitLine,
  readName,
  readSideName,
  stripPrefixes,
  type SidePaths,
} from "./diff-names.ts";

/** What the headers and hunks of one file have said so far. */
export interface FileDraft {
  /** What stood after `diff --git `; null for other forms. */
  gitLine: string | null;
  /** Paths that are known as they are: from rename and copy lines, or given by the caller. */
  oldName: string | null;
  newName: string | null;
  /** What stood after `--- ` and `+++ `. */
  oldSide: string | null;
  newSide: string | null;
  status: FileStatus;
  oldMode: string | null;
  newMode: string | null;
  oldOid: string | null;
  newOid: string | null;
  isBinary: boolean;
  isSubmodule: boolean;
  hunks: Hunk[];
  addedLines: number;
  removedLines: number;
  isCut: boolean;
  /** Ends of the last hunk on either side: what follows must lie after them. */
  oldEnd: number;
  newEnd: number;
  keptLines: number;
}

export function createDraft(given: Partial<FileDraft>): FileDraft {
  return {
    gitLine: null,
    oldName: null,
    newName: null,
    oldSide: null,
    newSide: null,
    status: "modified",
    oldMode: null,
    newMode: null,
    oldOid: null,
    newOid: null,
    isBinary: false,
    isSubmodule: false,
    hunks: [],
    addedLines: 0,
    removedLines: 0,
    isCut: false,
    oldEnd: 0,
    newEnd: 0,
    keptLines: 0,
    ...given,
  };
}

/** One line between `diff --git` and the first hunk; false when it is none that Git writes there. */
export function readExtendedHeader(draft: FileDraft, line: string): boolean {
  const [, key, value = ""] =
    /^(old mode|new mode|deleted file mode|new file mode|(?:rename|copy) (?:from|to|old|new)|(?:dis)?similarity index|index|---|\+\+\+) (.*)$/s.exec(
      line,
    ) ?? [];
  switch (key) {
    case undefined:
      return readBinaryMark(draft, line);
    case "old mode":
      draft.oldMode = readMode(value);
      break;
    case "new mode":
      draft.newMode = readMode(value);
      break;
    case "deleted file mode":
      draft.status = "deleted";
      draft.oldMode = readMode(value);
      break;
    case "new file mode":
      draft.status = "added";
      draft.newMode = readMode(value);
      break;
    case "---":
      draft.oldSide = value;
      break;
    case "+++":
      draft.newSide = value;
      break;
    case "index":
      readIndexLine(draft, value);
      break;
    default:
      if (key.endsWith("index")) break;
      draft.status = key.startsWith("copy") ? "copied" : "renamed";
      if (key.endsWith("from") || key.endsWith("old")) draft.oldName = readName(value);
      else draft.newName = readName(value);
  }
  return true;
}

function readBinaryMark(draft: FileDraft, line: string): boolean {
  const isBinary = line === "GIT binary patch" || /^Binary files .* differ$/s.test(line);
  if (isBinary) readBinaryFiles(draft, line);
  return isBinary;
}

/** `Binary files a/x and b/x differ` names the paths where nothing else does. */
export function readBinaryFiles(draft: FileDraft, line: string): void {
  draft.isBinary = true;
  const names = line.slice("Binary files ".length, -" differ".length);
  // The names are mostly of the same length, so that the word between them stands in the middle.
  const middle = (names.length - " and ".length) >> 1;
  const at = names.startsWith(" and ", middle) ? middle : names.indexOf(" and ");
  if (line.startsWith("Binary") && at > 0 && draft.oldSide === null) {
    draft.oldSide = names.slice(0, at);
    draft.newSide = names.slice(at + " and ".length);
  }
}

function readMode(text: string): string | null {
  return /^[0-7]{6}$/.test(text) ? text : null;
}

function readIndexLine(draft: FileDraft, value: string): void {
  const [, oldOid, newOid, mode] = /^([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: ([0-7]{6}))?$/.exec(value) ?? [];
  if (oldOid === undefined) return;
  draft.oldOid = knownOid(oldOid);
  draft.newOid = knownOid(newOid!);
  if (mode !== undefined) {
    draft.oldMode ??= mode;
    draft.newMode ??= mode;
  }
}

/** Null for the zeros that stand for no object. */
export function knownOid(oid: string): string | null {
  return /^0+$/.test(oid) ? null : oid;
}

/** Paths of a draft, cleaned; null where they cannot be told or lead out of the repository. */
export function pathsOf(draft: FileDraft): { readonly path: string; readonly oldPath: string | null } | null {
  const sides = namesOf(draft);
  const after =
    draft.status === "deleted" ? (sides.oldPath ?? sides.newPath) : (sides.newPath ?? sides.oldPath);
  const path = after === null ? null : cleanPath(after);
  if (path === null) return null;
  if (draft.status !== "renamed" && draft.status !== "copied") return { path, oldPath: null };
  const oldPath = sides.oldPath === null ? null : cleanPath(sides.oldPath);
  return oldPath === null ? null : { path, oldPath };
}

function namesOf(draft: FileDraft): SidePaths {
  if (draft.newName !== null) return { oldPath: draft.oldName, newPath: draft.newName };
  const git = draft.gitLine === null ? null : readGitLine(draft.gitLine);
  if (git) return { oldPath: git.path, newPath: git.path };
  const { oldSide, newSide } = draft;
  return stripPrefixes({
    oldPath: oldSide === null ? null : readSideName(oldSide),
    newPath: newSide === null ? null : readSideName(newSide),
  });
}

/** Status of a file whose only headers are `---` and `+++`. */
export function statusOfSides(oldSide: string, newSide: string): FileStatus {
  if (isAbsentSide(oldSide)) return "added";
  return isAbsentSide(newSide) ? "deleted" : "modified";
}

export function finishDraft(
  draft: FileDraft,
  paths: { readonly path: string; readonly oldPath: string | null },
): FileDiff {
  const isSubmodule = draft.isSubmodule || draft.oldMode === gitlink || draft.newMode === gitlink;
  const isAdded = draft.status === "added";
  const isDeleted = draft.status === "deleted";
  const lines = isSubmodule ? draft.hunks.flatMap((hunk) => hunk.lines) : [];
  return {
    ...paths,
    status: draft.status,
    oldMode: isAdded ? null : draft.oldMode,
    newMode: isDeleted ? null : draft.newMode,
    oldOid: isAdded ? null : (submoduleCommit(lines, "removed") ?? draft.oldOid),
    newOid: isDeleted ? null : (submoduleCommit(lines, "added") ?? draft.newOid),
    isBinary: draft.isBinary,
    isSubmodule,
    hunks: draft.hunks,
    addedLines: draft.addedLines,
    removedLines: draft.removedLines,
    isCut: draft.isCut,
  };
}

const gitlink = "160000";

/** The `index` line is mostly abbreviated; what a submodule's only line says is whole. */
function submoduleCommit(lines: readonly DiffLine[], kind: DiffLine["kind"]): string | null {
  const line = lines.find((each) => each.kind === kind);
  return /^Subproject commit ([0-9a-f]{40}|[0-9a-f]{64})$/.exec(line?.text ?? "")?.[1] ?? null;
}

/**
 * Git writes a file that became a link (or a submodule) as a deletion and an addition, one after the other. Null when
 * the two are anything else.
 */
export function joinTypeChange(before: FileDiff | undefined, after: FileDiff): FileDiff | null {
  if (before?.status !== "deleted" || after.status !== "added" || before.path !== after.path) return null;
  if (before.oldMode === null || after.newMode === null) return null;
  if (before.oldMode.slice(0, 3) === after.newMode.slice(0, 3)) return null;
  const [removed, ...furtherRemoved] = before.hunks;
  const [added, ...furtherAdded] = after.hunks;
  // Nothing but a whole file goes, and nothing but a whole file comes.
  if (furtherRemoved.length > 0 || furtherAdded.length > 0) return null;
  if ((removed?.newLines ?? 0) > 0 || (added?.oldLines ?? 0) > 0) return null;
  const hunk = {
    oldStart: removed?.oldStart ?? 0,
    oldLines: removed?.oldLines ?? 0,
    newStart: added?.newStart ?? 0,
    newLines: added?.newLines ?? 0,
    heading: "",
    lines: [...(removed?.lines ?? []), ...(added?.lines ?? [])],
  };
  return {
    ...after,
    status: "type-changed",
    oldMode: before.oldMode,
    oldOid: before.oldOid,
    isBinary: before.isBinary || after.isBinary,
    isSubmodule: before.isSubmodule || after.isSubmodule,
    hunks: hunk.lines.length === 0 ? [] : [hunk],
    removedLines: before.removedLines,
    isCut: before.isCut || after.isCut,
  };
}
