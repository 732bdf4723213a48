import { mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createProcesses } from "./adapters/exec/processes.ts";
import { createGit } from "./adapters/git/git.ts";
import { createHostLookup } from "./adapters/network/host-lookup.ts";
import { createCache } from "./adapters/sqlite/cache.ts";
import { createLocks } from "./adapters/sqlite/locks.ts";
import { createScanner } from "./adapters/threads/scanner.ts";
import { AppError } from "./base/errors.ts";
import { createLog } from "./cli/log.ts";
import { runCli } from "./cli/run.ts";
import { createTerminal } from "./cli/terminal.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { Services } from "./contracts/services.ts";
import { commands } from "./features/registry.generated.ts";

/** The composition root: the only place that knows every part, and with `config/` the only one that reads the environment. */
const maxThreads = 8;
const repeatedSignalMs = 500;

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const processes = createProcesses();
const terminal = createTerminal({
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
});
const stopping = new AbortController();

process.on("exit", () => processes.killAll());
let stoppedAt = Infinity;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    // The second time the person means it; what comes at once is the same signal by two ways (`timeout`, a launcher).
    if (performance.now() - stoppedAt > repeatedSignalMs) process.exit(130);
    stoppedAt = Math.min(stoppedAt, performance.now());
    stopping.abort();
  });
// `repowright … | head` closes our output; that is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCli({
  args: process.argv.slice(2),
  environment: process.env,
  cwd: process.cwd(),
  version,
  commands,
  terminal,
  signal: stopping.signal,
  createServices,
});
// What a failed command had under way would keep the program alive.
stopping.abort();

async function createServices(
  config: LoadedConfig,
): Promise<{ services: Services; close: () => Promise<void> }> {
  const { values } = config;
  const homeDir = join(values["data_dir"], "home");
  try {
    mkdirSync(homeDir, { recursive: true });
  } catch (error) {
    throw new AppError(
      "permission-denied",
      `The data folder ${values["data_dir"]} (data_dir) cannot be written.`,
      {},
      error,
    );
  }
  const git = createGit(processes, {
    program: values["git.program"],
    path: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    homeDir,
    sshCommand: values["git.ssh_command"],
    sshAgent: process.env["SSH_AUTH_SOCK"] ?? "",
    proxy: values["git.proxy"],
    caFile: values["git.ca_file"],
    commandTimeoutMs: values["git.command_timeout"],
    memoryBytes: values["limits.git_memory"],
    log: createLog(values["log.level"], (line) => terminal.note(line)),
  });
  const cache = createCache({
    path: join(values["data_dir"], "cache.sqlite"),
    maxBytes: values["cache.bytes"],
    now: Date.now,
  });
  const { languages } = await import("./extensions/languages/registry.generated.ts");
  const threads = values["analyze.workers"] || Math.min(maxThreads, availableParallelism());
  const scanner = createScanner({
    workerUrl: new URL(import.meta.url.replace(/main(\.[a-z]+)$/, "scan-worker$1")),
    workerData: { maxBytes: values["limits.parse_bytes"], timeoutMs: values["limits.parse_timeout"] },
    threads,
    supportedLanguages: new Set(languages.flatMap((language) => language.languages)),
  });
  return {
    services: {
      config,
      git,
      locks: createLocks(),
      hosts: createHostLookup(),
      cache,
      scanner,
      ecosystems: async () => (await import("./extensions/ecosystems/registry.generated.ts")).ecosystems,
      parallelism: threads,
    },
    async close() {
      await scanner.close();
      cache.close();
    },
  };
}
