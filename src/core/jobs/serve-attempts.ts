import { AppError, type ErrorCode } from "../../base/errors.ts";
import type { JobDefinitions } from "../../contracts/job.ts";
import type { FromJobProcess, JobProcessRequest, ToJobProcess } from "../../contracts/job-channel.ts";
import type { AttemptHooks } from "../../contracts/job-runner.ts";
import type { Services } from "../../contracts/services.ts";
import type { StoreRequest } from "../../contracts/stores.ts";
import { runAttempt } from "./run-attempt.ts";

/** The job process's end of the channel: runs one attempt at a time and lets the worker do what needs the database. */
export function createAttemptServer(
  services: Services,
  kinds: JobDefinitions,
  send: (message: FromJobProcess) => void,
): {
  receive(message: ToJobProcess): void;
  abort(code: ErrorCode, message: string): void;
  /** For the stores of `services`. */
  store(request: StoreRequest): Promise<unknown>;
} {
  let stopping: AbortController | null = null;
  let calls = 0;
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();

  function call(request: JobProcessRequest): Promise<unknown> {
    const number = ++calls;
    return new Promise((resolve, reject) => {
      pending.set(number, { resolve, reject });
      send({ type: "call", call: number, request });
    });
  }

  const hooks: AttemptHooks = {
    progress: (fraction, message) => send({ type: "progress", fraction, message }),
    log: (level, message, fields) => send({ type: "log", level, message, fields: plain(fields) }),
    saveStep: async (name, checkpoint) => void (await call({ method: "saveStep", name, checkpoint })),
    saveCommit: async (commit) => void (await call({ method: "saveCommit", commit })),
    recall: async (key) => (await call({ method: "recall", key })) as string | null,
    remember: async (key, value, lifeMs) => void (await call({ method: "remember", key, value, lifeMs })),
    store,
  };

  function store({ store: name, operation, args }: StoreRequest): Promise<unknown> {
    return call({ method: "store", store: name, operation, args });
  }

  return {
    store,
    receive(message) {
      if (message.type === "run") {
        stopping = new AbortController();
        const definition = kinds.get(message.task.kind);
        if (!definition) throw new Error(`This process knows no kind ${message.task.kind}.`);
        void runAttempt(definition, message.task, services, hooks, stopping.signal).then((end) => {
          stopping = null;
          send({ type: "end", end });
        });
      } else if (message.type === "abort") this.abort(message.code, message.message);
      else if (message.type === "reply") {
        pending.get(message.call)?.resolve(message.value);
        pending.delete(message.call);
      } else if (message.type === "refuse") {
        pending.get(message.call)?.reject(new AppError(message.code, message.message));
        pending.delete(message.call);
      }
    },
    abort(code, message) {
      stopping?.abort(new AppError(code, message));
    },
  };
}

/** Fields may hold what cannot be sent, such as functions or errors. */
function plain(
  fields: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> | undefined {
  return fields && (JSON.parse(JSON.stringify(fields)) as Record<string, unknown>);
}
