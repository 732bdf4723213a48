import type { Diff, DiffWarning, FileDiff } from "../../contracts/diff.ts";
import type { Git } from "../../contracts/git.ts";
import type { Repository } from "../../contracts/repository.ts";
import { decodeName } from "../../base/text.ts";
import { readNullTokens } from "../repository/null-tokens.ts";
import { readSizes } from "../repository/tree.ts";
import { createDiffParser } from "./diff-parser.ts";
import type { DiffLimits } from "./diff-limits.ts";

/** Larger files are not compared line by line. */
const maxFileBytes = 32 * 1024 * 1024;
/** Git looks for renames among this many new files times this many that are gone. */
const renameLimit = 1_000;
/** Paths that one command can be told to leave out. */
const maxExcluded = 500;

/** Everything that a setting could change is said here, so that the same trees always give the same diff. */
const patchOptions = [
  "-r",
  "-p",
  "--full-index",
  "--unified=3",
  "--inter-hunk-context=0",
  "--diff-algorithm=myers",
  "--indent-heuristic",
  "--submodule=short",
  "--ignore-submodules=none",
  "--src-prefix=a/",
  "--dst-prefix=b/",
  "--no-color",
  "--no-ext-diff",
  "--no-textconv",
  "--no-relative",
];

/** A file that differs, as `--raw` tells it: nothing of its content was read. */
interface RawChange {
  readonly path: string;
  readonly isExact: boolean;
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldOid: string;
  readonly newOid: string;
}

/** The id of the empty tree, which Git knows without having it. */
export function emptyTree(objectIdLength: number): string {
  return objectIdLength === 64
    ? "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
    : "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
}

/**
 * Compares two trees, or commits. Contents that a blobless clone lacks are fetched first; a file whose content cannot be
 * had, or is too large, is listed without its hunks.
 */
export async function diffTrees(
  repository: Repository,
  trees: { readonly before: string; readonly after: string },
  git: Git,
  signal: AbortSignal,
  limits: DiffLimits,
): Promise<Diff> {
  const { gitDir } = repository;
  const { changes, isWhole } = await listChanges(gitDir, trees, git, signal, limits.maxFiles);
  const sizes = await fetchContents(repository, changes, git, signal);
  const missing = changes.filter((change) => blobsOf(change).some((oid) => !sizes.has(oid)));
  const cannotExclude = missing.length > maxExcluded || missing.some((change) => !change.isExact);
  const unread = cannotExclude ? changes : missing;
  const findsRenames = isWhole && missing.length === 0 && canFindRenames(changes);
  const patch =
    unread.length === changes.length
      ? { files: [], isTruncated: false, warnings: [] }
      : await readPatch(gitDir, trees, git, signal, limits, { excluded: unread, findsRenames });
  const { files, warnings } = markLarge(patch.files, sizes);
  return {
    files: [...files, ...unread.map(describeUnread)],
    isTruncated: patch.isTruncated || unread.length > 0 || warnings.length > 0,
    warnings: [
      ...patch.warnings,
      ...warnings,
      ...warnOfUnread(missing, cannotExclude),
      ...(canFindRenames(changes)
        ? []
        : [
            {
              code: "renames-unchecked",
              message: "Too many files are new or gone to look for renames among them.",
            },
          ]),
    ],
  };
}

async function listChanges(
  gitDir: string,
  { before, after }: { readonly before: string; readonly after: string },
  git: Git,
  signal: AbortSignal,
  maxFiles: number,
): Promise<{ readonly changes: readonly RawChange[]; readonly isWhole: boolean }> {
  const changes: RawChange[] = [];
  let header: readonly string[] | null = null;
  const listing = git.stream(
    gitDir,
    ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", before, after, "--"],
    { signal, stdin: "", isMemoryLimited: true },
  );
  const ended = await readNullTokens(listing.stdout, (token) => {
    if (header === null) {
      header = token.toString("latin1", 1).split(" ");
      return changes.length < maxFiles;
    }
    const [oldMode = "", newMode = "", oldOid = "", newOid = ""] = header;
    const { text: path, exact } = decodeName(token);
    changes.push({ path, isExact: exact, oldMode, newMode, oldOid, newOid });
    header = null;
    return true;
  });
  if (ended === "stopped") listing.stop();
  await listing.done;
  return { changes, isWhole: ended !== "stopped" };
}

/** Contents on both sides; a submodule has none. */
function blobsOf(change: RawChange): readonly string[] {
  return [
    ...(/^(?:100|120)/.test(change.oldMode) ? [change.oldOid] : []),
    ...(/^(?:100|120)/.test(change.newMode) ? [change.newOid] : []),
  ];
}

