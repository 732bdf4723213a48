import { spawn } from "node:child_process";
import type { ProcessExit, ProcessRequest, Processes, RunningProcess } from "../../contracts/process.ts";

const keptStderrBytes = 64 * 1024;
const graceMs = 1_500;

/** Starts programs in process groups of their own, so that a program and all it started can be ended together. */
export function createProcesses(): Processes {
  const running = new Set<number>();

  function start(request: ProcessRequest): RunningProcess {
    const child = spawn(request.program, request.args, {
      cwd: request.cwd,
      env: { ...request.environment },
      stdio: ["pipe", "pipe", "pipe"],
      // A group of its own: Ctrl-C reaches us first, and we can end grandchildren (git starts remote helpers).
      detached: true,
      windowsHide: true,
    });
    if (child.pid !== undefined) running.add(child.pid);
    let endedBy: ProcessExit["endedBy"] = null;
    let stderr = "";

    const end = (reason: NonNullable<ProcessExit["endedBy"]>): void => {
      endedBy ??= reason;
      signalGroup(child.pid, "SIGTERM");
      setTimeout(() => {
        if (child.pid !== undefined && running.has(child.pid)) signalGroup(child.pid, "SIGKILL");
      }, graceMs).unref();
    };
    const timer = setTimeout(() => end("time-out"), request.timeoutMs);
    timer.unref();
    const onAbort = (): void => end("cancel");
    if (request.signal?.aborted) onAbort();
    else request.signal?.addEventListener("abort", onAbort, { once: true });

    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      stderr = (stderr + text).slice(-keptStderrBytes);
      request.onStderr?.(text);
    });
    // A program that ends early closes its input; what matters then is its exit code, not our failed write.
    child.stdin.on("error", () => {});

    const exit = new Promise<ProcessExit>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        request.signal?.removeEventListener("abort", onAbort);
        if (child.pid !== undefined) running.delete(child.pid);
      };
      child.once("error", (error) => {
        settle();
        reject(error);
      });
      child.once("close", (code, signal) => {
        settle();
        resolve({ code, signal, stderr, endedBy });
      });
    });
    // Callers await `exit` after they have read the output; until then a rejection must not end the program.
    exit.catch(() => {});
    return { stdin: child.stdin, stdout: child.stdout, exit, kill: () => end("kill") };
  }

  return {
    start,
    killAll() {
      for (const pid of running) signalGroup(pid, "SIGKILL");
    },
  };
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
