import { readdirSync, readFileSync } from "node:fs";

/** Ids of the running processes (this machine must have /proc) whose command line has `text` in it. */
export function processesNaming(text: string): number[] {
  return readdirSync("/proc")
    .filter(
      (name) =>
        /^\d+$/.test(name) &&
        Number(name) !== process.pid &&
        isRunning(Number(name)) &&
        commandLine(name).includes(text),
    )
    .map(Number);
}

/** Whether a process does something: a zombie waits only to be collected. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Resolves when `isMet`; the test fails when that takes too long. */
export async function until(isMet: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!isMet()) {
    if (performance.now() > end) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function endProcesses(pids: readonly number[]): void {
  for (const pid of pids.filter(isRunning)) process.kill(pid, "SIGKILL");
}
