import type { LoadedConfig } from "../config/load.ts";
import type { ErrorCode } from "../base/errors.ts";
import type { AttemptEnd, AttemptTask, Checkpoint } from "./job-runner.ts";
import type { StoreRequest } from "./stores.ts";

/** What a worker says to a job process. */
export type ToJobProcess =
  | {
      readonly type: "init";
      readonly config: LoadedConfig;
      readonly version: string;
      readonly log: {
        readonly level: "debug" | "info" | "warn" | "error";
        readonly format: "json" | "pretty";
      };
    }
  | { readonly type: "run"; readonly task: AttemptTask }
  | { readonly type: "abort"; readonly code: ErrorCode; readonly message: string }
  | { readonly type: "reply"; readonly call: number; readonly value: unknown }
  | { readonly type: "refuse"; readonly call: number; readonly code: ErrorCode; readonly message: string };

/** What a job process says to its worker. */
export type FromJobProcess =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly fraction: number | null; readonly message: string }
  | {
      readonly type: "log";
      readonly level: "info" | "warn";
      readonly message: string;
      readonly fields?: Readonly<Record<string, unknown>> | undefined;
    }
  /** Answered by `reply` or `refuse` with the same number. */
  | { readonly type: "call"; readonly call: number; readonly request: JobProcessRequest }
  /** A process group of its own that it started or that has ended: whoever survives it must end these. */
  | { readonly type: "group"; readonly pid: number; readonly isRunning: boolean }
  | { readonly type: "end"; readonly end: AttemptEnd };

export type JobProcessRequest =
  | { readonly method: "saveStep"; readonly name: string; readonly checkpoint: Checkpoint }
  | { readonly method: "saveCommit"; readonly commit: string }
  | { readonly method: "recall"; readonly key: string }
  | ({ readonly method: "store" } & StoreRequest)
  | {
      readonly method: "remember";
      readonly key: string;
      readonly value: string;
      readonly lifeMs: number;
    };
