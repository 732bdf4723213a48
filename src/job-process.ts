import { endWithParent } from "./adapters/exec/end-with-parent.ts";
import { createProcesses } from "./adapters/exec/processes.ts";
import { createPinoLog } from "./adapters/pino/log.ts";
import { composeModels } from "./composition/models.ts";
import { createLocalServices } from "./composition/services.ts";
import { withoutPlatform } from "./composition/without-platform.ts";
import { environmentSecrets, secretTexts } from "./config/secrets.ts";
import type { FromJobProcess, ToJobProcess } from "./contracts/job-channel.ts";
import type { Stores } from "./contracts/stores.ts";
import { createAttemptServer } from "./core/jobs/serve-attempts.ts";
import { createChannelStores } from "./core/stores/channel-stores.ts";
import { loadJobs } from "./features/registry.generated.ts";

/** The composition root of a job process: it analyses, reads and writes repositories, and leaves the database to its worker. */
const tidyMs = 1_500;
const send = (message: FromJobProcess): void => {
  // Without a worker nobody waits for this.
  if (process.connected) process.send!(message, () => {});
};
const processes = createProcesses((pid, isRunning) => send({ type: "group", pid, isRunning }));
process.on("exit", () => processes.killAll());

const first = await new Promise<ToJobProcess>((resolve) => process.once("message", resolve));
if (first.type !== "init") throw new Error(`A job process was greeted with ${first.type}.`);
const { config, version } = first;
const log = createPinoLog({
  ...first.log,
  service: "repowright-job",
  version,
  secrets: [...secretTexts(config.values), ...environmentSecrets(process.env)],
  write: (line) => process.stderr.write(`${line}\n`),
});
const scanWorkerUrl = new URL(import.meta.url.replace(/job-process(\.[a-z]+)$/, "scan-worker$1"));
const { services, close } = await createLocalServices({
  config,
  version,
  processes,
  log,
  environment: process.env,
  scanWorkerUrl,
});
const kinds = await loadJobs();
const stores = async (): Promise<Stores> => createChannelStores((request) => server.store(request));
const models = composeModels(services, process.env, stores);
const server = createAttemptServer(withoutPlatform(services, kinds, { stores, models }), kinds, send);
process.on("message", (message: ToJobProcess) => server.receive(message));
// The worker wants no more of us, or is gone: then another attempt will do this one's work.
process.once("disconnect", () => {
  server.abort("shutting-down", "The worker is gone.");
  setTimeout(() => process.exit(1), tidyMs).unref();
  void close().finally(() => process.exit(1));
});
endWithParent();
services.scanner.warm();
send({ type: "ready" });
