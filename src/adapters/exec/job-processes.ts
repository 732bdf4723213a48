import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { AppError, isAppError, toAppError } from "../../base/errors.ts";
import type { FromJobProcess, JobProcessRequest, ToJobProcess } from "../../contracts/job-channel.ts";
import type { AttemptEnd, AttemptHooks, AttemptTask, JobRunner } from "../../contracts/job-runner.ts";
import type { Log } from "../../contracts/log.ts";

export interface JobProcessSettings {
  /** The module that a job process runs. */
  readonly programUrl: URL;
  /** Sent to each process before its first job. */
  readonly init: Extract<ToJobProcess, { type: "init" }>;
  readonly memoryBytes: number;
  /** An idle process is ended after this. */
  readonly idleMs: number;
  /** Time that an aborted attempt gets to end by itself. */
  readonly graceMs: number;
  readonly log: Log;
}

interface JobProcess {
  readonly child: ChildProcess;
  /** Process groups it has running. */
  readonly groups: Set<number>;
  idleTimer: NodeJS.Timeout | null;
}

const watchMs = 1_000;
const dismissMs = 2_000;
const pageBytes = 4_096;

/**
 * Runs each attempt in a process of its own, so that one that dies, loops or eats memory takes nobody along and can
 * always be ended. Processes are kept and used again while they behave.
 */
export function createJobProcesses(settings: JobProcessSettings): JobRunner & { warm(): void } {
  const idle: JobProcess[] = [];
  const all = new Set<JobProcess>();

  function start(): JobProcess {
    const child = fork(settings.programUrl, {
      // A group of its own: Ctrl-C in a terminal reaches the worker alone, which then says what to do.
      detached: true,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [...process.execArgv, `--max-old-space-size=${Math.ceil(settings.memoryBytes / 2 ** 20)}`],
    });
    const one: JobProcess = { child, groups: new Set(), idleTimer: null };
    all.add(one);
    child.on("message", (message: FromJobProcess) => {
      if (message.type !== "group") return;
      if (message.isRunning) one.groups.add(message.pid);
      else one.groups.delete(message.pid);
    });
    child.on("error", (error) => settings.log.warn("job process error", { error }));
    // Not "close": that never comes once we have disconnected.
    child.once("exit", () => {
      all.delete(one);
      if (one.idleTimer) clearTimeout(one.idleTimer);
      if (idle.includes(one)) idle.splice(idle.indexOf(one), 1);
      // What it had started would go on by itself.
      for (const pid of one.groups) signalGroup(pid, "SIGKILL");
    });
    send(one, settings.init);
    return one;
  }

  function release(one: JobProcess): void {
    if (one.child.exitCode !== null || one.child.signalCode !== null || !one.child.connected) return;
    idle.push(one);
    one.idleTimer = setTimeout(() => {
      // Until its end is noticed it would still be taken for a job.
      idle.splice(idle.indexOf(one), 1);
      dismiss(one);
    }, settings.idleMs);
    one.idleTimer.unref();
  }

  function acquire(): JobProcess {
    const one = idle.pop() ?? start();
    if (one.idleTimer) clearTimeout(one.idleTimer);
    one.idleTimer = null;
    return one;
  }

  return {
    warm() {
      if (idle.length === 0) release(start());
    },
    run(task, hooks, signal) {
      const one = acquire();
      return runIn(one, task, hooks, signal, settings).finally(() => release(one));
    },
    async close() {
      const closing = [...all].map((one) => new Promise((resolve) => one.child.once("exit", resolve)));
      for (const one of all) dismiss(one);
      await Promise.all(closing);
    },
  };
}

function runIn(
  one: JobProcess,
  task: AttemptTask,
  hooks: AttemptHooks,
  signal: AbortSignal,
  settings: JobProcessSettings,
): Promise<AttemptEnd> {
  return new Promise((resolve) => {
    let killer: NodeJS.Timeout | null = null;
    let tooLarge: AppError | null = null;
    const watch = setInterval(() => {
      const bytes = residentBytes(one.child.pid);
      if (bytes === null || bytes <= settings.memoryBytes) return;
      tooLarge = new AppError(
        "memory-limit",
        `The job used ${Math.round(bytes / 2 ** 20)} MB; worker.memory allows ${Math.round(settings.memoryBytes / 2 ** 20)} MB.`,
      );
      kill(one);
    }, watchMs);

    function finish(end: AttemptEnd): void {
      clearInterval(watch);
      if (killer) clearTimeout(killer);
      signal.removeEventListener("abort", onAbort);
      one.child.off("message", onMessage);
      one.child.off("close", onClose);
      resolve(end);
    }

    function onMessage(message: FromJobProcess): void {
      if (message.type === "progress") hooks.progress(message.fraction, message.message);
      else if (message.type === "log") hooks.log(message.level, message.message, message.fields);
      else if (message.type === "call") void answer(message.call, message.request);
      else if (message.type === "end") finish(message.end);
    }

    async function answer(call: number, request: JobProcessRequest): Promise<void> {
      try {
        send(one, { type: "reply", call, value: await perform(request, hooks) });
      } catch (thrown) {
        const error = toAppError(thrown);
        send(one, { type: "refuse", call, code: error.code, message: error.message });
      }
    }

    function onClose(code: number | null, signalName: NodeJS.Signals | null): void {
      if (tooLarge)
        finish({
          kind: "failed",
          error: { code: tooLarge.code, message: tooLarge.message, help: tooLarge.help, retry: false },
        });
      else
        finish({
          kind: "crashed",
          message: `The process that ran the job ended with ${signalName ?? `exit code ${code ?? "?"}`}.`,
        });
    }

    function onAbort(): void {
      const reason = isAppError(signal.reason) ? signal.reason : new AppError("cancelled", "Cancelled.");
      send(one, { type: "abort", code: reason.code, message: reason.message });
      killer = setTimeout(() => kill(one), settings.graceMs);
    }

    one.child.on("message", onMessage);
    one.child.once("close", onClose);
    if (one.child.exitCode !== null || one.child.signalCode !== null)
      onClose(one.child.exitCode, one.child.signalCode);
    else {
      send(one, { type: "run", task });
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    }
  });
}

function perform(request: JobProcessRequest, hooks: AttemptHooks): Promise<unknown> {
  if (request.method === "saveStep") return hooks.saveStep(request.name, request.checkpoint);
  if (request.method === "saveCommit") return hooks.saveCommit(request.commit);
  if (request.method === "recall") return hooks.recall(request.key);
  if (request.method === "store") return hooks.store(request);
  return hooks.remember(request.key, request.value, request.lifeMs);
}

/** A process that is gone is noticed by its `close`. */
function send(one: JobProcess, message: ToJobProcess): void {
  if (one.child.connected) one.child.send(message, () => {});
}

/** Lets a process that has nothing to do tidy up, such as send its last traces. */
function dismiss(one: JobProcess): void {
  if (one.child.connected) one.child.disconnect();
  const timer = setTimeout(() => kill(one), dismissMs);
  one.child.once("exit", () => clearTimeout(timer));
}

function kill(one: JobProcess): void {
  // First the one that would otherwise see its programs die, and call that a failure of the job.
  signalGroup(one.child.pid, "SIGKILL");
  for (const pid of one.groups) signalGroup(pid, "SIGKILL");
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

/** Null where the system does not tell. */
function residentBytes(pid: number | undefined): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * pageBytes;
  } catch {
    return null;
  }
}
