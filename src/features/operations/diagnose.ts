import { statfsSync } from "node:fs";
import { toAppError } from "../../base/errors.ts";
import { makeFolder } from "../../base/folder.ts";
import type { Services } from "../../contracts/services.ts";
import { assertWritable } from "../../core/database/disk.ts";
import { readServerFile } from "../../core/database/server-file.ts";

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  /** `warn`: something works less well, or not yet; `fail`: what it is about does not work. */
  readonly state: "ok" | "warn" | "fail";
  readonly detail: string;
  /** What to do about it; null when nothing needs doing. */
  readonly mend: string | null;
}

const oldestGit: readonly [number, number] = [2, 37];
const lowDiskBytes = 2 * 2 ** 30;
const sandboxTimeoutMs = 5_000;
/** What a sandboxed run needs of the kernel and of bubblewrap, and nothing else. */
const sandboxArguments = [
  "--unshare-user",
  "--unshare-all",
  "--die-with-parent",
  "--ro-bind",
  "/",
  "/",
  "/bin/sh",
  "-c",
  "exit 0",
];

/** Looks at everything that Repowright stands on. Never rejects; what cannot be found out is a check that fails. */
export async function diagnose(services: Services): Promise<readonly Check[]> {
  const { config } = services;
  const checks: Check[] = [
    good(
      "repowright",
      `${services.version} on Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    ),
    good("mode", describeMode(services)),
  ];
  checks.push(await attempt("git", () => checkGit(services)));
  checks.push(await attempt("data directory", async () => checkDataDirectory(config.values["data_dir"])));
  checks.push(await attempt("disk", async () => checkDisk(config.values["data_dir"])));
  checks.push(...(await checkDatabase(services)));
  checks.push(await attempt("sandbox", () => checkSandbox(services)));
  return checks;
}

function describeMode({ config }: Services): string {
  if (config.values["database.url"] === "")
    return config.values["redis.url"] === ""
      ? "embedded: database and queue in the data directory"
      : "embedded database, queue on Redis";
  return config.values["redis.url"] === ""
    ? "one server: PostgreSQL for state and queue"
    : "distributed: PostgreSQL for state, Redis for queue, cache and events";
}

async function checkGit({ git }: Services): Promise<Check> {
  const [major, minor] = await git.version();
  const isOld = major < oldestGit[0] || (major === oldestGit[0] && minor < oldestGit[1]);
  return isOld
    ? {
        name: "git",
        state: "fail",
        detail: `${major}.${minor}`,
        mend: `Install Git ${oldestGit.join(".")} or newer.`,
      }
    : good("git", `${major}.${minor}`);
}

function checkDataDirectory(folder: string): Check {
  makeFolder(folder);
  assertWritable(folder);
  return good("data directory", folder);
}

function checkDisk(folder: string): Check {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const detail = `${(free / 2 ** 30).toFixed(1)} GB free`;
  return free < lowDiskBytes
    ? { name: "disk", state: "warn", detail, mend: "Free some space, or point data_dir at a larger disk." }
    : good("disk", detail);
}

/** Through the running server where one has the database, else by opening it. */
async function checkDatabase(services: Services): Promise<readonly Check[]> {
  const dataDir = services.config.values["data_dir"];
  const server = readServerFile(dataDir);
  try {
    const { jobs, through } = await services.jobs();
    if (through === "server") {
      const counts = await jobs.counts();
      return [
        good(
          "server",
          `${services.config.values["server.url"] || server?.url || "?"}${server ? `, process ${server.pid}` : ""}, ${counts.workers} worker(s), ${counts.ready} job(s) waiting`,
        ),
        good("database", "in use by that server, which answers"),
      ];
    }
    const platform = await services.platform();
    const [version, [vector], health] = await Promise.all([
      platform.database.version(),
      platform.database.query<{ version: string }>(
        "select extversion as version from pg_extension where extname = 'vector'",
      ),
      platform.health(),
    ]);
    const [schema] = await platform.database.query<{ version: number }>(
      "select max(version)::int as version from migrations",
    );
    return [
      {
        name: "server",
        state: "ok",
        detail:
          health.workers > 0
            ? `${health.workers} worker(s) give signs of life`
            : "none runs on this data directory",
        mend: null,
      },
      good("database", `${version}, schema version ${schema?.version ?? 0}`),
      vector
        ? good("pgvector", vector.version)
        : {
            name: "pgvector",
            state: "warn",
            detail: "not installed",
            mend: "Only embeddings need it: install pgvector and run `create extension vector` as a superuser.",
          },
      health.queue
        ? good("queue", platform.dispatcher.engine)
        : {
            name: "queue",
            state: "fail",
            detail: `${platform.dispatcher.engine} does not answer`,
            mend: "Check that Redis at redis.url runs and can be reached.",
          },
    ];
  } catch (thrown) {
    return [failed("database", thrown)];
  }
}

async function checkSandbox({ processes, programPath }: Services): Promise<Check> {
  const running = processes.start({
    program: "bwrap",
    args: sandboxArguments,
    environment: { PATH: programPath },
    timeoutMs: sandboxTimeoutMs,
  });
  running.stdout.resume();
  const exit = await running.exit.catch(() => null);
  if (exit?.code === 0) return good("sandbox", "bubblewrap works");
  return {
    name: "sandbox",
    state: "warn",
    detail:
      exit === null
        ? "bubblewrap (bwrap) is not installed"
        : `bubblewrap does not work here: ${exit.stderr.trim().slice(0, 200)}`,
    mend: "Only running foreign repositories needs it: install bubblewrap, and allow user namespaces.",
  };
}

async function attempt(name: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (thrown) {
    return failed(name, thrown);
  }
}

function failed(name: string, thrown: unknown): Check {
  const error = toAppError(thrown);
  return { name, state: "fail", detail: error.message, mend: error.help };
}

function good(name: string, detail: string): Check {
  return { name, state: "ok", detail, mend: null };
}
