import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createGit } from "../adapters/git/git.ts";
import { createHostLookup } from "../adapters/network/host-lookup.ts";
import { createTracing } from "../adapters/opentelemetry/tracing.ts";
import { createMetrics } from "../adapters/prometheus/metrics.ts";
import { createCache } from "../adapters/sqlite/cache.ts";
import { createLocks } from "../adapters/sqlite/locks.ts";
import { createScanner } from "../adapters/threads/scanner.ts";
import { AppError } from "../base/errors.ts";
import { makeFolder } from "../base/folder.ts";
import { createMemory } from "../base/memory.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Log } from "../contracts/log.ts";
import type { Processes } from "../contracts/process.ts";
import type { Services } from "../contracts/services.ts";
import { composeCodeHosts } from "./code-hosts.ts";
import { traceGit } from "./traced.ts";

const maxThreads = 8;

export interface ServicesInput {
  readonly config: LoadedConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly processes: Processes;
  readonly log: Log;
  /** Entry of a scanning thread. */
  readonly scanWorkerUrl: URL;
}

/** What needs no database: enough to analyse, and all that a job process has. */
export type LocalServices = Omit<
  Services,
  "platform" | "jobs" | "serve" | "databases" | "jobKinds" | "stores" | "serverStores" | "models" | "answer"
>;

export async function createLocalServices(
  input: ServicesInput,
): Promise<{ readonly services: LocalServices; readonly close: () => Promise<void> }> {
  const { config, environment, log } = input;
  const { values } = config;
  const homeDir = join(values["data_dir"], "home");
  try {
    makeFolder(homeDir);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code === "ENOSPC" ? "disk-full" : "permission-denied";
    throw new AppError(
      code,
      `The data folder ${values["data_dir"]} (data_dir) cannot be written.`,
      {},
      error,
    );
  }
  const programPath = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
  const git = createGit(input.processes, {
    program: values["git.program"],
    path: programPath,
    homeDir,
    sshCommand: values["git.ssh_command"],
    sshAgent: environment["SSH_AUTH_SOCK"] ?? "",
    proxy: values["git.proxy"],
    caFile: values["git.ca_file"],
    commandTimeoutMs: values["git.command_timeout"],
    memoryBytes: values["limits.git_memory"],
    log,
  });
  const cache = createCache({
    path: join(values["data_dir"], "cache.sqlite"),
    maxBytes: values["cache.bytes"],
    now: Date.now,
  });
  const { languages } = await import("../extensions/languages/registry.generated.ts");
  const threads = values["analyze.workers"] || Math.min(maxThreads, availableParallelism());
  const scanner = createScanner({
    workerUrl: input.scanWorkerUrl,
    workerData: { maxBytes: values["limits.parse_bytes"], timeoutMs: values["limits.parse_timeout"] },
    threads,
    supportedLanguages: new Set(languages.flatMap((language) => language.languages)),
  });
  const tracing = await createTracing({
    endpoint: values["tracing.endpoint"],
    service: "repowright",
    version: input.version,
  });
  return {
    services: {
      config,
      version: input.version,
      git: values["tracing.endpoint"] === "" ? git : traceGit(git, tracing),
      processes: input.processes,
      programPath,
      locks: createLocks(),
      hosts: createHostLookup(),
      codeHosts: composeCodeHosts(values),
      cache,
      memory: createMemory(values["search.memory"]),
      scanner,
      log,
      metrics: createMetrics(),
      tracing,
      languages: async () => languages,
      ecosystems: async () => (await import("../extensions/ecosystems/registry.generated.ts")).ecosystems,
      rules: async () => (await import("../extensions/rules/registry.generated.ts")).rules,
      linters: async () => (await import("./linters.ts")).createLinters(input.processes, values["data_dir"]),
      userLinters: async (rules) => (await import("./linters.ts")).createUserLinters(rules, languages),
      parallelism: threads,
    },
    async close() {
      await scanner.close();
      cache.close();
      await tracing.close();
    },
  };
}
