import { randomBytes } from "node:crypto";
import { availableParallelism, hostname } from "node:os";
import { createJobProcesses } from "../adapters/exec/job-processes.ts";
import { hostIds } from "../contracts/code-host.ts";
import type { JobDefinition, JobDefinitions } from "../contracts/job.ts";
import type { Platform } from "../contracts/platform.ts";
import type { RouteDefinition } from "../contracts/route.ts";
import type { Services } from "../contracts/services.ts";
import type { RunningServer, ServeOptions } from "../contracts/serving.ts";
import { readTimetable, startScheduler, type ScheduledJob, type Scheduler } from "../core/jobs/scheduler.ts";
import { startWorker, type Worker } from "../core/jobs/worker.ts";
import { endAbandonedReviews, endingMs } from "../core/review/end-abandoned.ts";
import { assertBindable } from "../server/access.ts";
import type { Server } from "../server/options.ts";
import { createServer } from "../server/server.ts";

export interface ServeInput {
  readonly services: Services;
  readonly version: string;
  readonly kinds: JobDefinitions;
  readonly routes: () => Promise<readonly RouteDefinition[]>;
  readonly jobProcessUrl: URL;
  readonly jobLog: {
    readonly level: "debug" | "info" | "warn" | "error";
    readonly format: "json" | "pretty";
  };
  /** Tells the command line of this data directory where the server is; gives what takes that back. */
  readonly announce: (url: string) => () => void;
  /** Starts what the database needs while a server runs on it; gives what stops that. */
  readonly care: () => Promise<() => void>;
}

/** Time that an attempt gets to stop by itself before its process is ended. */
const graceMs = 4_000;

/** Starts roles in this process, and stops them in order when `signal` is aborted. */
export async function serve(
  input: ServeInput,
  options: ServeOptions,
  signal: AbortSignal,
): Promise<RunningServer> {
  const { services } = input;
  const { log } = services;
  const config = services.config.values;
  const roles = new Set(options.roles);
  if (roles.has("api"))
    assertBindable(
      options.host,
      config["server.token"] !== "" || Object.keys(config["server.tokens"]).length > 0,
    );
  const timetable = readTimetable(config["jobs.schedule"]);
  const platform = await services.platform();
  const stopCaring = await input.care();
  if (platform.database.engine === "embedded" && roles.size < 3)
    log.warn("the embedded database serves one process; roles left out here run nowhere", {
      roles: [...roles],
    });

  const parts: Parts = { server: null, scheduler: null, work: null, withdraw() {}, stopCaring };
  try {
    // First what other programs can be in the way of.
    if (roles.has("api")) parts.server = await createApi(input, options);
    const url = parts.server ? await parts.server.listen({ port: options.port }) : null;
    if (roles.has("scheduler")) parts.scheduler = await startOrder(input, platform, timetable);
    if (roles.has("worker")) parts.work = await startWork(input, platform);
    if (roles.has("scheduler")) await startCatchUp(services, platform);
    if (url !== null) parts.withdraw = input.announce(url);
    log.info("started", {
      roles: [...roles],
      url,
      database: platform.database.engine,
      queue: platform.dispatcher.engine,
    });
    return { url, stopped: stopWhen(signal, parts, services) };
  } catch (error) {
    await stop(parts, 0);
    throw error;
  }
}

/** What was started so far. */
interface Parts {
  server: Server | null;
  scheduler: Scheduler | null;
  work: { readonly worker: Worker; readonly close: () => Promise<void> } | null;
  withdraw: () => void;
  readonly stopCaring: () => void;
}

async function stopWhen(signal: AbortSignal, parts: Parts, { config, log }: Services): Promise<void> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  const began = performance.now();
  log.info("stopping", { running: parts.work?.worker.running() ?? 0 });
  await stop(parts, config.values["server.drain_timeout"]);
  log.info("stopped", { duration_ms: Math.round(performance.now() - began) });
}

async function stop(parts: Parts, drainMs: number): Promise<void> {
  parts.withdraw();
  // Nothing new is accepted while what runs is finished.
  await Promise.all([parts.server?.close(), parts.work?.worker.drain(drainMs), parts.scheduler?.stop()]);
  await parts.work?.close();
  parts.stopCaring();
}

function startOrder(
  { services: { config, log }, kinds }: ServeInput,
  platform: Platform,
  timetable: readonly ScheduledJob[],
): Promise<Scheduler> {
  return startScheduler(
    { ...platform, log },
    {
      leaseMs: config.values["worker.lease"],
      finishedMs: config.values["jobs.retention"],
      failedMs: config.values["jobs.failed_retention"],
      callsMs: config.values["llm.retention"],
      timetable,
      isAlone: platform.database.engine === "embedded",
      chores: [
        {
          name: "abandoned reviews",
          everyMs: endingMs / 2,
          async run() {
            const ended = await endAbandonedReviews({ ...platform, kinds }, { afterMs: endingMs });
            if (ended.length > 0) log.info("reviews were ended without their model", { reviews: ended });
          },
        },
      ],
    },
  );
}

/** Asks hosts for what they told nobody while no server was there. Two servers that start at once ask once. */
async function startCatchUp({ codeHosts, log }: Services, { jobs }: Platform): Promise<void> {
  if (!hostIds.some((host) => codeHosts.isConfigured(host))) return;
  await jobs
    .start({ kind: "catch-up" }, { caller: "scheduler", allowsLocalSources: false })
    .catch((error: unknown) => log.warn("catch-up was not started", { error }));
}

async function startWork(input: ServeInput, platform: Platform): Promise<NonNullable<Parts["work"]>> {
  const { services, kinds } = input;
  const config = services.config.values;
  const runner = createJobProcesses({
    programUrl: input.jobProcessUrl,
    init: { type: "init", config: services.config, version: input.version, log: input.jobLog },
    memoryBytes: config["worker.memory"],
    idleMs: config["worker.idle_timeout"],
    graceMs,
    log: services.log,
  });
  // The first job should not wait for a process to start.
  runner.warm();
  const processors = availableParallelism();
  const most = config["worker.concurrency"];
  const worker = await startWorker(
    {
      ...platform,
      runner,
      kinds,
      log: services.log,
      metrics: services.metrics,
      tracing: services.tracing,
      random: Math.random,
    },
    {
      id: `${hostname()}-${process.pid}-${randomBytes(3).toString("hex")}`,
      host: hostname(),
      pid: process.pid,
      leaseMs: config["worker.lease"],
      concurrencyOf: (definition: JobDefinition) =>
        most > 0 ? most : Math.max(1, Math.min(definition.concurrency, processors)),
    },
  );
  return { worker, close: () => runner.close() };
}

async function createApi(input: ServeInput, options: ServeOptions): Promise<Server> {
  const { services } = input;
  const config = services.config.values;
  return createServer({
    title: "Repowright",
    version: input.version,
    routes: await input.routes(),
    services,
    log: services.log,
    metrics: services.metrics,
    tracing: services.tracing,
    host: options.host,
    token: config["server.token"],
    tokens: config["server.tokens"],
    localSources: config["server.local_sources"],
    limits: {
      bodyBytes: config["server.body_bytes"],
      requestTimeoutMs: config["server.request_timeout"],
      maxRequests: config["server.max_requests"],
      maxStreams: config["server.max_streams"],
    },
  });
}
