import { join } from "node:path";
import { createCache } from "../../src/adapters/sqlite/cache.ts";
import { createScanner } from "../../src/adapters/threads/scanner.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { SettingKey } from "../../src/config/schema.ts";
import type { Scanner } from "../../src/contracts/scanner.ts";
import type { Services } from "../../src/contracts/services.ts";
import { ecosystems } from "../../src/extensions/ecosystems/registry.generated.ts";
import { createLinters, createUserLinters } from "../../src/composition/linters.ts";
import { rules } from "../../src/extensions/rules/registry.generated.ts";
import { languages } from "../../src/extensions/languages/registry.generated.ts";
import { createMemory } from "../../src/base/memory.ts";
import { createProcesses } from "../../src/adapters/exec/processes.ts";
import { createMetrics } from "../../src/adapters/prometheus/metrics.ts";
import { createTracing } from "../../src/adapters/opentelemetry/tracing.ts";
import { composeCodeHosts } from "../../src/composition/code-hosts.ts";
import { withoutPlatform } from "../../src/composition/without-platform.ts";
import { silentLog } from "./silent-log.ts";
import { createPorts } from "./ports.ts";

const testTracing = await createTracing({ endpoint: "", service: "test", version: "0" });

/** Threads as `main.ts` makes them; one set serves many tests. The caller closes it. */
export function createThreads(threads = 2): Scanner {
  return createScanner({
    workerUrl: new URL("../../src/scan-worker.ts", import.meta.url),
    workerData: { maxBytes: 2 ** 20, timeoutMs: 3_000 },
    threads,
    supportedLanguages: new Set(languages.flatMap((language) => language.languages)),
  });
}

/** The services that `main.ts` builds, on a data directory of the test. The caller closes the cache. */
export function createServices(
  dataDir: string,
  scanner: Scanner,
  settings: Partial<Record<SettingKey, string>> = {},
): Services {
  const { git, locks, hosts } = createPorts(dataDir, settings);
  const config = loadConfig({
    environment: { HOME: join(dataDir, "home") },
    flags: { data_dir: dataDir, ...settings },
    cwd: dataDir,
  });
  const cache = createCache({ path: join(dataDir, "cache.sqlite"), maxBytes: 2 ** 30, now: Date.now });
  const local = {
    config,
    version: "0",
    processes: createProcesses(),
    programPath: process.env["PATH"]!,
    git,
    locks,
    hosts,
    codeHosts: composeCodeHosts(config.values),
    cache,
    memory: createMemory(2 ** 28),
    scanner,
    log: silentLog,
    metrics: createMetrics(),
    tracing: testTracing,
    languages: async () => languages,
    ecosystems: async () => ecosystems,
    rules: async () => rules,
    linters: async () => createLinters(createProcesses(), dataDir),
    userLinters: async (texts: ReadonlyMap<string, string>) => createUserLinters(texts, languages),
    parallelism: 2,
  };
  return withoutPlatform(local, new Map());
}
