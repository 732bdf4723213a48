import { composeCodeHosts } from "../../src/composition/code-hosts.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { PlatformHealth } from "../../src/contracts/platform.ts";
import { loadJobs, routes } from "../../src/features/registry.generated.ts";
import { type GivenServer, startServer } from "./api-server.ts";
import { createFakeJobs } from "./fake-jobs.ts";
import { createFakePlatform } from "./fake-platform.ts";

/** All routes of the product on a real port, over jobs in memory. */
export async function startApi(given: GivenServer = {}) {
  const jobs = createFakeJobs();
  const health = { db: true, redis: null, queue: true, workers: 1 } as {
    -readonly [K in keyof PlatformHealth]: PlatformHealth[K];
  };
  const platform = createFakePlatform(jobs, () => health);
  const { values } = loadConfig({ environment: { HOME: "/nowhere" }, flags: {}, cwd: "/" });
  const definitions = await Promise.all(routes.map(async (load) => (await load()).default));
  const started = await startServer(
    definitions,
    { platform: () => Promise.resolve(platform), jobKinds: loadJobs, codeHosts: composeCodeHosts(values) },
    given,
  );
  return { ...started, jobs, health, definitions };
}
