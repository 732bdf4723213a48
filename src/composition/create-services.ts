import { isAppError } from "../base/errors.ts";
import type { JobDefinitions } from "../contracts/job.ts";
import type { Platform } from "../contracts/platform.ts";
import type { RouteDefinition } from "../contracts/route.ts";
import type { Services } from "../contracts/services.ts";
import type { Stores } from "../contracts/stores.ts";
import { readServerFile, writeServerFile } from "../core/database/server-file.ts";
import type { OpenedDatabase } from "./open-database.ts";
import { traceDatabase } from "./traced.ts";
import { composeAnswers } from "./answers.ts";
import { composeModels } from "./models.ts";
import { createLocalServices, type ServicesInput } from "./services.ts";

export interface AllServicesInput extends ServicesInput {
  readonly loadJobs: () => Promise<JobDefinitions>;
  readonly loadRoutes: () => Promise<readonly RouteDefinition[]>;
  /** Entries of threads and processes beside the program. */
  readonly databaseWorkerUrl: URL;
  readonly jobProcessUrl: URL;
  readonly migrationsUrl: URL;
  readonly jobLog: {
    readonly level: "debug" | "info" | "warn" | "error";
    readonly format: "json" | "pretty";
  };
}

/** Time that a server gets for an answer that can be done without. */
const askingMs = 5_000;
/** Time that a server which has the data directory gets to come up. */
const startingMs = 5_000;

/** Everything, opened only as far as it is used: a plain `analyze` pays for no database. */
export async function createServices(
  input: AllServicesInput,
): Promise<{ readonly services: Services; readonly close: () => Promise<void> }> {
  const { config, log } = input;
  const local = await createLocalServices(input);
  let kinds: Promise<JobDefinitions> | null = null;
  const jobKinds = (): Promise<JobDefinitions> => (kinds ??= input.loadJobs());
  let opening: Promise<{ readonly platform: Platform; readonly opened: OpenedDatabase }> | null = null;

  async function open(): Promise<{ readonly platform: Platform; readonly opened: OpenedDatabase }> {
    // Drivers and BullMQ are loaded by whoever needs them.
    const [{ createPlatform }, { openDatabase }] = await Promise.all([
      import("./platform.ts"),
      import("./open-database.ts"),
    ]);
    const { metrics, locks } = local.services;
    const opened = await openDatabase({
      config: config.values,
      locks,
      workerUrl: input.databaseWorkerUrl,
      migrationsUrl: input.migrationsUrl,
      log,
      onQuery: (durationMs) => metrics.observe("database_query_duration_seconds", durationMs / 1000),
    });
    try {
      const { tracing } = local.services;
      const database =
        config.values["tracing.endpoint"] === "" ? opened.database : traceDatabase(opened.database, tracing);
      const platform = await createPlatform({
        config: config.values,
        database,
        kinds: await jobKinds(),
        log,
        metrics,
        cache: local.services.cache,
      });
      return { platform, opened };
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  const openOnce = (): ReturnType<typeof open> => (opening ??= open());

  /** The server that works on this data directory, or that the settings name; empty: none. */
  function serverUrl(): string {
    const { values } = config;
    const isOwnDatabase = values["database.url"] === "";
    return values["server.url"] || (isOwnDatabase ? (readServerFile(values["data_dir"])?.url ?? "") : "");
  }

  async function stores(): Promise<Stores> {
    // Who has the database open is the server, or works without one.
    return (await serverStores()) ?? (await openOnce()).platform.stores;
  }

  async function serverStores(timeoutMs?: number): Promise<Stores | null> {
    const url = opening === null ? serverUrl() : "";
    if (url === "") return null;
    const { createRemoteStores } = await import("../adapters/http/remote-stores.ts");
    const limit = timeoutMs === undefined ? {} : { timeoutMs };
    return createRemoteStores({ url, token: config.values["server.token"], ...limit });
  }

  const services: Services = {
    ...local.services,
    stores,
    serverStores: () => serverStores(askingMs),
    models: composeModels(local.services, input.environment, stores),
    answer: composeAnswers(() => services),
    jobKinds,
    databases: async () =>
      (await import("./database-tools.ts")).composeDatabaseTools(input, local.services.locks),
    platform: async () => (await openOnce()).platform,
    async jobs() {
      const { values } = config;
      const end = performance.now() + startingMs;
      for (;;) {
        const url = serverUrl();
        if (url !== "") {
          const { createRemoteJobs } = await import("../adapters/http/remote-jobs.ts");
          return { jobs: createRemoteJobs({ url, token: values["server.token"] }), through: "server" };
        }
        try {
          return { jobs: (await openOnce()).platform.jobs, through: "database" };
        } catch (error) {
          // A server that is starting has the lock before it can say where it is. Trying again waits for the lock.
          if (!isAppError(error, "data-directory-locked") || performance.now() > end) throw error;
          opening = null;
        }
      }
    },
    async serve(options, signal) {
      const { serve } = await import("./serve.ts");
      return serve(
        {
          services,
          version: input.version,
          kinds: await jobKinds(),
          routes: input.loadRoutes,
          jobProcessUrl: input.jobProcessUrl,
          jobLog: input.jobLog,
          announce: (url) =>
            writeServerFile(config.values["data_dir"], { url, pid: process.pid, startedAt: new Date() }),
          care: async () => (await openOnce()).opened.care(),
        },
        options,
        signal,
      );
    },
  };
  return {
    services,
    async close() {
      const opened = await opening?.catch(() => null);
      await opened?.platform.close();
      await opened?.opened.close();
      await local.close();
    },
  };
}
