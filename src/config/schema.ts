import { z } from "zod";
import { byteSize, count, duration, flag, list, table } from "./values.ts";

/**
 * The one definition of every setting. From it follow the types, the environment names, the command line
 * flags, `config show` and docs/reference/config.md. A setting is one line here.
 */
export const settings = {
  data_dir: z
    .string()
    .default("")
    .describe(
      "Folder for clones and caches. Empty: `$XDG_DATA_HOME/repowright`, else `~/.local/share/repowright`.",
    ),
  "log.level": z
    .enum(["debug", "info", "warn", "error"])
    .default("warn")
    .describe("Least severe log line that is written to standard error."),
  "git.program": z.string().default("git").describe("The Git program to run."),
  "git.protocols": list()
    .default(["https", "ssh"])
    .describe("Protocols a source may use. `http` and `file` are for networks you trust."),
  "git.allow_private_hosts": flag()
    .default(false)
    .describe("Whether a source may resolve to a loopback, private or link-local address."),
  "git.tokens": table()
    .default({})
    .meta({ secret: true })
    .describe("Access tokens for https sources by host, e.g. `github.com=…`."),
  "git.proxy": z
    .string()
    .default("")
    .describe("Proxy for https sources, e.g. `http://proxy.example:3128`. The proxy then resolves names."),
  "git.ca_file": z
    .string()
    .default("")
    .describe("File with the certificate authorities to trust for https sources instead of the system's."),
  "git.ssh_command": z.string().default("ssh").describe("The ssh program for ssh sources, with its options."),
  "git.clone_timeout": duration()
    .default(30 * 60_000)
    .describe("Longest time for one clone or fetch."),
  "git.command_timeout": duration()
    .default(15 * 60_000)
    .describe("Longest time for one local Git command."),
  "git.lock_timeout": duration()
    .default(30 * 60_000)
    .describe("Longest wait for another process that is updating the same repository."),
  "limits.repository_bytes": byteSize()
    .default(4 * 2 ** 30)
    .describe("Largest clone, in bytes on disk."),
  "limits.paths": count(1).default(500_000).describe("Most files of one commit that are looked at."),
  "limits.file_bytes": byteSize()
    .default(5 * 2 ** 20)
    .describe("Largest file whose content is read."),
  "limits.content_bytes": byteSize()
    .default(2 * 2 ** 30)
    .describe("Most bytes of file content read for one analysis."),
  "limits.git_memory": byteSize()
    .default(2 * 2 ** 30)
    .describe("Most memory for a Git command that compares trees or contents (Linux)."),
  "limits.parse_bytes": byteSize()
    .default(2 ** 20)
    .describe("Largest file that is parsed for symbols."),
  "limits.parse_timeout": duration().default(3_000).describe("Longest time for parsing one file."),
  "cache.bytes": byteSize()
    .default(2 * 2 ** 30)
    .describe("Size at which the oldest cached results are dropped."),
  "analyze.workers": count(0, 64)
    .default(0)
    .describe("Threads that read files. 0: one for each processor, at most 8."),
} satisfies Record<string, z.ZodType>;

export type SettingKey = keyof typeof settings;

/** Every setting's effective value by its dotted key. */
export type Config = { readonly [K in SettingKey]: z.output<(typeof settings)[K]> };

export const settingKeys = Object.keys(settings) as SettingKey[];

/** `git.clone_timeout` → `REPOWRIGHT_GIT_CLONE_TIMEOUT`. */
export function environmentName(key: SettingKey): string {
  return `REPOWRIGHT_${key.replaceAll(".", "_").toUpperCase()}`;
}

/** `git.clone_timeout` → `git-clone-timeout`, given on the command line as `--git-clone-timeout`. */
export function flagName(key: SettingKey): string {
  return key.replaceAll(/[._]/g, "-");
}

export function isSecret(key: SettingKey): boolean {
  return secretKeys.has(key);
}

// `.meta()` belongs to the instance it returns, and `.describe()` after it copies what was there.
const secretKeys: ReadonlySet<SettingKey> = new Set(
  settingKeys.filter(
    (key) => (z.globalRegistry.get(settings[key]) as { secret?: boolean } | undefined)?.secret,
  ),
);
