import { createBatch } from "../../base/batch.ts";
import type { Diff, FileDiff } from "../../contracts/diff.ts";
import type { Git } from "../../contracts/git.ts";
import type { Repository } from "../../contracts/repository.ts";
import type { ReviewedChange, ReviewedFile, ReviewedReferences } from "../../contracts/review-rule.ts";
import { createAttributes } from "../repository/languages/attributes.ts";
import { isGeneratedContent } from "../repository/languages/generated.ts";
import { pathTraits } from "../repository/languages/path-traits.ts";
import { listFiles, readContents } from "./read-at-commit.ts";
import { createReviewedFile } from "./reviewed-file.ts";

export interface ChangeLimits {
  /** Larger files are not looked at. */
  readonly fileBytes: number;
  /** Contents that are looked at in all. */
  readonly totalBytes: number;
  readonly paths: number;
}

export interface OpenedChange {
  readonly change: ReviewedChange;
  readonly notes: readonly string[];
}

/** A change of which only the patch is known. */
export function openPatch(diff: Diff): OpenedChange {
  const files = diff.files.map((file) => createReviewedFile(file, null, {}));
  return {
    change: {
      files,
      file: finder(files),
      before: async () => null,
      read: async (path) => finder(files)(path)?.text ?? null,
      paths: async () => null,
      references: null,
    },
    notes: [],
  };
}

/**
 * A change in a repository, with the contents of what it added to. `base` is the commit that the diff starts from, null for
 * the empty tree. Everything that could tell us to look away (attributes) is read from there, not from the change.
 */
