import { Worker } from "node:worker_threads";

/** Time for the main thread to notice by itself and to tidy up. */
const graceMs = 2_000;
const lookMs = 1_000;

/** In a thread of its own: the main thread may be busy for ever, and then hears nothing. */
const watch = `
const { workerData } = require("node:worker_threads");
setInterval(() => {
  if (process.ppid !== workerData.parent)
    setTimeout(() => process.kill(process.pid, "SIGKILL"), workerData.graceMs);
}, workerData.lookMs);
`;

/** Ends this process after its parent, whatever it is doing: a job nobody waits for must not use up the machine. */
export function endWithParent(): void {
  new Worker(watch, {
    eval: true,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
    workerData: { parent: process.ppid, graceMs, lookMs },
  }).unref();
}
