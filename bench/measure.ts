import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Measured {
  readonly wallMs: number;
  /** Peak resident memory of the process itself, without its children. */
  readonly peakBytes: number;
  /** When standard output first matched the pattern; null when it never did or none was given. */
  readonly seenMs: number | null;
}

export interface MeasureOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly seen?: RegExp;
}

const pollMs = 20;

/** Runs a command once, its output read and thrown away. Fails when the command fails. */
function measureOnce(program: string, args: readonly string[], options: MeasureOptions): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let peakBytes = 0;
    let seenMs: number | null = null;
    let output = "";
    let errors = "";
    const poll = setInterval(() => (peakBytes = Math.max(peakBytes, highWaterMark(child.pid))), pollMs);
    child.stdout.on("data", (piece: Buffer) => {
      if (!options.seen || seenMs !== null) return;
      output += piece.toString("utf8");
      if (options.seen.test(output)) seenMs = performance.now() - start;
    });
    child.stderr.on("data", (piece: Buffer) => (errors = (errors + piece.toString("utf8")).slice(-2_000)));
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(poll);
      const wallMs = performance.now() - start;
      if (code === 0) resolve({ wallMs, peakBytes, seenMs });
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}: ${errors}`));
    });
  });
}

/** The median of each figure over several runs. `before` runs ahead of each, outside the clock. */
export async function measure(
  runs: number,
  program: string,
  args: readonly string[],
  options: MeasureOptions,
  before: () => void = () => {},
): Promise<Measured> {
  const all: Measured[] = [];
  for (let run = 0; run < runs; run++) {
    before();
    all.push(await measureOnce(program, args, options));
  }
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return {
    wallMs: median(all.map((one) => one.wallMs)),
    peakBytes: median(all.map((one) => one.peakBytes)),
    seenMs: all.every((one) => one.seenMs !== null) ? median(all.map((one) => one.seenMs!)) : null,
  };
}

export function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** Linux keeps it per process; elsewhere memory is not reported. */
function highWaterMark(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
