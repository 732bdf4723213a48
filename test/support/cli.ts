import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../bin/repowright.js", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly dataDir: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs the program by way of another one, e.g. `setpriv`. */
  readonly through?: readonly string[];
  /** Gets the running process, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs the real program as a person would, in a process of its own. */
export function runProgram(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const [first, ...rest] = [...(options.through ?? []), process.execPath, program, ...args];
  const child = spawn(first!, rest, {
    cwd: options.cwd,
    env: {
      PATH: process.env["PATH"],
      HOME: options.dataDir,
      REPOWRIGHT_DATA_DIR: options.dataDir,
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  options.onStart?.(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
