import { readFileSync } from "node:fs";
import { createProcesses } from "./adapters/exec/processes.ts";
import { createPinoLog } from "./adapters/pino/log.ts";
import { runCli } from "./cli/run.ts";
import { createTerminal } from "./cli/terminal.ts";
import { createServices } from "./composition/create-services.ts";
import type { LoadedConfig } from "./config/load.ts";
import { environmentSecrets, secretTexts } from "./config/secrets.ts";
import type { Services } from "./contracts/services.ts";
import { commands, loadJobs, routes } from "./features/registry.generated.ts";

/** The composition root: the only place that knows every part, and with `config/` the only one that reads the environment. */
const repeatedSignalMs = 500;

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const processes = createProcesses();
const terminal = createTerminal({
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
});
const stopping = new AbortController();

process.on("exit", () => processes.killAll());
let stoppedAt = Infinity;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    // The second time the person means it; what comes at once is the same signal by two ways (`timeout`, a launcher).
    if (performance.now() - stoppedAt > repeatedSignalMs) process.exit(130);
    stoppedAt = Math.min(stoppedAt, performance.now());
    stopping.abort();
  });
// `repowright … | head` closes our output; that is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCli({
  args: process.argv.slice(2),
  environment: process.env,
  cwd: process.cwd(),
  version,
  commands,
  terminal,
  signal: stopping.signal,
  createServices: compose,
});
// What a failed command had under way would keep the program alive.
stopping.abort();

function compose(config: LoadedConfig): Promise<{ services: Services; close: () => Promise<void> }> {
  const isServer = process.argv[2] === "serve";
  const { level, format } = {
    // A server's log is read afterwards, when it is too late to ask for more.
    level:
      isServer && config.origins["log.level"].kind === "default"
        ? ("info" as const)
        : config.values["log.level"],
    format:
      config.values["log.format"] === "auto"
        ? process.stderr.isTTY
          ? ("pretty" as const)
          : ("json" as const)
        : config.values["log.format"],
  };
  const log = createPinoLog({
    level,
    format,
    hasColor: terminal.hasColor,
    service: "repowright",
    version,
    secrets: [...secretTexts(config.values), ...environmentSecrets(process.env)],
    write: (line) => terminal.note(line),
  });
  return createServices({
    config,
    environment: process.env,
    version,
    processes,
    log,
    jobLog: { level, format },
    loadJobs,
    loadRoutes: async () => (await Promise.all(routes.map((load) => load()))).map((module) => module.default),
    scanWorkerUrl: sibling("scan-worker"),
    databaseWorkerUrl: sibling("database-worker"),
    jobProcessUrl: sibling("job-process"),
    migrationsUrl: new URL("../migrations/", import.meta.url),
  });
}

/** The entry of another thread or process: `.ts` in a checkout, `.js` in a package. */
function sibling(name: string): URL {
  return new URL(import.meta.url.replace(/main(\.[a-z]+)$/, `${name}$1`));
}
