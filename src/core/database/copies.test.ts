import { gunzipSync, gzipSync } from "node:zlib";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmbeddedPorts } from "../../../test/support/embedded.ts";
import { serversAvailable, startPostgres, type TestPostgres } from "../../../test/support/servers.ts";
import { sharedFolder } from "../../../test/support/shared-folder.ts";
import { openPostgresDatabase } from "../../adapters/postgres/postgres-database.ts";
import { loadConfig } from "../../config/load.ts";
import type { CopyOptions, Database, DatabaseTools } from "../../contracts/database.ts";
import { migrate } from "./migrate.ts";
import { openEmbedded } from "./open-embedded.ts";
import { listSnapshots, scheduleSnapshots, snapshotFolder, takeSnapshot } from "./snapshots.ts";
import { beginCopy, listTables, sumUp } from "./tables.ts";
import { createDatabaseTools } from "./tools.ts";

const folder = sharedFolder();
const ports = createEmbeddedPorts();
const source = join(folder, "source");
const backup = join(folder, "source.backup.gz");
const { postgres } = serversAvailable();
const options: CopyOptions = { onProgress: () => {}, signal: new AbortController().signal };

function createTools(dataDir: string, url = "", environment: Record<string, string> = {}): DatabaseTools {
  const config = loadConfig({
    environment: { HOME: folder },
    flags: { data_dir: dataDir, "database.url": url, "database.ballast_bytes": "1MiB" },
    cwd: folder,
  }).values;
  return createDatabaseTools({
    config,
    openEngine: ports.openEngine,
    openServer: openServer,
    locks: ports.locks,
    migrations: () => ports.migrations,
    environment,
    now: Date.now,
  });
}

function openServer(url: string): Promise<Database> {
  return openPostgresDatabase({ url, connections: 4, carriesQueue: false });
}

async function fill(database: Database): Promise<void> {
  await database.query(
    `insert into repositories (id, source, name, created_at)
     select 'r' || i, 'https://x/' || i, E'näme "\\n' || i, '2024-01-02T03:04:05.123456Z'::timestamptz + i * interval '1 microsecond'
     from generate_series(1, 2500) i`,
  );
  await database.query(
    `insert into jobs (id, kind, caller, repository_id, input, max_attempts, turn, progress, priority)
     select 'j' || i, 'analyze', 'me', 'r' || i, jsonb_build_object('big', 9007199254740993, 'text', repeat('ü', 2000)), 3,
       9007199254740993 + i, 0.1, -5 from generate_series(1, 600) i`,
  );
  await database.query("insert into results (job_id, content) values ('j1', $1), ('j2', '')", [
    "x".repeat(6e6),
  ]);
  await database.query(
    `insert into deliveries (origin, delivery_key, body_hash, job_id) values ('o', E'\\\\x\\t', 'h', 'j1')`,
  );
}

/** Rows and sums of all tables. */
async function sums(database: Database): Promise<Record<string, unknown>> {
  return await database.transaction(async (transaction) => {
    await beginCopy(transaction, "read");
    const all: Record<string, unknown> = {};
    for (const table of await listTables(transaction)) all[table] = await sumUp(transaction, table);
    return all;
  });
}

async function sumsOf(dataDir: string): Promise<Record<string, unknown>> {
  const { database, close } = await openEmbedded(dataDir, ports);
  const all = await sums(database);
  await close();
  return all;
}

let original: Record<string, unknown>;
let snapshot: string;

beforeAll(async () => {
  const { database, close } = await openEmbedded(source, ports);
  await fill(database);
  original = await sums(database);
  snapshot = await takeSnapshot({ database, folder: snapshotFolder(source), kept: 3, now: Date.now });
  await close();
  await createTools(source).backup(backup, options);
});

test("tables come in the order in which they refer to each other", async () => {
  const tables = Object.keys(original);
  expect(tables.indexOf("repositories")).toBeLessThan(tables.indexOf("jobs"));
  expect(tables.indexOf("jobs")).toBeLessThan(tables.indexOf("results"));
  expect(tables).not.toContain("migrations");
  expect(original["jobs"]).toMatchObject({ rows: 600 });
});

