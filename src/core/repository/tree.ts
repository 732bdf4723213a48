import { once } from "node:events";
import type { Writable } from "node:stream";
import { isAppError } from "../../base/errors.ts";
import { decodeName } from "../../base/text.ts";
import type { Git } from "../../contracts/git.ts";
import type { Snapshot, TreeEntry, Warning } from "../../contracts/repository.ts";
import { readNullTokens } from "./null-tokens.ts";

export interface Tree {
  readonly entries: readonly TreeEntry[];
  readonly warnings: readonly Warning[];
}

/** Names of files that are reported one by one; the rest are counted. */
const namedWarnings = 20;
/** Damaged contents that one reading goes on after. */
const maxDamaged = 100;

/**
 * All files of a snapshot with their sizes, at most `maxPaths` (a small pack can hold ten million paths).
 * A blob that is missing has size -1.
 */
export async function readTree(
  snapshot: Snapshot,
  git: Git,
  options: { readonly maxPaths: number; readonly signal: AbortSignal },
): Promise<Tree> {
  const { gitDir } = snapshot.repository;
  const warnings: Warning[] = [];
  const raw: { path: string; oid: string; kind: TreeEntry["kind"] }[] = [];
  let undecodable = 0;
  const listing = git.stream(gitDir, ["ls-tree", "-r", "-z", "--full-tree", snapshot.commit], {
    signal: options.signal,
    stdin: "",
  });
  const ended = await readNullTokens(listing.stdout, (token) => {
    if (raw.length >= options.maxPaths) return false;
    const tab = token.indexOf(9);
    const [mode, , oid] = token.toString("latin1", 0, tab).split(" ");
    const { text: path, exact } = decodeName(token.subarray(tab + 1));
    if (!exact && undecodable++ < namedWarnings)
      warnings.push({
        code: "undecodable-name",
        message: "This file name is not UTF-8; its bytes are shown as \\xNN.",
        path,
      });
    raw.push({ path, oid: oid!, kind: kindOf(mode!) });
    return true;
  });
  if (ended === "stopped") {
    listing.stop();
    warnings.push({
      code: "too-many-paths",
      message: `The tree has more than ${options.maxPaths} files (limits.paths); only the first ${options.maxPaths} were looked at.`,
    });
  }
  await listing.done;
  const sizes = await readSizes(
    gitDir,
    raw.filter((entry) => entry.kind !== "submodule").map((entry) => entry.oid),
    git,
    options.signal,
  );
  const entries = raw.map((entry) => ({
    ...entry,
    sizeBytes: entry.kind === "submodule" ? 0 : (sizes.get(entry.oid) ?? -1),
  }));
  return { entries, warnings };
}

function kindOf(mode: string): TreeEntry["kind"] {
  if (mode === "160000") return "submodule";
  if (mode === "120000") return "symlink";
  return mode === "100755" ? "executable" : "file";
}

/** Size in bytes of each object that is there; missing ones are left out. Reads no contents. */
export async function readSizes(
  gitDir: string,
  oids: readonly string[],
  git: Git,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const unique = [...new Set(oids)];
  if (unique.length === 0) return sizes;
  const check = git.stream(gitDir, ["cat-file", "--batch-check=%(objectname) %(objectsize)", "--buffer"], {
    signal,
    stdin: `${unique.join("\n")}\n`,
  });
  let rest = "";
  for await (const piece of check.stdout) {
    const lines = (rest + (piece as Buffer).toString("latin1")).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const space = line.indexOf(" ");
      const size = Number(line.slice(space + 1));
      if (Number.isInteger(size)) sizes.set(line.slice(0, space), size);
    }
  }
  await check.done;
  return sizes;
}

/**
 * Contents of blobs, in the order asked for, through one `cat-file --batch`. The caller leaves out what is missing
 * or too large. `onBlob` may return a promise to slow the reading down. Resolves to those that are damaged.
 */
export async function readBlobs(
  gitDir: string,
  oids: readonly string[],
  git: Git,
  signal: AbortSignal,
  onBlob: (oid: string, bytes: Buffer) => void | Promise<void>,
): Promise<readonly string[]> {
  const damaged: string[] = [];
  let left = oids;
  while (left.length > 0) {
    let answered = 0;
    const batch = git.stream(gitDir, ["cat-file", "--batch", "--buffer"], { signal });
    const feeding = feed(batch.stdin, left);
    const reader = createBatchReader(onBlob, () => void answered++);
    for await (const piece of batch.stdout) await reader(piece as Buffer);
    await feeding;
    try {
      await batch.done;
      break;
    } catch (error) {
      // Git ends at the first content it cannot unpack; the others are still wanted.
      if (!isAppError(error, "git-failed", "repository-damaged") || damaged.length === maxDamaged)
        throw error;
      damaged.push(left[answered]!);
      left = left.slice(answered + 1);
    }
  }
  return damaged;
}

/** Cuts the output of `cat-file --batch` into blobs. Contents are copied only where they span two pieces. */
function createBatchReader(
  onBlob: (oid: string, bytes: Buffer) => void | Promise<void>,
  onAnswer: () => void,
): (piece: Buffer) => Promise<void> {
  let head = Buffer.alloc(0);
  let blob: { readonly oid: string; readonly bytes: Buffer; filled: number } | null = null;
  let skipsNewline = false;
  return async (piece) => {
    let at = 0;
    while (at < piece.length) {
      if (skipsNewline) {
        at++;
        skipsNewline = false;
      } else if (blob) {
        const taken = piece.copy(blob.bytes, blob.filled, at);
        at += taken;
        blob.filled += taken;
        if (blob.filled < blob.bytes.length) return;
        onAnswer();
        await onBlob(blob.oid, blob.bytes);
        blob = null;
        skipsNewline = true;
      } else {
        const end = piece.indexOf(10, at);
        if (end < 0) {
          head = Buffer.concat([head, piece.subarray(at)]);
          return;
        }
        const [oid, type, size] = (head.toString("latin1") + piece.toString("latin1", at, end)).split(" ");
        head = Buffer.alloc(0);
        at = end + 1;
        if (type === "missing") {
          onAnswer();
          continue;
        }
        const sizeBytes = Number(size);
        if (piece.length - at < sizeBytes)
          blob = { oid: oid!, bytes: Buffer.allocUnsafeSlow(sizeBytes), filled: 0 };
        else {
          onAnswer();
          await onBlob(oid!, piece.subarray(at, at + sizeBytes));
          at += sizeBytes;
          skipsNewline = true;
        }
      }
    }
  };
}

async function feed(stdin: Writable, lines: readonly string[]): Promise<void> {
  const perWrite = 512;
  for (let start = 0; start < lines.length; start += perWrite) {
    const fits = stdin.write(`${lines.slice(start, start + perWrite).join("\n")}\n`);
    // That Git is gone is told by its end; a cancel must not become an unhandled EPIPE, nor a wait for ever.
    if (stdin.destroyed) return;
    if (!fits) await Promise.race([once(stdin, "drain"), once(stdin, "close")]).catch(() => {});
  }
  stdin.end();
}
