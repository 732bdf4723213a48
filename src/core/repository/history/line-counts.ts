import { formatCount } from "../../../base/text.ts";
import { AppError, isAppError } from "../../../base/errors.ts";
import type { Cache } from "../../../contracts/cache.ts";
import type { Git } from "../../../contracts/git.ts";
import type { OnProgress } from "../../../contracts/repository.ts";
import { readSizes } from "../tree.ts";
import {
  createNumstatLane,
  createNumstatReader,
  readLines,
  startNumstat,
  writeLines,
  type CommitLines,
  type NumstatOptions,
} from "./numstat.ts";

export interface CountLinesOptions extends NumstatOptions {
  readonly useCache: boolean;
  /** Git processes side by side. */
  readonly processes: number;
  readonly onProgress: OnProgress;
}

export interface CountedLines {
  readonly linesOf: ReadonlyMap<string, CommitLines>;
  /** Commits whose contents are missing. */
  readonly unknown: ReadonlySet<string>;
}

const commitsPerChunk = 250;
const maxRestarts = 200;

/**
 * Lines added and deleted by each commit, as `git log --numstat` counts them with Git's defaults. A commit never
 * changes, so each is counted once and kept for ever; an interrupted count goes on where it stopped. Commits are
 * taken in the order given (newest first). Missing contents cost the commit they belong to, not the run.
 */
export async function countCommitLines(
  gitDir: string,
  commits: readonly string[],
  git: Git,
  cache: Cache,
  options: CountLinesOptions,
): Promise<CountedLines> {
  const space = `commit-lines/1${options.attributes === null ? "" : `/${options.attributes.hash}`}`;
  const linesOf = new Map<string, CommitLines>();
  if (options.useCache)
    for (const [oid, bytes] of cache.getMany(space, commits)) linesOf.set(oid, decode(bytes));
  const open = commits.filter((oid) => !linesOf.has(oid));
  const unknown = new Set<string>();
  const lanes = splitWork(open, options.processes);
  let counted = commits.length - open.length;
  const report = (): void =>
    options.onProgress({
      stage: "lines",
      fraction: counted / Math.max(1, commits.length),
      message: `Counting changed lines, ${formatCount(counted)} of ${formatCount(commits.length)} commits`,
    });
  if (open.length > 0) report();

  // When one lane fails the others must not go on counting for nobody.
  const stopping = new AbortController();
  const laneOptions = { ...options, signal: AbortSignal.any([options.signal, stopping.signal]) };

  async function runLane(own: string[][]): Promise<void> {
    const lane = createNumstatLane(gitDir, git, laneOptions);
    for (let chunk = takeChunk(own, lanes); chunk; chunk = takeChunk(own, lanes)) {
      const found = (await lane.count(chunk)) ?? (await countChunk(gitDir, chunk, git, laneOptions));
      for (const [oid, lines] of found) linesOf.set(oid, lines);
      for (const oid of chunk) if (!found.has(oid)) unknown.add(oid);
      cache.putMany(
        space,
        [...found].map(([oid, lines]) => [oid, encode(lines)] as const),
      );
      counted += chunk.length;
      report();
    }
    await lane.close();
  }
  await Promise.all(lanes.map(runLane)).finally(() => stopping.abort());
  return { linesOf, unknown };
}

/**
 * One stretch of history for each process: neighbours share what Git has to unpack. Within a stretch newest first.
 */
function splitWork(commits: readonly string[], processes: number): string[][][] {
  const perLane = Math.max(commitsPerChunk, Math.ceil(commits.length / processes));
  const lanes: string[][][] = [];
  for (let start = 0; start < commits.length; start += perLane) {
    const lane: string[][] = [];
    const end = Math.min(commits.length, start + perLane);
    for (let at = start; at < end; at += commitsPerChunk)
      lane.push(commits.slice(at, Math.min(end, at + commitsPerChunk)));
    lanes.push(lane);
  }
  return lanes;
}

/** The next chunk of a lane; one that is done helps the lane that has most left, from that lane's far end. */
function takeChunk(own: string[][], lanes: readonly string[][][]): string[] | undefined {
  if (own.length > 0) return own.shift();
  return lanes.reduce((most, lane) => (lane.length > most.length ? lane : most)).pop();
}

