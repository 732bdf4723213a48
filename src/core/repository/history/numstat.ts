import { once } from "node:events";
import { AppError } from "../../../base/errors.ts";
import type { Git, GitStream } from "../../../contracts/git.ts";

export interface CommitLines {
  readonly added: number;
  readonly deleted: number;
}

export interface NumstatOptions {
  /** A file of `.gitattributes` lines that decide which paths count as binary, or null; see `diff-attributes.ts`. */
  readonly attributes: { readonly path: string; readonly hash: string } | null;
  readonly signal: AbortSignal;
}

/** Echoed by Git as it is, with everything before it flushed, because it is no commit id. */
const endMark = "end-of-chunk";
/** A process is replaced now and then, so that its time limit is about a piece of the work and not about its size. */
const maxChunksPerProcess = 40;
const minus = 45;

/** Starts a Git that counts the commits it is given on standard input. */
export function startNumstat(gitDir: string, git: Git, options: NumstatOptions): GitStream {
  return git.stream(
    gitDir,
    ["diff-tree", "--stdin", "-r", "--root", "--numstat", "-M", "--no-ext-diff", "--no-textconv"],
    {
      signal: options.signal,
      isMemoryLimited: true,
      ...(options.attributes === null
        ? {}
        : { settings: [`core.attributesFile=${options.attributes.path}`] }),
    },
  );
}

/**
 * Reads Git's answer line by line into `found`; a commit is there once the next one, or `finish`, shows that it is
 * whole. `onCommit` is told of each commit that is begun.
 */
export function createNumstatReader(
  found: Map<string, CommitLines>,
  onCommit: (oid: string) => void,
): { line(text: string): void; finish(): void } {
  let current: { oid: string; added: number; deleted: number } | null = null;
  const finish = (): void => {
    if (current) found.set(current.oid, { added: current.added, deleted: current.deleted });
    current = null;
  };
  return {
    finish,
    line(text) {
      const tab = text.indexOf("\t");
      if (tab < 0) {
        finish();
        onCommit(text);
        current = { oid: text, added: 0, deleted: 0 };
      } else if (current && text.charCodeAt(0) !== minus /* binary */) {
        current.added += Number(text.slice(0, tab));
        current.deleted += Number(text.slice(tab + 1, text.indexOf("\t", tab + 1)));
      }
    },
  };
}

/** One Git process that counts chunk after chunk and keeps what it has unpacked. */
export interface NumstatLane {
  /** Lines by commit, every commit of the chunk in it; null when Git could not go on, and nothing of it counts. */
  count(chunk: readonly string[]): Promise<Map<string, CommitLines> | null>;
  close(): Promise<void>;
}

export function createNumstatLane(gitDir: string, git: Git, options: NumstatOptions): NumstatLane {
  let running: { readonly stream: GitStream; readonly lines: AsyncIterator<string>; chunks: number } | null =
    null;

  async function close(): Promise<void> {
    const last = running;
    running = null;
    last?.stream.stdin.end();
    await last?.stream.done.catch(() => {});
  }

  return {
    close,
    async count(chunk) {
      if (running && running.chunks >= maxChunksPerProcess) await close();
      if (!running) {
        const stream = startNumstat(gitDir, git, options);
        running = { stream, lines: readLines(stream), chunks: 0 };
      }
      const { stream, lines } = running;
      running.chunks++;
      const found = new Map<string, CommitLines>();
      const reader = createNumstatReader(found, () => {});
      const writing = writeLines(stream, [...chunk, endMark]);
      for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
        if (next.value !== endMark) {
          reader.line(next.value);
          continue;
        }
        reader.finish();
        await writing;
        // A commit without a line of output changes nothing.
        for (const oid of chunk) if (!found.has(oid)) found.set(oid, { added: 0, deleted: 0 });
        return found;
      }
      running = null;
      await writing;
      await stream.done.catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code === "cancelled" || error.code === "time-limit")
          throw error;
      });
      return null;
    },
  };
}

export async function* readLines(stream: GitStream): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of stream.stdout) {
    const lines = (rest + (piece as Buffer).toString("latin1")).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

export async function writeLines(stream: GitStream, lines: readonly string[]): Promise<void> {
  if (stream.stdin.write(`${lines.join("\n")}\n`) || stream.stdin.destroyed) return;
  // That Git is gone is told by `done`; a cancel must not become an unhandled EPIPE, nor a wait for ever.
  await Promise.race([once(stream.stdin, "drain"), once(stream.stdin, "close")]).catch(() => {});
}
