import { AppError } from "../../base/errors.ts";
import type { Git, GitOptions, GitStream } from "../../contracts/git.ts";
import type { ProcessExit, Processes } from "../../contracts/process.ts";
import { gitEnvironment, gitSettings, type GitPolicy } from "./environment.ts";
import { explainGitFailure } from "./failures.ts";

/** Git as a child process, under the policy of `environment.ts`. */
export function createGit(processes: Processes, policy: GitPolicy): Git {
  function stream(gitDir: string | null, args: readonly string[], options: GitOptions = {}): GitStream {
    const command = [
      ...gitSettings(policy, options).flatMap((setting) => ["-c", setting]),
      ...(gitDir === null ? [] : [`--git-dir=${gitDir}`]),
      ...args,
    ];
    let stopped = false;
    const start = performance.now();
    const child = processes.start({
      program: policy.program,
      args: command,
      // Never the caller's folder. In a work tree Git still reads no configuration but ours: its folder is given.
      cwd: options.workTree?.path ?? gitDir ?? policy.homeDir,
      environment: gitEnvironment(policy, options),
      timeoutMs: options.timeoutMs ?? policy.commandTimeoutMs,
      ...(options.isMemoryLimited ? { maxMemoryBytes: policy.memoryBytes } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onStderr ? { onStderr: options.onStderr } : {}),
    });
    if (options.stdin !== undefined) child.stdin.end(options.stdin);
    const done = child.exit.then(
      (exit) => {
        policy.log.debug("git command", {
          args,
          gitDir,
          code: exit.code,
          duration_ms: Math.round(performance.now() - start),
        });
        if (!stopped) assertSuccess(exit, args, options);
      },
      (error: unknown) => {
        throw new AppError("git-missing", `Cannot run Git (${policy.program}).`, {}, error);
      },
    );
    done.catch(() => {});
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      done,
      stop() {
        stopped = true;
        child.kill();
      },
    };
  }

  async function text(
    gitDir: string | null,
    args: readonly string[],
    options: GitOptions = {},
  ): Promise<string> {
    const running = stream(gitDir, args, options);
    if (options.stdin === undefined) running.stdin.end();
    const pieces: Buffer[] = [];
    for await (const piece of running.stdout) pieces.push(piece as Buffer);
    await running.done;
    return Buffer.concat(pieces).toString("utf8");
  }

  let known: Promise<readonly [number, number]> | undefined;
  function version(): Promise<readonly [number, number]> {
    known ??= text(null, ["--version"]).then((output) => {
      const match = /(\d+)\.(\d+)/.exec(output);
      return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)] as const;
    });
    return known;
  }

  return { stream, text, version };

  function assertSuccess(exit: ProcessExit, args: readonly string[], options: GitOptions): void {
    if (exit.endedBy === "cancel") throw new AppError("cancelled", "Cancelled.");
    if (exit.endedBy === "time-out") {
      const limit = options.timeoutMs ?? policy.commandTimeoutMs;
      const setting = options.remote ? "git.clone_timeout" : "git.command_timeout";
      throw new AppError(
        "time-limit",
        `git ${args[0]} took longer than ${Math.round(limit / 1000)} s (${setting}).`,
      );
    }
    if (exit.code !== 0 && !options.answers?.includes(exit.code ?? -1)) throw explainGitFailure(args, exit);
  }
}