/** Counts one chunk; commits that cannot be counted are left out of the answer. */
async function countChunk(
  gitDir: string,
  chunk: readonly string[],
  git: Git,
  options: CountLinesOptions,
): Promise<Map<string, CommitLines>> {
  const found = new Map<string, CommitLines>();
  let left = chunk;
  for (let attempt = 0; left.length > 0 && attempt < maxRestarts; attempt++) {
    const { reached, error } = await runNumstat(gitDir, left, git, options, found);
    if (error === null) {
      // A commit without a line of output changes nothing.
      for (const oid of left) if (!found.has(oid)) found.set(oid, { added: 0, deleted: 0 });
      return found;
    }
    const firstBad = reached < 0 ? 0 : reached;
    for (const oid of left.slice(0, firstBad)) if (!found.has(oid)) found.set(oid, { added: 0, deleted: 0 });
    // What Git wrote of the commit it died in is not the whole.
    for (const oid of left.slice(firstBad)) found.delete(oid);
    const rest = left.slice(firstBad);
    if (error.code === "memory-limit") {
      left = await skipTooLarge(rest);
      continue;
    }
    const incomplete = await commitsWithMissingBlobs(gitDir, rest, git, options.signal);
    left = incomplete.size > 0 ? rest.filter((oid) => !incomplete.has(oid)) : rest.slice(1);
  }
  return found;

  /** What comes after the first commit that Git has not the memory for, counting those before it one by one. */
  async function skipTooLarge(commits: readonly string[]): Promise<readonly string[]> {
    for (const [index, oid] of commits.entries()) {
      const { error } = await runNumstat(gitDir, [oid], git, options, found);
      if (error !== null) {
        found.delete(oid);
        return commits.slice(index + 1);
      }
      if (!found.has(oid)) found.set(oid, { added: 0, deleted: 0 });
    }
    return [];
  }
}

/** `reached` is the index of the last commit that was begun; -1 when none was. */
async function runNumstat(
  gitDir: string,
  commits: readonly string[],
  git: Git,
  options: CountLinesOptions,
  found: Map<string, CommitLines>,
): Promise<{ reached: number; error: AppError | null }> {
  const stream = startNumstat(gitDir, git, options);
  const writing = writeLines(stream, commits).then(() => stream.stdin.end());
  const indexOf = new Map(commits.map((oid, index) => [oid, index]));
  let reached = -1;
  const reader = createNumstatReader(found, (oid) => (reached = indexOf.get(oid) ?? reached));
  for await (const line of readLines(stream)) reader.line(line);
  reader.finish();
  await writing;
  try {
    await stream.done;
    return { reached, error: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "cancelled" || error.code === "time-limit")
      throw error;
    return { reached, error };
  }
}

/** Which of the commits touch a blob that is not there. Trees are read, contents are not. */
async function commitsWithMissingBlobs(
  gitDir: string,
  commits: readonly string[],
  git: Git,
  signal: AbortSignal,
): Promise<Set<string>> {
  const output = await git
    .text(gitDir, ["diff-tree", "--stdin", "-r", "--root", "--raw", "--no-abbrev", "--no-renames"], {
      signal,
      isMemoryLimited: true,
      stdin: `${commits.join("\n")}\n`,
    })
    .catch((error: unknown) => {
      // The caller then leaves out one commit after the other.
      if (isAppError(error, "memory-limit", "git-failed", "repository-damaged")) return "";
      throw error;
    });
  const blobsOf = new Map<string, string[]>();
  let blobs: string[] = [];
  for (const line of output.split("\n")) {
    if (line.startsWith(":")) {
      const [oldMode, newMode, oldOid, newOid] = line.slice(1).split(" ");
      if (oldMode !== "160000" && !/^0+$/.test(oldOid!)) blobs.push(oldOid!);
      if (newMode !== "160000" && !/^0+$/.test(newOid!)) blobs.push(newOid!);
    } else if (line !== "") blobsOf.set(line, (blobs = []));
  }
  const present = await readSizes(gitDir, [...blobsOf.values()].flat(), git, signal);
  return new Set(
    [...blobsOf].filter(([, oids]) => oids.some((oid) => !present.has(oid))).map(([oid]) => oid),
  );
}

function encode(lines: CommitLines): Uint8Array {
  const bytes = Buffer.allocUnsafe(12);
  bytes.writeUIntLE(lines.added, 0, 6);
  bytes.writeUIntLE(lines.deleted, 6, 6);
  return bytes;
}

function decode(bytes: Uint8Array): CommitLines {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { added: buffer.readUIntLE(0, 6), deleted: buffer.readUIntLE(6, 6) };
}
