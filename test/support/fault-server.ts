import { createProcesses } from "../../src/adapters/exec/processes.ts";
import { createPinoLog } from "../../src/adapters/pino/log.ts";
import { createServices } from "../../src/composition/create-services.ts";
import { loadConfig } from "../../src/config/load.ts";
import { secretTexts } from "../../src/config/secrets.ts";
import type { Role } from "../../src/contracts/serving.ts";
import { loadJobs, routes } from "../../src/features/registry.generated.ts";
import { faultKinds } from "./fault-kinds.ts";

/**
 * `serve` as `src/main.ts` composes it, with the kinds of the fault tests. Settings come from the environment; prints
 * `{"url": …}` on standard output when it is up.
 */
const config = loadConfig({ environment: process.env, flags: {}, cwd: process.cwd() });
const { values } = config;
/** The kinds of the product instead. */
const isReal = process.env["FAULT_KINDS"] === "real";
const processes = createProcesses();
process.on("exit", () => processes.killAll());
const stopping = new AbortController();
process.on("SIGTERM", () => stopping.abort());
const log = createPinoLog({
  level: values["log.level"],
  format: "json",
  service: "repowright",
  version: "0",
  secrets: secretTexts(values),
  write: (line) => process.stderr.write(`${line}\n`),
});
const source = new URL("../../src/", import.meta.url);
const { services, close } = await createServices({
  config,
  environment: process.env,
  version: "0",
  processes,
  log,
  jobLog: { level: values["log.level"], format: "json" },
  loadJobs: isReal ? loadJobs : async () => faultKinds,
  loadRoutes: async () => (await Promise.all(routes.map((load) => load()))).map((module) => module.default),
  scanWorkerUrl: new URL("scan-worker.ts", source),
  databaseWorkerUrl: new URL("database-worker.ts", source),
  jobProcessUrl: isReal
    ? new URL("job-process.ts", source)
    : new URL("fault-job-process.ts", import.meta.url),
  migrationsUrl: new URL("../../migrations/", import.meta.url),
});
// A process that is killed between storing a job and telling the queue has said nothing to the queue.
if (process.env["FAULT_TICKETS"] === "never")
  Object.assign((await services.platform()).dispatcher, { add: () => new Promise(() => {}) });
try {
  const { url, stopped } = await services.serve(
    {
      roles: values["server.roles"] as Role[],
      host: values["server.host"],
      port: values["server.port"],
    },
    stopping.signal,
  );
  process.stdout.write(`${JSON.stringify({ url })}\n`);
  await stopped;
} finally {
  await close();
}
process.exit(0);
