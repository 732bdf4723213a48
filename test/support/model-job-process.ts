import { endWithParent } from "../../src/adapters/exec/end-with-parent.ts";
import { createProcesses } from "../../src/adapters/exec/processes.ts";
import { composeModels } from "../../src/composition/models.ts";
import { createLocalServices } from "../../src/composition/services.ts";
import { withoutPlatform } from "../../src/composition/without-platform.ts";
import type { FromJobProcess, ToJobProcess } from "../../src/contracts/job-channel.ts";
import type { Stores } from "../../src/contracts/stores.ts";
import { createAttemptServer } from "../../src/core/jobs/serve-attempts.ts";
import { createChannelStores } from "../../src/core/stores/channel-stores.ts";
import { modelKinds } from "./model-kinds.ts";
import { silentLog } from "./silent-log.ts";

/** A job process put together as `src/job-process.ts` does it, with kinds that ask models. */
const send = (message: FromJobProcess): void => {
  if (process.connected) process.send!(message, () => {});
};
const first = await new Promise<ToJobProcess>((resolve) => process.once("message", resolve));
if (first.type !== "init") throw new Error("It was not greeted.");
const { services } = await createLocalServices({
  config: first.config,
  version: first.version,
  processes: createProcesses(),
  log: silentLog,
  environment: process.env,
  scanWorkerUrl: new URL("../../src/scan-worker.ts", import.meta.url),
});
const stores = async (): Promise<Stores> => createChannelStores((request) => server.store(request));
const models = composeModels(services, process.env, stores);
const server = createAttemptServer(
  withoutPlatform(services, modelKinds, { stores, models }),
  modelKinds,
  send,
);
process.on("message", (message: ToJobProcess) => server.receive(message));
endWithParent();
process.once("disconnect", () => process.exit(1));
