import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createEmbeddedPorts } from "../../../test/support/embedded.ts";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { sharedFolder } from "../../../test/support/shared-folder.ts";
import type { AppError } from "../../base/errors.ts";
import type { EmbeddedDatabase } from "../../contracts/database.ts";
import { openEmbedded } from "./open-embedded.ts";

const shared = sharedFolder();
const template = join(shared, "template");
const ports = createEmbeddedPorts();
const isRoot = process.getuid?.() === 0;
const mib = 2 ** 20;

beforeAll(async () => {
  const { close } = await openEmbedded(template, ports);
  await close();
});

/** A data directory with a database in it, faster than making one. */
function copyOfTemplate(folder: string): string {
  cpSync(template, folder, { recursive: true });
  return folder;
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    return error as AppError;
  }
  throw new Error("It did not fail.");
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Another process that has the database open; resolves when it has. */
async function openElsewhere(dataDir: string): Promise<ChildProcess> {
  const writer = fileURLToPath(new URL("../../../test/faults/embedded-writer.ts", import.meta.url));
  const child = spawn(process.execPath, [writer, dataDir, join(shared, "ledger"), "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

describe("opening", () => {
  test("takes the directory until it is closed", async () => {
    const dataDir = copyOfTemplate(temporaryFolder());
    const opened = await openEmbedded(dataDir, ports);
    expect(opened.migrated.version).toBe(ports.migrations.length);
    expect(await failure(openEmbedded(dataDir, createEmbeddedPorts()))).toMatchObject({
      code: "data-directory-locked",
    });
    await Promise.all([opened.close(), opened.close()]);
    const again = await openEmbedded(dataDir, ports);
    await again.close();
  });

  test("a second process is refused at once, the first one's id is named, and nothing changes (F6)", async () => {
    const dataDir = copyOfTemplate(temporaryFolder());
    const first = await openElsewhere(dataDir);
    first.kill("SIGSTOP");
    const before = snapshotOf(dataDir);
    const start = performance.now();
    const error = await failure(openEmbedded(dataDir, ports));
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(error).toMatchObject({ code: "data-directory-locked", details: { pid: first.pid } });
    expect(error.message).toContain(String(first.pid));
    expect(snapshotOf(dataDir)).toEqual(before);
    first.kill("SIGKILL");
    await new Promise((resolve) => first.once("close", resolve));
    const { close } = await openEmbedded(dataDir, ports);
    await close();
  });

  test("what a kill left of a first opening does not stop the next", async () => {
    const dataDir = copyOfTemplate(temporaryFolder());
    rmSync(join(dataDir, "database", "repowright.ready"));
    rmSync(join(dataDir, "database", "global"), { recursive: true });
    const { database, close } = await openEmbedded(dataDir, ports);
    expect(await database.query("select * from jobs")).toEqual([]);
    await close();
    expect(readdirSync(dataDir).filter((name) => name.includes("unfinished"))).toEqual([]);
  });

  test("a database that was ready once is never taken for unfinished", async () => {
    const dataDir = copyOfTemplate(temporaryFolder());
    rmSync(join(dataDir, "database", "global"), { recursive: true });
    expect(await failure(openEmbedded(dataDir, ports))).toMatchObject({ code: "database-unavailable" });
    expect(existsSync(join(dataDir, "database", "base"))).toBe(true);
  });

  test("the reserve is made of real blocks, and follows the setting", async () => {
    const dataDir = copyOfTemplate(temporaryFolder());
    rmSync(join(dataDir, "database.ballast"), { force: true });
    const { ballast, close } = await openEmbedded(dataDir, createEmbeddedPorts({ ballastBytes: 3 * mib }));
    expect(await ballast.make()).toBe(true);
    const path = join(dataDir, "database.ballast");
    expect(statSync(path)).toMatchObject({ size: 3 * mib });
    expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(3 * mib);
    expect(ballast.free()).toBe(true);
    expect(ballast.free()).toBe(false);
    expect(existsSync(path)).toBe(false);
    await close();
  });

  test.skipIf(!isRoot || spawnSync("setpriv", ["--version"]).status !== 0)(
    "a folder that may not be written",
    async () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o755);
      const dataDir = copyOfTemplate(join(folder, "data"));
      const script = `
      import { openEmbedded } from ${JSON.stringify(new URL("open-embedded.ts", import.meta.url).href)};
      import { createEmbeddedPorts } from ${JSON.stringify(new URL("../../../test/support/embedded.ts", import.meta.url).href)};
      await openEmbedded(process.argv[1], createEmbeddedPorts()).catch((error) => console.log(error.code, error.message));`;
      const run = (path: string): string =>
        spawnSync(
          "setpriv",
          [
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            process.execPath,
            "--input-type=module",
            "-e",
            script,
            path,
          ],
          { encoding: "utf8" },
        ).stdout;
      for (const path of [dataDir, join(folder, "new")]) {
        const said = run(path);
        expect(said).toMatch(/^permission-denied /);
        expect(said).toContain(path);
      }
      chownSync(dataDir, 65_534, 65_534);
      expect(run(dataDir)).toMatch(/^permission-denied /);
    },
  );
});

const canMount = isRoot && tryMount();

describe.skipIf(!canMount)("a small disk", () => {
  function mount(sizeMib: number): string {
    const folder = join(temporaryFolder(), "disk");
    mkdirSync(folder);
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMib}m`, "tmpfs", folder]);
    // Before the folder is removed: what was registered last runs first.
    onTestFinished(() => void execFileSync("umount", ["-l", folder]));
    return folder;
  }

  /** Takes all that is left. */
  function fill(folder: string): () => void {
    const path = join(folder, "filling");
    try {
      for (;;) writeFileSync(path, Buffer.alloc(64 * 1024, 1), { flag: "a" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
    return () => rmSync(path);
  }

  test("read only", async () => {
    const folder = mount(150);
    const dataDir = copyOfTemplate(join(folder, "data"));
    execFileSync("mount", ["-o", "remount,ro", folder]);
    for (const path of [dataDir, join(folder, "new")]) {
      const error = await failure(openEmbedded(path, ports));
      expect(error).toMatchObject({ code: "permission-denied" });
      expect(error.message).toContain(path);
    }
  });

  test("too small for a database", async () => {
    const error = await failure(openEmbedded(join(mount(20), "data"), ports));
    expect(error).toMatchObject({ code: "disk-full" });
  });

  test("full after a crash: opens by way of its reserve, which comes back with the room", async () => {
    const folder = mount(250);
    const dataDir = copyOfTemplate(join(folder, "data"));
    const options = createEmbeddedPorts({ ballastBytes: 40 * mib });
    const crashed = await crash(dataDir, options.openEngine);
    const empty = fill(folder);
    // The control: without a reserve it cannot open.
    rmSync(join(dataDir, "database.ballast"), { force: true });
    expect(await failure(openEmbedded(dataDir, options))).toMatchObject({ code: "disk-full" });
    // With one: nothing else is different.
    empty();
    const { ballast: before, close: closeFirst } = await openEmbedded(dataDir, {
      ...options,
      openEngine: notOpening,
    });
    expect(await before.make()).toBe(true);
    await closeFirst();
    const emptyAgain = fill(folder);
    const { database, ballast, close } = await openEmbedded(dataDir, options);
    expect(existsSync(join(dataDir, "database.ballast"))).toBe(false);
    expect(await database.query("select count(*) as n from repositories")).toEqual([{ n: crashed }]);
    await database.query("insert into repositories (id, source, name) values ('new', 'new', 'x')");
    expect(await ballast.make()).toBe(false);
    emptyAgain();
    expect(await ballast.make()).toBe(true);
    await close();
  }, 60_000);

  test("full while it runs: the reserve is given up, writing goes on, then says what is wrong", async () => {
    const folder = mount(250);
    const dataDir = copyOfTemplate(join(folder, "data"));
    const { database, ballast, close } = await openEmbedded(
      dataDir,
      createEmbeddedPorts({ ballastBytes: 20 * mib }),
    );
    expect(await ballast.make()).toBe(true);
    const empty = fill(folder);
    const big =
      "insert into results (job_id, content) select 'x', string_agg(md5(i::text), '') from generate_series(1, 30000) i";
    await database.script(
      "alter table results drop constraint results_pkey, drop constraint results_job_id_fkey",
    );
    let written = 0;
    const error = await failure(
      (async () => {
        for (; written < 1_000; written++) await database.query(big);
      })(),
    );
    expect(error).toMatchObject({ code: expect.stringMatching(/disk-full|database-unavailable/) as string });
    expect(existsSync(join(dataDir, "database.ballast"))).toBe(false);
    expect(written).toBeGreaterThan(5);
    empty();
    const end = performance.now() + 10_000;
    let count: readonly unknown[] = [];
    while (count.length === 0 && performance.now() < end) {
      await sleep(50);
      count = await database.query("select count(*)::int as n from results").catch(() => []);
    }
    expect(count).toEqual([{ n: written }]);
    await close();
  }, 60_000);
});

/** Leaves a database that has much to repair: killed in the middle of its work. */
async function crash(dataDir: string, openEngine: typeof ports.openEngine): Promise<number> {
  const engine = await openEngine(join(dataDir, "database"), {});
  await engine.script(
    "insert into repositories (id, source, name) select i::text, i::text, repeat(md5(i::text), 40) from generate_series(1, 4000) i",
  );
  const copy = join(dataDir, "copy");
  cpSync(join(dataDir, "database"), copy, { recursive: true });
  await engine.close();
  rmSync(join(dataDir, "database"), { recursive: true });
  cpSync(copy, join(dataDir, "database"), { recursive: true });
  rmSync(copy, { recursive: true });
  return 4_000;
}

async function notOpening(): Promise<EmbeddedDatabase> {
  return {
    transaction: async () => null,
    query: async () => [{}],
    close: async () => {},
  } as unknown as EmbeddedDatabase;
}

/** Names, sizes and times of all files. */
function snapshotOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    })
    .toSorted();
}

function tryMount(): boolean {
  const folder = join(shared, "mount");
  mkdirSync(folder, { recursive: true });
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status !== 0) return false;
  const isMounted = readFileSync("/proc/mounts", "utf8").includes(folder);
  return spawnSync("umount", [folder]).status === 0 && isMounted;
}
