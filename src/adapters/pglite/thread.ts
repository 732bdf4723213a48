import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "../../base/errors.ts";
import type {
  EngineFailure,
  EngineOptions,
  EngineReply,
  EngineRequest,
  EngineResult,
  EngineTask,
} from "./messages.ts";

/** The engine in its thread, as seen from the main thread. */
export interface EngineThread {
  readonly version: string;
  /** Sends at once; the engine answers in the order of the calls. Rejects with the database's own error, or AppError. */
  ask(task: EngineTask): Promise<readonly EngineResult[]>;
  dump(): Promise<Uint8Array<ArrayBuffer>>;
  /** Ends the thread; what is not answered rejects. */
  terminate(): Promise<void>;
}

export interface ThreadOptions {
  readonly workerUrl: URL;
  readonly engine: EngineOptions;
  /** Longest time for one statement; the engine cannot be interrupted, so its thread is ended then. */
  readonly statementTimeoutMs: number;
  readonly onNotification: (channel: string, payload: string) => void;
  /** Called once, when nothing will be answered any more. */
  readonly onBroken: (error: AppError) => void;
}

interface Waiter {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly isTimed: boolean;
}

/** @throws AppError `database-unavailable`, `disk-full`, `permission-denied` */
export async function startEngine(options: ThreadOptions): Promise<EngineThread> {
  const waiting = new Map<number, Waiter>();
  const cacheDir = getCompileCacheDir();
  const worker = new Worker(options.workerUrl, {
    workerData: options.engine,
    // As for scanning threads: only so does the compile cache hold for the entry itself.
    env: cacheDir === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cacheDir) },
    // PGlite writes what PostgreSQL logs to standard output, where only data may go.
    stdout: true,
    stderr: true,
    // Flags of the program, such as --input-type, may be none that a thread takes.
    execArgv: [],
  });
  worker.stdout.resume();
  worker.stderr.resume();
  let end: AppError | null = null;
  let nextId = 0;
  let watch: NodeJS.Timeout | undefined;

  function breakOff(error: AppError): void {
    if (end) return;
    end = error;
    clearTimeout(watch);
    for (const waiter of waiting.values()) waiter.reject(error);
    waiting.clear();
    options.onBroken(error);
    void worker.terminate();
  }

  /** One timer for the request that is being answered: the oldest. */
  function watchOldest(): void {
    clearTimeout(watch);
    const oldest = waiting.values().next().value;
    if (!oldest?.isTimed) return;
    watch = setTimeout(
      () => breakOff(crash(`it did not answer for ${Math.round(options.statementTimeoutMs / 1000)} s`)),
      options.statementTimeoutMs,
    ).unref();
  }

  function take(id: number): Waiter | undefined {
    const waiter = waiting.get(id);
    waiting.delete(id);
    watchOldest();
    return waiter;
  }

  function send<T>(task: EngineTask): Promise<T> {
    if (end) return Promise.reject(end);
    const id = nextId++;
    return new Promise<T>((resolve, reject) => {
      const isTimed = task.kind === "query" || task.kind === "script";
      waiting.set(id, { resolve, reject, isTimed });
      if (waiting.size === 1) watchOldest();
      worker.postMessage({ ...task, id } satisfies EngineRequest, []);
    });
  }

  const opening = new Promise<string>((resolve, reject) => {
    worker.on("message", (reply: EngineReply) => {
      if (reply.kind === "notification") options.onNotification(reply.channel, reply.payload);
      else if (reply.kind === "done") take(reply.id)?.resolve(reply.results as never);
      else if (reply.kind === "failed") take(reply.id)?.reject(toError(reply.failure));
      else if (reply.kind === "dumped") take(reply.id)?.resolve(reply.bytes as never);
      else if (reply.kind === "opened") resolve(reply.version);
      else {
        const error = toBreak(reply.failure, options.engine.directory);
        reject(error);
        breakOff(error);
      }
    });
    worker.on("error", (error) => {
      reject(crash(error.message, error));
      breakOff(crash(error.message, error));
    });
    worker.on("exit", (code) => {
      const error = crash(`its thread ended with code ${code}`);
      reject(error);
      breakOff(error);
    });
  });
  let version: string;
  try {
    version = await opening;
  } catch (error) {
    // Whoever tries again must not meet the old thread on the same files.
    await worker.terminate();
    throw error;
  }
  return {
    version,
    ask: (task) => send(task),
    dump: () => send({ kind: "dump" }),
    async terminate() {
      breakOff(new AppError("database-unavailable", "The embedded database is closed."));
      await worker.terminate();
    },
  };
}

function crash(reason: string, cause?: unknown): AppError {
  return new AppError("database-unavailable", `The embedded database stopped: ${reason}.`, {}, cause);
}

function toError(failure: EngineFailure): Error {
  if (failure.code === "53100")
    return new AppError("disk-full", `The embedded database cannot write: ${failure.message}.`);
  const { name: _, ...fields } = failure.fields;
  return Object.assign(new Error(failure.message), fields, { code: failure.code });
}

function toBreak(failure: EngineFailure, directory: string): AppError {
  if (failure.code === "ENOSPC" || failure.code === "EDQUOT")
    return new AppError("disk-full", `The database in ${directory} cannot be opened: ${failure.message}.`);
  if (failure.code === "EACCES" || failure.code === "EPERM" || failure.code === "EROFS")
    return new AppError(
      "permission-denied",
      `The database in ${directory} cannot be opened: ${failure.message}.`,
    );
  return crash(failure.message);
}
