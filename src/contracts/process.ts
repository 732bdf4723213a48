import type { Readable, Writable } from "node:stream";

export interface ProcessRequest {
  readonly program: string;
  /** Argument vector; never passed through a shell. */
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the child; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Most memory of its own that it may ask for; held by Linux only. The program must then say so itself. */
  readonly maxMemoryBytes?: number;
  readonly signal?: AbortSignal;
  /** Called with each piece of standard error as it comes, for progress. */
  readonly onStderr?: (text: string) => void;
}

export interface ProcessExit {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  /** The last 64 KiB of standard error. */
  readonly stderr: string;
  /** Why we ended it ourselves, if we did. */
  readonly endedBy: "time-out" | "cancel" | "kill" | null;
}

export interface RunningProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly exit: Promise<ProcessExit>;
  /** Ends the process and everything it started. */
  kill(): void;
}

/** The one door to other programs. */
export interface Processes {
  /** @throws AppError `git-missing`-like codes are the caller's to choose: a missing program rejects `exit` with ENOENT. */
  start(request: ProcessRequest): RunningProcess;
  /** Ends everything still running; for the end of the program. */
  killAll(): void;
}