describe("snapshots", () => {
  test("the newest ones stay, leftovers go", async () => {
    const place = join(folder, "snapshots");
    const database = { dump: async () => new Uint8Array([1]) };
    let now = Date.parse("2024-01-01T00:00:00Z");
    for (let count = 0; count < 4; count++) {
      await takeSnapshot({ database, folder: place, kept: 2, now: () => (now += 1_000) });
      writeFileSync(join(place, "half.tar.gz.tmp"), "");
    }
    await takeSnapshot({ database, folder: place, kept: 2, now: () => (now += 1_000) });
    expect(readdirSync(place).toSorted()).toEqual([
      "2024-01-01T00-00-04.000Z.tar.gz",
      "2024-01-01T00-00-05.000Z.tar.gz",
    ]);
  });

  test("on a timer, and a failure is told and tried again", async () => {
    const place = join(folder, "timed");
    const failures: unknown[] = [];
    let calls = 0;
    const database = {
      async dump() {
        if (++calls === 1) throw new Error("not now");
        return new Uint8Array([1]);
      },
    };
    const stop = scheduleSnapshots({
      database,
      folder: place,
      kept: 5,
      now: Date.now,
      everyMs: 30,
      onError: (error) => failures.push(error),
    });
    await expect.poll(() => listSnapshots(place).length).toBeGreaterThan(1);
    stop();
    expect(failures).toEqual([new Error("not now")]);
  });

  test("restored: the same rows, and the old database is kept aside", async () => {
    const dataDir = join(folder, "from-snapshot");
    const { database, close } = await openEmbedded(dataDir, ports);
    await database.query("insert into repositories (id, source, name) values ('old', 'old', 'old')");
    await close();
    const { keptAside } = await createTools(dataDir).restore(snapshot, options);
    expect(await sumsOf(dataDir)).toEqual(original);
    const old = await ports.openEngine(keptAside!, {});
    expect(await old.query("select id from repositories")).toEqual([{ id: "old" }]);
    await old.close();
  });
});

describe("restoring", () => {
  test("a backup into an empty data directory", async () => {
    const dataDir = join(folder, "from-backup");
    expect(await createTools(dataDir).restore(backup, options)).toEqual({
      tables: Object.keys(original).length,
      rows: 3_103,
      keptAside: null,
    });
    expect(await sumsOf(dataDir)).toEqual(original);
  });

  test("what is no backup, cut off or damaged changes nothing", async () => {
    const dataDir = join(folder, "kept");
    const { database, close } = await openEmbedded(dataDir, ports);
    await database.query("insert into repositories (id, source, name) values ('old', 'old', 'old')");
    await close();
    const before = await sumsOf(dataDir);
    const bytes = readFileSync(backup);
    const text = gunzipSync(bytes).toString();
    const lines = text.trimEnd().split("\n");
    const broken: Record<string, Buffer> = {
      text: Buffer.from("hello"),
      empty: Buffer.alloc(0),
      json: gzipSync('{"a":1}\n'),
      garbage: gzipSync("garbage"),
      cut: bytes.subarray(0, bytes.length - 500),
      "cut-snapshot": readFileSync(snapshot).subarray(0, 200_000),
      "without-end": gzipSync(lines.slice(0, -1).join("\n")),
      "without-a-row": gzipSync(lines.toSpliced(10, 1).join("\n")),
      "other-table": gzipSync(text.replace('["repositories",', '["pg_authid",')),
      "bad-row": gzipSync(text.replace('["repositories",{', '["repositories",[')),
    };
    for (const [name, content] of Object.entries(broken)) {
      const file = join(folder, name);
      writeFileSync(file, content);
      await expect(createTools(dataDir).restore(file, options), name).rejects.toMatchObject({
        code: "backup-invalid",
      });
    }
    await expect(createTools(dataDir).restore(join(folder, "missing"), options)).rejects.toMatchObject({
      code: "backup-invalid",
    });
    const newer = join(folder, "newer");
    writeFileSync(newer, gzipSync(text.replace('"version":', '"version":9')));
    await expect(createTools(dataDir).restore(newer, options)).rejects.toMatchObject({
      code: "database-newer",
    });
    expect(await sumsOf(dataDir)).toEqual(before);
    expect(readdirSync(dataDir).filter((name) => name.startsWith("database."))).not.toContain(
      "database.restoring",
    );
  }, 120_000);

  test("is refused while somebody uses the data directory", async () => {
    const dataDir = join(folder, "busy");
    const { close } = await openEmbedded(dataDir, ports);
    await expect(createTools(dataDir).restore(backup, options)).rejects.toMatchObject({
      code: "data-directory-locked",
    });
    await close();
  });

  test("a backup into a folder that does not exist, or is no folder", async () => {
    for (const file of [join(folder, "no", "where"), join(backup, "below")])
      await expect(createTools(source).backup(file, options)).rejects.toMatchObject({
        code: "output-failed",
      });
    expect(existsSync(join(folder, "no"))).toBe(false);
  });
});

