import type { Readable, Writable } from "node:stream";

/** What a Git command may reach. Local commands can reach nothing: not even a lazy fetch of a missing blob. */
export interface GitRemoteAccess {
  /** The one protocol that is allowed. */
  readonly protocol: string;
  /** The address that was checked is the one that is used, whatever the name resolves to later. */
  readonly pinnedAddress?: { readonly host: string; readonly port: number | null; readonly address: string };
  /** Sent as `Authorization` to this URL prefix only; handed over through the environment. */
  readonly authorization?: { readonly urlPrefix: string; readonly header: string };
}

export interface GitOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly stdin?: string | Uint8Array;
  readonly remote?: GitRemoteAccess;
  /** Further `-c name=value` settings. */
  readonly settings?: readonly string[];
  /** Work tree and index to look at; the repository's own configuration is never read. */
  readonly workTree?: { readonly path: string; readonly indexFile: string };
  /** For commands that a hostile repository can make arbitrarily hungry: `memory-limit` instead of a full machine. */
  readonly isMemoryLimited?: boolean;
  readonly onStderr?: (text: string) => void;
  /** Exit codes beside 0 that are an answer: `git grep` says 1 when it finds nothing. */
  readonly answers?: readonly number[];
}

export interface GitStream {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Resolves when Git ended well; rejects with an AppError otherwise. */
  readonly done: Promise<void>;
  /** Ends Git when the reader has seen enough; `done` then resolves. */
  stop(): void;
}

/** The one door to Git. Every command runs with an environment of our own and without the user's configuration. */
export interface Git {
  /** Starts `git <args>` in the repository at `gitDir` (ours; null for commands that need none). */
  stream(gitDir: string | null, args: readonly string[], options?: GitOptions): GitStream;
  /** Standard output, decoded as UTF-8. @throws AppError `git-failed` and its more exact relatives */
  text(gitDir: string | null, args: readonly string[], options?: GitOptions): Promise<string>;
  /** Git's version as [major, minor]. @throws AppError `git-missing` */
  version(): Promise<readonly [number, number]>;
}
