import type { JobDefinitions } from "../contracts/job.ts";
import type { Platform } from "../contracts/platform.ts";
import type { RouteDefinition } from "../contracts/route.ts";
import type { Services } from "../contracts/services.ts";
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

/** Everything, opened only as far as it is used: a plain `analyze` pays for no database. */
export async function createServices(
  input: AllServicesInput,
): Promise<{ readonly services: Services; readonly close: () => Promise<void> }> {
  const { config, log } = input;
  const local = await createLocalServices(input);
  const jobKinds = await input.loadJobs();
  let opening: Promise<Platform> | null = null;

  const platform = (): Promise<Platform> => {
    opening ??= (async () => {
      const { createPlatform } = await import("./platform.ts");
      const { openDatabase } = await import("./open-database.ts");
      const { metrics, locks } = local.services;
      const database = await openDatabase({
        config: config.values,
        locks,
        workerUrl: input.databaseWorkerUrl,
        migrationsUrl: input.migrationsUrl,
        onQuery: (durationMs) => metrics.observe("database_query_duration_seconds", durationMs / 1000),
      });
      return createPlatform({
        config: config.values,
        database,
        kinds: jobKinds,
        log,
        metrics: local.services.metrics,
      });
    })();
    return opening;
  };

  const services: Services = {
    ...local.services,
    jobKinds,
    platform,
    async jobs() {
      return { jobs: (await platform()).jobs, through: "database" };
    },
    async serve(options, signal) {
      const { serve } = await import("./serve.ts");
      return serve(
        {
          services,
          version: input.version,
          kinds: jobKinds,
          routes: input.loadRoutes,
          jobProcessUrl: input.jobProcessUrl,
          jobLog: input.jobLog,
          announce: () => () => {},
        },
        options,
        signal,
      );
    },
  };
  return {
    services,
    async close() {
      await (await opening?.catch(() => null))?.close();
      await local.close();
    },
  };
}
