import { z } from "zod";
import { amount, byteSize, chains, count, counts, duration, flag, list, table } from "./values.ts";

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
    .describe(
      "Least severe log line that is written to standard error. `serve` writes `info` unless this is set.",
    ),
  "log.format": z
    .enum(["auto", "json", "pretty"])
    .default("auto")
    .describe("Form of log lines. `auto`: pretty on a terminal, JSON elsewhere."),
  "database.url": z
    .string()
    .default("")
    .meta({ secret: true, environment: "DATABASE_URL" })
    .describe("Address of a PostgreSQL ≥ 15 server. Empty: the embedded database in the data directory."),
  "database.connections": count(2, 500)
    .default(10)
    .describe(
      "Most connections to PostgreSQL of one process. Without Redis, each kind of job that it works on adds one that listens.",
    ),
  "database.snapshot_every": duration()
    .default(60 * 60_000)
    .describe(
      "Time between snapshots of the embedded database; 0 for none. It survives a crash of the program, a snapshot also one of the machine.",
    ),
  "database.snapshots_kept": count(1, 1_000)
    .default(3)
    .describe("Snapshots of the embedded database that are kept."),
  "database.ballast_bytes": byteSize()
    .default(64 * 2 ** 20)
    .describe("Disk space held in reserve, so that the embedded database still opens when the disk is full."),
  "redis.url": z
    .string()
    .default("")
    .meta({ secret: true, environment: "REDIS_URL" })
    .describe(
      "Address of a Redis ≥ 7 or Valkey server for queue, cache and events. Empty: the database does all three.",
    ),
  "server.host": z.string().default("127.0.0.1").describe("Address that `serve` listens on."),
  "server.port": count(0, 65_535).default(4000).describe("Port that `serve` listens on; 0 for any free one."),
  "server.url": z
    .string()
    .default("")
    .describe("Address of a running server for `repowright jobs`. Empty: the one of this data directory."),
  "server.roles": list(["api", "worker", "scheduler"])
    .default(["api", "worker", "scheduler"])
    .describe("What a `serve` process does: answer requests, run jobs, keep order."),
  "server.token": z
    .string()
    .default("")
    .meta({ secret: true })
    .describe("Bearer token that every request must carry. Required beyond loopback."),
  "server.tokens": table()
    .default({})
    .meta({ secret: true })
    .describe("Further bearer tokens by caller, e.g. `team-a=…`. Callers get fair shares of the workers."),
  "server.local_sources": z
    .enum(["auto", "always", "never"])
    .default("auto")
    .describe("Whether a request may name a path of this machine. `auto`: only while bound to loopback."),
  "server.body_bytes": byteSize()
    .default(2 ** 20)
    .describe("Largest request body."),
  "server.request_timeout": duration()
    .default(30_000)
    .describe("Longest time for one request, streams aside."),
  "server.max_pending": count(1)
    .default(100_000)
    .describe("Waiting jobs at which new ones are refused with 503."),
  "server.max_requests": count(1)
    .default(1_000)
    .describe("Requests under way at which further ones are refused with 503, streams aside."),
  "server.max_streams": count(1).default(5_000).describe("Event streams open at once."),
  "server.drain_timeout": duration()
    .default(25_000)
    .describe("Time that running jobs get to finish at SIGTERM; then they are put back."),
  "worker.concurrency": count(0, 256)
    .default(0)
    .describe(
      "Jobs of one kind that run at once in one worker. 0: as many as the kind says, at most one for each processor.",
    ),
  "worker.lease": duration()
    .default(5_000)
    .describe("Time after which a job of a silent worker is given to another one."),
  "worker.memory": byteSize()
    .default(4 * 2 ** 30)
    .describe("Most memory of the process that runs one job."),
  "worker.idle_timeout": duration()
    .default(60_000)
    .describe("Time after which an idle job process is ended."),
  "jobs.retention": duration()
    .default(30 * 86_400_000)
    .describe("Age at which finished jobs and their results are deleted."),
  "jobs.failed_retention": duration()
    .default(90 * 86_400_000)
    .describe("Age at which failed jobs (dead letters) are deleted."),
  "jobs.schedule": table()
    .default({})
    .describe(
      "Jobs to start on a timetable: `<kind> <source>` = cron expression in UTC, e.g. `analyze https://github.com/a/b=0 3 * * *`.",
    ),
  "tracing.endpoint": z
    .string()
    .default("")
    .meta({ environment: "OTEL_EXPORTER_OTLP_ENDPOINT" })
    .describe("OpenTelemetry collector (OTLP over HTTP) that traces are sent to. Empty: none are sent."),
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
  "llm.enabled": flag()
    .default(true)
    .describe("Whether models may be asked at all. Without them everything deterministic still works."),
  "llm.models": chains()
    .default({})
    .describe(
      "Models by task (`ask`, `review`, `readme`, `change`, `embed`, or `default` for all but `embed`), each `provider/name`; several, separated by commas, are tried in turn.",
    ),
  "llm.keys": table()
    .default({})
    .meta({ secret: true })
    .describe(
      "Keys by provider. Where one is missing, the provider's usual environment variable is read, e.g. `OPENAI_API_KEY`.",
    ),
  "llm.addresses": table()
    .default({})
    .describe("Base addresses by provider, e.g. `compatible=http://localhost:8000/v1`."),
  "llm.concurrency": counts(1)
    .default({ default: 4 })
    .describe("Calls at once by provider; `default` for those that are not named."),
  "llm.requests_per_minute": counts(1)
    .default({})
    .describe("Most calls in a minute by provider, or `default`. Not named: no limit of ours."),
  "llm.retries": count(0, 10).default(2).describe("Further tries of the same model after a passing failure."),
  "llm.timeout": duration()
    .default(10 * 60_000)
    .describe("Longest time of one call."),
  "llm.first_token_timeout": duration()
    .default(5 * 60_000)
    .describe("Longest wait for the first part of a streamed answer."),
  "llm.idle_timeout": duration().default(45_000).describe("Longest silence within a streamed answer."),
  "llm.patience": duration()
    .default(60_000)
    .describe(
      "Longest wait for a model that is busy or has asked us to wait, before the question is given up.",
    ),
  "llm.cache_age": duration()
    .default(86_400_000)
    .describe("Age up to which the answer to the very same question is given again; 0 for never."),
  "llm.budget_job_usd": amount()
    .default(0)
    .describe("Most that the calls of one job may cost, in US dollars; 0 for no limit."),
  "llm.budget_day_usd": amount()
    .default(0)
    .describe("Most that all calls of a day (UTC) may cost, in US dollars; 0 for no limit."),
  "llm.budget_job_tokens": count(0)
    .default(0)
    .describe("Most tokens of one job, for models whose price is unknown too; 0 for no limit."),
  "llm.budget_day_tokens": count(0).default(0).describe("Most tokens of a day (UTC); 0 for no limit."),
  "llm.context_window": counts(1_024)
    .default({})
    .describe(
      "Context windows in tokens by model (`provider/name`), where they are unknown or should be smaller.",
    ),
  "llm.retention": duration()
    .default(90 * 86_400_000)
    .describe("Age at which entries of the ledger of calls are deleted."),
  "search.memory": byteSize()
    .default(512 * 2 ** 20)
    .describe("Most memory for indexes that a server keeps ready, by an estimate."),
  "search.embeddings": z
    .enum(["off", "on"])
    .default("off")
    .describe(
      "Whether indexing makes vectors of functions, classes and passages with the model of `embed` in llm.models, and search compares them with the query.",
    ),
  "webhooks.secrets": table()
    .default({})
    .meta({ secret: true })
    .describe(
      "Secrets that webhooks are signed with by host (`github`, `gitlab`, `gitea`), e.g. `github=…`. Several of one host, for changing them, are separated by spaces.",
    ),
  "webhooks.debounce": duration()
    .default(3_000)
    .describe("Time that a push to a pull request waits for the next one before it is reviewed."),
  "hosts.tokens": table()
    .default({})
    .meta({ secret: true })
    .describe(
      "Access tokens by host (`github`, `gitlab`, `gitea`) with which reviews are posted. For GitHub an App is the better way.",
    ),
  "hosts.addresses": table()
    .default({})
    .describe(
      "Addresses of hosts of your own, e.g. `gitlab=https://gitlab.example`. Without: github.com and gitlab.com; Gitea has none.",
    ),
  "hosts.github_app_id": z.string().default("").describe("Id of the GitHub App that reviews are posted as."),
  "hosts.github_private_key": z
    .string()
    .default("")
    .meta({ secret: true })
    .describe("Private key of the GitHub App: its PEM text, or the path of the file with it."),
  "hosts.timeout": duration().default(30_000).describe("Longest time of one request to a host."),
  "analyze.workers": count(0, 64)
    .default(0)
    .describe("Threads that read files. 0: one for each processor, at most 8."),
} satisfies Record<string, z.ZodType>;

export type SettingKey = keyof typeof settings;

/** Every setting's effective value by its dotted key. */
export type Config = { readonly [K in SettingKey]: z.output<(typeof settings)[K]> };

export const settingKeys = Object.keys(settings) as SettingKey[];

/** The name by which the rest of the world calls the same thing, e.g. `DATABASE_URL`; ours wins over it. */
export function commonEnvironmentName(key: SettingKey): string | null {
  return metaOf(key).environment ?? null;
}

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
const secretKeys: ReadonlySet<SettingKey> = new Set(settingKeys.filter((key) => metaOf(key).secret));

function metaOf(key: SettingKey): { readonly secret?: boolean; readonly environment?: string } {
  return (z.globalRegistry.get(settings[key]) ?? {}) as { secret?: boolean; environment?: string };
}