/** Sizes of all contents that are there, after those that can be fetched were. */
async function fetchContents(
  repository: Repository,
  changes: readonly RawChange[],
  git: Git,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(changes.flatMap(blobsOf))];
  const sizes = await readSizes(repository.gitDir, wanted, git, signal);
  const missing = wanted.filter((oid) => !sizes.has(oid));
  if (missing.length === 0 || repository.fetchMissing === null) return sizes;
  await repository.fetchMissing(missing, signal);
  const fetched = await readSizes(repository.gitDir, missing, git, signal);
  return new Map([...sizes, ...fetched]);
}

function canFindRenames(changes: readonly RawChange[]): boolean {
  const isNone = (mode: string): boolean => mode === "000000";
  const added = changes.filter((change) => isNone(change.oldMode)).length;
  const deleted = changes.filter((change) => isNone(change.newMode)).length;
  return added * deleted <= renameLimit * renameLimit;
}

async function readPatch(
  gitDir: string,
  { before, after }: { readonly before: string; readonly after: string },
  git: Git,
  signal: AbortSignal,
  limits: DiffLimits,
  choice: { readonly excluded: readonly RawChange[]; readonly findsRenames: boolean },
): Promise<Diff> {
  const renames = choice.findsRenames ? ["--find-renames=50%", `-l${renameLimit}`] : ["--no-renames"];
  const paths = choice.excluded.map((change) => `:(top,exclude,literal)${change.path}`);
  const stream = git.stream(
    gitDir,
    [
      "diff-tree",
      ...patchOptions,
      ...renames,
      before,
      after,
      "--",
      ...(paths.length > 0 ? [".", ...paths] : []),
    ],
    {
      signal,
      stdin: "",
      isMemoryLimited: true,
      settings: [
        "core.quotePath=true",
        `core.bigFileThreshold=${maxFileBytes}`,
        // Some versions take attributes from HEAD in a bare repository, and `-diff` there would hide a file from us.
        `attr.tree=${emptyTree(after.length)}`,
      ],
    },
  );
  const parser = createDiffParser(limits);
  for await (const piece of stream.stdout)
    if (!parser.push(piece as Buffer)) {
      stream.stop();
      break;
    }
  await stream.done;
  return parser.end().diff;
}

/** Git calls files binary that are too large for it to look into. */
function markLarge(
  files: readonly FileDiff[],
  sizes: ReadonlyMap<string, number>,
): { readonly files: readonly FileDiff[]; readonly warnings: readonly DiffWarning[] } {
  const isLarge = (oid: string | null): boolean => oid !== null && (sizes.get(oid) ?? 0) >= maxFileBytes;
  const warnings: DiffWarning[] = [];
  const marked = files.map((file) => {
    if (!file.isBinary || !(isLarge(file.oldOid) || isLarge(file.newOid))) return file;
    warnings.push({
      code: "file-too-large",
      message: `${file.path} has ${maxFileBytes} bytes or more; its lines were not compared.`,
      path: file.path,
    });
    return { ...file, isBinary: false, isCut: true };
  });
  return { files: marked, warnings };
}

function describeUnread(change: RawChange): FileDiff {
  const oldMode = change.oldMode === "000000" ? null : change.oldMode;
  const newMode = change.newMode === "000000" ? null : change.newMode;
  const isSameType = oldMode?.slice(0, 3) === newMode?.slice(0, 3);
  return {
    path: change.path,
    oldPath: null,
    status:
      oldMode === null ? "added" : newMode === null ? "deleted" : isSameType ? "modified" : "type-changed",
    oldMode,
    newMode,
    oldOid: oldMode === null ? null : change.oldOid,
    newOid: newMode === null ? null : change.newOid,
    isBinary: false,
    isSubmodule: oldMode === "160000" || newMode === "160000",
    hunks: [],
    addedLines: 0,
    removedLines: 0,
    isCut: true,
  };
}

function warnOfUnread(missing: readonly RawChange[], cannotExclude: boolean): DiffWarning[] {
  if (cannotExclude)
    return [
      {
        code: "missing-blobs",
        message: `Contents of ${missing.length} changed files are missing from this repository; no lines could be compared.`,
      },
    ];
  return missing.map(({ path }) => ({
    code: "missing-blob",
    message: `A content of ${path} is missing from this repository; its lines could not be compared.`,
    path,
  }));
}
