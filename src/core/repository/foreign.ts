import { constants } from "node:fs";
import { access, lstat, open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { AppError } from "../../base/errors.ts";

/** A repository of somebody else's, found by looking at files only. Git is never run in it. */
export interface ForeignRepository {
  /** Holds HEAD and the index; for a linked work tree not the same as `commonDir`. */
  readonly gitDir: string;
  /** Holds objects and refs. */
  readonly commonDir: string;
  readonly workTree: string | null;
}

const maxPointerBytes = 4_096;
const maxRefs = 200_000;

/**
 * Finds the repository that `path` is in, walking up as Git does.
 * @throws AppError `not-a-repository`, `permission-denied`
 */
export async function findForeign(path: string): Promise<ForeignRepository> {
  const start = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EACCES")
      throw new AppError("permission-denied", `${path} may not be read.`, {}, error);
    if (error.code === "ELOOP")
      throw new AppError("not-a-repository", `${path} is a loop of symbolic links.`, {}, error);
    throw new AppError("not-a-repository", `${path} does not exist.`, {}, error);
  });
  if (!(await stat(start)).isDirectory())
    throw new AppError("not-a-repository", `${path} is a file; a folder was expected.`);
  await access(start, constants.R_OK | constants.X_OK).catch((error: unknown) => {
    throw new AppError("permission-denied", `${path} may not be read.`, {}, error);
  });
  for (let folder = start; ; folder = dirname(folder)) {
    const dotGit = join(folder, ".git");
    const found = (await gitDirAt(dotGit)) ?? null;
    if (found) return await withCommonDir(found, folder);
    if (await looksLikeGitDir(folder)) {
      // Inside a `.git` folder: the work tree is the folder around it.
      return await withCommonDir(folder, basename(folder) === ".git" ? dirname(folder) : null);
    }
    if (dirname(folder) === folder)
      throw new AppError("not-a-repository", `${path} is not inside a Git repository.`);
  }
}

async function gitDirAt(dotGit: string): Promise<string | null> {
  const info = await stat(dotGit).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EACCES")
      throw new AppError("permission-denied", `${dotGit} may not be read.`, {}, error);
    return null;
  });
  if (!info) return null;
  if (info.isDirectory()) {
    if (await looksLikeGitDir(dotGit)) return dotGit;
    await access(dotGit, constants.R_OK | constants.X_OK).catch((error: unknown) => {
      throw new AppError("permission-denied", `${dotGit} may not be read.`, {}, error);
    });
    return null;
  }
  const text = await readSmall(dotGit);
  const target = /^gitdir: (.+)$/m.exec(text)?.[1]?.trim();
  if (target === undefined)
    throw new AppError(
      "not-a-repository",
      `${dotGit} is a file but does not say where the repository is (gitdir: …).`,
    );
  const folder = isAbsolute(target) ? target : resolve(dirname(dotGit), target);
  if (!(await looksLikeGitDir(folder)))
    throw new AppError("not-a-repository", `${dotGit} points at ${folder}, which is not a Git folder.`);
  return folder;
}

async function looksLikeGitDir(folder: string): Promise<boolean> {
  const head = await lstat(join(folder, "HEAD")).catch(() => null);
  if (!head) return false;
  const isLinked = await stat(join(folder, "commondir")).catch(() => null);
  if (isLinked) return true;
  const [objects, refs] = await Promise.all([
    stat(join(folder, "objects")).catch(() => null),
    stat(join(folder, "refs")).catch(() => null),
  ]);
  return objects?.isDirectory() === true && refs?.isDirectory() === true;
}

async function withCommonDir(gitDir: string, workTree: string | null): Promise<ForeignRepository> {
  const pointer = await readSmall(join(gitDir, "commondir")).catch(() => null);
  return { gitDir, commonDir: pointer === null ? gitDir : resolve(gitDir, pointer.trim()), workTree };
}

async function readSmall(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxPointerBytes), 0, maxPointerBytes, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

export interface ForeignRefs {
  /** Full commit id, or `ref: refs/heads/x`. */
  readonly head: string;
  /** Contents for our own packed-refs. */
  readonly packedRefs: string;
  /** Contents of `shallow`, or null. */
  readonly shallow: string | null;
  readonly objectFormat: "sha1" | "sha256";
  readonly hasPromisor: boolean;
}

/** Reads HEAD, refs and what shapes the object store, as files. Broken refs are left out. */
export async function readForeignRefs(foreign: ForeignRepository): Promise<ForeignRefs> {
  const refs = new Map<string, string>();
  const packed = await readFile(join(foreign.commonDir, "packed-refs"), "utf8").catch(() => "");
  for (const line of packed.split("\n")) {
    const match = /^([0-9a-f]{40}|[0-9a-f]{64}) (refs\/\S+)$/.exec(line);
    if (match) refs.set(match[2]!, match[1]!);
  }
  await readLooseRefs(foreign.commonDir, "refs", refs);
  const head = await readHead(foreign.gitDir);
  const config = await readFile(join(foreign.commonDir, "config"), "utf8").catch(() => "");
  const shallow = await readFile(join(foreign.commonDir, "shallow"), "utf8").catch(() => null);
  const lines = [...refs]
    .filter(([name]) => !/[\u0000-\u0020\u007f]/.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    head,
    packedRefs: `# pack-refs with: sorted \n${lines.map(([name, oid]) => `${oid} ${name}\n`).join("")}`,
    shallow: shallow === null || shallow.trim() === "" ? null : shallow,
    // Read as text on purpose: what else stands in this file must never reach Git.
    objectFormat: /^\s*objectformat\s*=\s*sha256\s*$/im.test(config) ? "sha256" : "sha1",
    hasPromisor: /^\s*promisor\s*=\s*true\s*$/im.test(config) || /^\s*partialclone\s*=/im.test(config),
  };
}

async function readHead(gitDir: string): Promise<string> {
  const text = (await readSmall(join(gitDir, "HEAD"))).trim();
  if (/^ref: refs\/[^\u0000-\u0020\u007f]+$/.test(text) || /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text))
    return text;
  throw new AppError("repository-damaged", `${join(gitDir, "HEAD")} is neither a branch nor a commit id.`);
}

async function readLooseRefs(commonDir: string, folder: string, refs: Map<string, string>): Promise<void> {
  const entries = await readdir(join(commonDir, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (refs.size >= maxRefs) return;
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) await readLooseRefs(commonDir, name, refs);
    else if (entry.isFile() && !entry.name.endsWith(".lock")) {
      const text = (await readSmall(join(commonDir, name)).catch(() => "")).trim();
      if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text)) refs.set(name, text);
    }
  }
}
