import { spawn } from "node:child_process";
import type { ProcessExit, ProcessRequest, Processes, RunningProcess } from "../../contracts/process.ts";

const keptStderrBytes = 64 * 1024;
const graceMs = 1_500;
/** Longer timers fire at once. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Starts programs in process groups of their own, so that a program and all it started can be ended together.
 * `onGroup` hears of each group, for someone who ends them when this process cannot any more.
 */
export function createProcesses(onGroup: (pid: number, isRunning: boolean) => void = () => {}): Processes {
  const running = new Set<number>();

  function start(request: ProcessRequest): RunningProcess {
    const [program, args] = limited(request);
    const child = spawn(program, args, {
      cwd: request.cwd,
      env: { ...request.environment },
      stdio: ["pipe", "pipe", "pipe"],
      // A group of its own: Ctrl-C reaches us first, and we can end grandchildren (git starts remote helpers).
      detached: true,
      windowsHide: true,
    });
    if (child.pid !== undefined) {
      running.add(child.pid);
      onGroup(child.pid, true);
    }
    let endedBy: ProcessExit["endedBy"] = null;
    let stderr = "";

    const end = (reason: NonNullable<ProcessExit["endedBy"]>): void => {
      endedBy ??= reason;
      signalGroup(child.pid, "SIGTERM");
      setTimeout(() => {
        if (child.pid !== undefined && running.has(child.pid)) signalGroup(child.pid, "SIGKILL");
      }, graceMs).unref();
    };
    const timer = setTimeout(() => end("time-out"), Math.min(request.timeoutMs, maxTimerMs));
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
        if (child.pid === undefined) return;
        running.delete(child.pid);
        onGroup(child.pid, false);
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

/** Node cannot set limits, so a shell does, and becomes the program; the arguments are never part of its text. */
function limited(request: ProcessRequest): readonly [program: string, args: readonly string[]] {
  if (request.maxMemoryBytes === undefined || process.platform !== "linux")
    return [request.program, request.args];
  const kilobytes = String(Math.ceil(request.maxMemoryBytes / 1024));
  return [
    "/bin/sh",
    ["-c", 'ulimit -d "$0" 2>/dev/null; exec "$@"', kilobytes, request.program, ...request.args],
  ];
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}
