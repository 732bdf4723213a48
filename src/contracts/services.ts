import type { LoadedConfig } from "../config/load.ts";
import type { AnswerQuestion } from "./answer.ts";
import type { Cache } from "./cache.ts";
import type { CodeHosts } from "./code-host.ts";
import type { DatabaseTools } from "./database.ts";
import type { EcosystemDefinition } from "./ecosystem.ts";
import type { Git } from "./git.ts";
import type { JobDefinitions, Jobs } from "./job.ts";
import type { Linter } from "./linter.ts";
import type { Locks } from "./lock.ts";
import type { Log } from "./log.ts";
import type { Memory } from "./memory.ts";
import type { Metrics } from "./metrics.ts";
import type { ModelGateway } from "./model-gateway.ts";
import type { LanguageDefinition } from "./language.ts";
import type { HostLookup } from "./network.ts";
import type { Platform } from "./platform.ts";
import type { Processes } from "./process.ts";
import type { RuleDefinition } from "./review-rule.ts";
import type { Scanner } from "./scanner.ts";
import type { Serve } from "./serving.ts";
import type { Stores } from "./stores.ts";
import type { Tracing } from "./tracing.ts";

/** Everything the product can use, built once by `main.ts` and handed in. */
export interface Services {
  readonly config: LoadedConfig;
  readonly version: string;
  readonly git: Git;
  readonly processes: Processes;
  /** Folders in which programs are looked for, as in PATH. */
  readonly programPath: string;
  readonly locks: Locks;
  readonly hosts: HostLookup;
  /** Where pull requests live. */
  readonly codeHosts: CodeHosts;
  readonly cache: Cache;
  /** Of this process. */
  readonly memory: Memory;
  readonly scanner: Scanner;
  readonly languages: () => Promise<readonly LanguageDefinition[]>;
  /** Loaded with the first call: a report from the cache needs none. */
  readonly ecosystems: () => Promise<readonly EcosystemDefinition[]>;
  /** What reviews look for by themselves; loaded with the first call. */
  readonly rules: () => Promise<readonly RuleDefinition[]>;
  /** Other programs that look at changes; loaded with the first call. */
  readonly linters: () => Promise<readonly Linter[]>;
  /** What runs a repository's own rules: texts by their paths, as they are in the base commit. */
  readonly userLinters: (rules: ReadonlyMap<string, string>) => Promise<readonly Linter[]>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /**
   * Opened with the first call; jobs, API and workers need it.
   * @throws AppError `data-directory-locked`, `database-unavailable`, `database-newer`, `queue-unavailable`
   */
  readonly platform: () => Promise<Platform>;
  /**
   * The jobs of the server that runs on this data directory (or at server.url), or else of the database itself.
   * @throws AppError those of `platform`, and `server-unreachable`
   */
  readonly jobs: () => Promise<{ readonly jobs: Jobs; readonly through: "server" | "database" }>;
  /**
   * What features keep in the database; in a job process its worker does it. Beside a running server only what that
   * server's API gives. @throws AppError those of `platform`
   */
  readonly stores: () => Promise<Stores>;
  /** The stores of the server that runs on this data directory, or at server.url; null where there is none. Opens nothing. */
  readonly serverStores: () => Promise<Stores | null>;
  /** The models that the settings name; loaded with the first call. */
  readonly models: () => Promise<ModelGateway>;
  /** What `ask` answers, for whoever is asked elsewhere. */
  readonly answer: AnswerQuestion;
  /** Every kind of job; loaded with the first call. */
  readonly jobKinds: () => Promise<JobDefinitions>;
  /** The database as a whole: opening, copies, moving. */
  readonly databases: () => Promise<DatabaseTools>;
  readonly serve: Serve;
  /** Processors to spread work over. */
  readonly parallelism: number;
}