export async function openChange(
  diff: Diff,
  repository: Repository,
  base: string | null,
  options: {
    readonly git: Git;
    readonly limits: ChangeLimits;
    readonly references: ReviewedReferences | null;
    readonly signal: AbortSignal;
  },
): Promise<OpenedChange> {
  const { git, limits, signal } = options;
  const { gitDir } = repository;
  const reading = { maxBytes: limits.fileBytes, maxTotalBytes: limits.totalBytes, signal };
  const [attributes, contents] = await Promise.all([readAttributes(), readAdded()]);
  const files = await distrustMarks(
    diff.files.map((file) => createReviewedFile(file, contentOf(file), attributes(file.path))),
  );
  const unread = files.filter((file) => isWanted(file.diff) && contentOf(file.diff) === null);
  const find = finder(files);
  // Each reading costs two processes, so what is asked for at the same time is read together.
  const readOne = createBatch({ maxItems: 500, concurrency: 1 }, async (oids: readonly string[]) => {
    const found = await readContents(repository, oids, git, reading);
    return oids.map((oid) => found.get(oid) ?? null);
  });
  let listing: Promise<ReadonlyMap<string, string>> | null = null;
  let former: Promise<ReadonlyMap<string, Buffer>> | null = null;

  return {
    change: {
      files,
      file: find,
      async before(path) {
        const file = find(path)?.diff;
        if (file === undefined) return readUnchanged(path);
        return file.oldOid === null || file.status === "added" ? null : readFormer(file.oldOid);
      },
      async read(path) {
        const file = find(path)?.diff;
        if (file === undefined || file.path !== path) return readUnchanged(path);
        return file.newOid === null || file.status === "deleted" ? null : readText(file.newOid);
      },
      async paths() {
        const paths = new Set((await unchanged()).keys());
        for (const file of diff.files) {
          if (file.status === "deleted") paths.delete(file.path);
          else paths.add(file.path);
          if (file.status === "renamed") paths.delete(file.oldPath!);
        }
        return [...paths];
      },
      references: options.references,
    },
    notes:
      unread.length === 0
        ? []
        : [
            `${unread.length} of ${files.length} files were looked at in part only, because their contents are missing or too large: ${unread
              .slice(0, 3)
              .map((file) => file.path)
              .join(", ")}${unread.length > 3 ? ", …" : ""}.`,
          ],
  };

  /** A file that was written by hand does not become generated because the change says so, with a header or a very long line. */
  async function distrustMarks(seen: readonly ReviewedFile[]): Promise<readonly ReviewedFile[]> {
    const marked = seen.filter(
      ({ role, path, diff: { oldOid, status } }) =>
        role === "generated" &&
        oldOid !== null &&
        status !== "added" &&
        attributes(path).generated === undefined &&
        !pathTraits(path).generatedByPath,
    );
    if (marked.length === 0) return seen;
    const before = await readContents(
      repository,
      marked.map((file) => file.diff.oldOid!),
      git,
      reading,
    );
    const wasWritten = new Set(
      marked.filter(({ oldPath, path, diff: { oldOid } }) => {
        const old = before.get(oldOid!);
        return old !== undefined && !isGeneratedContent(oldPath ?? path, old);
      }),
    );
    return seen.map((file) =>
      wasWritten.has(file)
        ? createReviewedFile(file.diff, contentOf(file.diff), attributes(file.path), false)
        : file,
    );
  }

  function contentOf(file: FileDiff): Buffer | null {
    return isWanted(file) ? (contents.get(file.newOid!) ?? null) : null;
  }

  async function readAdded(): Promise<ReadonlyMap<string, Buffer>> {
    const oids = diff.files.filter(isWanted).map((file) => file.newOid!);
    return readContents(repository, oids, git, reading);
  }

  /** All at once when the first is asked for: one by one each would cost two processes. */
  async function readFormer(oid: string): Promise<string | null> {
    former ??= readContents(
      repository,
      diff.files.flatMap((file) =>
        file.isBinary || file.isSubmodule || file.status === "added" ? [] : (file.oldOid ?? []),
      ),
      git,
      reading,
    );
    return (await former).get(oid)?.toString("utf8") ?? readText(oid);
  }

  async function readAttributes(): Promise<ReturnType<typeof createAttributes>> {
    if (base === null) return createAttributes([]);
    const folders = new Set([""]);
    for (const { path } of diff.files)
      for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1))
        folders.add(path.slice(0, slash + 1));
    const paths = [...folders].map((folder) => `${folder}.gitattributes`);
    const found = await listFiles(gitDir, base, git, { paths, limit: paths.length, signal });
    if (found.length === 0) return createAttributes([]);
    const texts = await readContents(
      repository,
      found.map(({ oid }) => oid),
      git,
      reading,
    );
    return createAttributes(
      found.map(({ path, oid }) => ({ path, text: texts.get(oid)?.toString("utf8") ?? "" })),
    );
  }

  /** Paths of the base with their blobs: what the change does not touch is the same on both sides. */
  function unchanged(): Promise<ReadonlyMap<string, string>> {
    return (listing ??=
      base === null
        ? Promise.resolve(new Map())
        : listFiles(gitDir, base, git, { limit: limits.paths, signal }).then(
            (found) => new Map(found.map(({ path, oid }) => [path, oid])),
          ));
  }

  async function readUnchanged(path: string): Promise<string | null> {
    const oid = (await unchanged()).get(path);
    return oid === undefined ? null : readText(oid);
  }

  async function readText(oid: string): Promise<string | null> {
    return (contents.get(oid) ?? (await readOne(oid)))?.toString("utf8") ?? null;
  }
}

/** Whether there is something to read. Files that only lose lines count: who asks what is left must see all of it. */
function isWanted(file: FileDiff): boolean {
  return (
    file.status !== "deleted" &&
    !file.isBinary &&
    !file.isSubmodule &&
    file.newOid !== null &&
    (file.addedLines > 0 || file.removedLines > 0 || file.isCut)
  );
}

function finder(files: readonly ReviewedFile[]): (path: string) => ReviewedFile | undefined {
  const byPath = new Map<string, ReviewedFile>();
  for (const file of files) {
    if (file.oldPath !== null && file.diff.status === "renamed") byPath.set(file.oldPath, file);
  }
  for (const file of files) byPath.set(file.path, file);
  return (path) => byPath.get(path);
}
