import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createProcesses } from "../../src/adapters/exec/processes.ts";
import { createGit } from "../../src/adapters/git/git.ts";
import { createHostLookup } from "../../src/adapters/network/host-lookup.ts";
import { createLocks } from "../../src/adapters/sqlite/locks.ts";
import { silentLog } from "./silent-log.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { SettingKey } from "../../src/config/schema.ts";
import type { OpenOptions, RepositoryPorts } from "../../src/core/repository/repositories.ts";

/** The real adapters on a data directory of the test. */
export function createPorts(
  dataDir: string,
  settings: Partial<Record<SettingKey, string>> = {},
): RepositoryPorts {
  const homeDir = join(dataDir, "home");
  mkdirSync(homeDir, { recursive: true });
  const config = loadConfig({
    environment: { HOME: homeDir },
    flags: { data_dir: dataDir, ...settings },
    cwd: dataDir,
  }).values;
  const git = createGit(createProcesses(), {
    program: config["git.program"],
    path: process.env["PATH"]!,
    homeDir,
    sshCommand: config["git.ssh_command"],
    sshAgent: "",
    proxy: config["git.proxy"],
    caFile: config["git.ca_file"],
    commandTimeoutMs: config["git.command_timeout"],
    memoryBytes: config["limits.git_memory"],
    log: silentLog,
  });
  return { git, locks: createLocks(), hosts: createHostLookup(), config };
}

export function openOptions(cwd: string): OpenOptions {
  return { cwd, signal: new AbortController().signal, onProgress: () => {} };
}