describe.skipIf(!postgres)("with a server", () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.close());

  async function sumsAt(url: string): Promise<Record<string, unknown>> {
    const database = await openServer(url);
    const all = await sums(database);
    await database.close();
    return all;
  }

  test("moves everything, and the source is as it was", async () => {
    const url = await server.createDatabase();
    const tools = createTools(source, "", { TARGET: url });
    const messages = new Set<string>();
    const report = await tools.move("TARGET", {
      ...options,
      onProgress: ({ message }) => messages.add(message),
    });
    expect(report).toEqual({ tables: Object.keys(original).length, rows: 3_103 });
    expect(await sumsAt(url)).toEqual(original);
    expect(await sumsOf(source)).toEqual(original);
    expect([...messages].some((message) => message.includes("jobs"))).toBe(true);
    // A second time it is not empty any more.
    await expect(tools.move("TARGET", options)).rejects.toMatchObject({ code: "database-invalid" });
    expect(await sumsAt(url)).toEqual(original);
  });

  test("a move that is cancelled, or has no target, leaves nothing", async () => {
    const url = await server.createDatabase();
    const cancelling = new AbortController();
    await expect(
      createTools(source, "", { TARGET: url }).move("TARGET", {
        onProgress: ({ message }) => message.includes("jobs") && cancelling.abort(),
        signal: cancelling.signal,
      }),
    ).rejects.toMatchObject({ code: "cancelled" });
    expect(Object.values(await sumsAt(url))).not.toContainEqual(expect.objectContaining({ rows: 2_500 }));
    await expect(createTools(source).move("TARGET", options)).rejects.toMatchObject({ code: "usage" });
  });

  test("backups go both ways", async () => {
    const url = await server.createDatabase();
    await createTools(folder, url).restore(backup, options);
    expect(await sumsAt(url)).toEqual(original);
    const back = join(folder, "server.backup.gz");
    await createTools(folder, url).backup(back, options);
    const dataDir = join(folder, "from-server");
    await createTools(dataDir).restore(back, options);
    expect(await sumsOf(dataDir)).toEqual(original);
    await expect(createTools(folder, url).restore(backup, options)).rejects.toMatchObject({
      code: "database-invalid",
    });
    await expect(createTools(folder, url).restore(snapshot, options)).rejects.toMatchObject({
      code: "backup-invalid",
    });
  });

  test("a backup of an older version is brought forward", async () => {
    const url = await server.createDatabase();
    const next = [
      ...ports.migrations,
      {
        version: ports.migrations.length + 1,
        name: "9999_next",
        sql: "alter table repositories add column stars int not null default 7",
      },
    ];
    const copy = join(folder, "copy.gz");
    copyFileSync(backup, copy);
    const config = loadConfig({
      environment: { HOME: folder },
      flags: { "database.url": url },
      cwd: folder,
    }).values;
    const tools = createDatabaseTools({
      config,
      openEngine: ports.openEngine,
      openServer,
      locks: ports.locks,
      environment: {},
      now: Date.now,
      migrations: () => next,
    });
    await tools.restore(copy, options);
    const database = await openServer(url);
    expect((await migrate(database, next)).applied).toEqual([]);
    expect(await database.query("select count(*) as n from repositories where stars = 7")).toEqual([
      { n: 2_500 },
    ]);
    await database.close();
  });
});
