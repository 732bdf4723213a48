/** What a `serve` process does. */
export type Role = "api" | "worker" | "scheduler";

export interface ServeOptions {
  readonly roles: readonly Role[];
  readonly host: string;
  readonly port: number;
}

export interface RunningServer {
  /** Address of the API; null without that role. */
  readonly url: string | null;
  /** Resolves when it has stopped, after `signal` of `serve` was aborted: jobs are finished or put back. Rejects when it cannot go on. */
  readonly stopped: Promise<void>;
}

/** Starts the roles in this process. @throws AppError `port-in-use`, `bind-refused` and those of `Services.platform` */
export type Serve = (options: ServeOptions, signal: AbortSignal) => Promise<RunningServer>;
