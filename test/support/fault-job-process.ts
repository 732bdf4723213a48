import { endWithParent } from "../../src/adapters/exec/end-with-parent.ts";
import { createProcesses } from "../../src/adapters/exec/processes.ts";
import { createTracing } from "../../src/adapters/opentelemetry/tracing.ts";
import type { FromJobProcess, ToJobProcess } from "../../src/contracts/job-channel.ts";
import type { Services } from "../../src/contracts/services.ts";
import { createAttemptServer } from "../../src/core/jobs/serve-attempts.ts";
import { faultKinds } from "./fault-kinds.ts";
import { silentLog } from "./silent-log.ts";
import { createGit } from "../../src/adapters/git/git.ts";

/** A job process like `src/job-process.ts`, with the kinds of the fault tests. */
const send = (message: FromJobProcess): void => {
  if (process.connected) process.send!(message, () => {});
};
const processes = createProcesses((pid, isRunning) => send({ type: "group", pid, isRunning }));
process.on("exit", () => processes.killAll());
const git = createGit(processes, {
  program: "git",
  path: process.env["PATH"]!,
  homeDir: process.cwd(),
  sshCommand: "ssh",
  sshAgent: "",
  proxy: "",
  caFile: "",
  commandTimeoutMs: 60_000,
  memoryBytes: 2 ** 31,
  log: silentLog,
});
const tracing = await createTracing({ endpoint: "", service: "test", version: "0" });
const services = { log: silentLog, tracing, git } as unknown as Services;
const server = createAttemptServer(services, faultKinds, send);
process.on("message", (message: ToJobProcess) => {
  if (message.type !== "init") server.receive(message);
});
endWithParent();
process.once("disconnect", () => process.exit(1));
