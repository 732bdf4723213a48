import { createRemoteJobs } from "../adapters/http/remote-jobs.ts";
import type { JobDefinitions } from "../contracts/job.ts";
import type { Platform } from "../contracts/platform.ts";
import type { RouteDefinition } from "../contracts/route.ts";
import type { Services } from "../contracts/services.ts";
import { announceServer, findServer } from "../core/database/data-directory-lock.ts";
import { createDatabaseTools } from "./database-tools.ts";
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
  const databases = createDatabaseTools(input, local.services);
  let opening: Promise<Platform> | null = null;

  const platform = (): Promise<Platform> => {
    opening ??= (async () => {
      const { createPlatform } = await import("./platform.ts");
      const database = await databases.open();
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
    databases,
    platform,
    async jobs() {
      const url = config.values["server.url"] || findServer(config.values["data_dir"])?.url;
      if (url === undefined || url === "") return { jobs: (await platform()).jobs, through: "database" };
      return {
        jobs: createRemoteJobs({ url, token: config.values["server.token"] }),
        through: "server",
      };
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
          announce: (url) => announceServer(config.values["data_dir"], url),
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
