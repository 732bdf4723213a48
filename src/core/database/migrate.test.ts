import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { serversAvailable, startPostgres, type TestPostgres } from "../../../test/support/servers.ts";
import { sharedFolder } from "../../../test/support/shared-folder.ts";
import { openEmbeddedDatabase } from "../../adapters/pglite/embedded-database.ts";
import { openPostgresDatabase } from "../../adapters/postgres/postgres-database.ts";
import type { Database, Migration } from "../../contracts/database.ts";
import { migrate, readMigrations } from "./migrate.ts";

const real = readMigrations(fileURLToPath(new URL("../../../migrations", import.meta.url)));
const workerUrl = new URL("../../database-worker.ts", import.meta.url);
const folder = sharedFolder();
const { postgres } = serversAvailable();

const first: Migration = {
  version: 1,
  name: "0001_a",
  sql: "create table a (id int);\ninsert into a values (1);",
};
const second: Migration = { version: 2, name: "0002_b", sql: "insert into a values (2)" };
const broken: Migration = { version: 2, name: "0002_b", sql: "insert into a values (3); select 1/0;" };

function describeMigrate(name: string, open: () => Promise<Database>): void {
  describe(`migrations, ${name}`, () => {
    let database: Database;
    const rows = (): Promise<readonly unknown[]> => database.query("select id from repowright.a order by id");
    beforeAll(async () => {
      database = await open();
    });
    afterAll(() => database?.close());

    test("forward, each one once, with pgvector", async () => {
      expect(await migrate(database, [first])).toEqual({ applied: ["0001_a"], version: 1, hasVector: true });
      expect(await rows()).toEqual([{ id: 1 }]);
      await expect(migrate(database, [first, broken])).rejects.toMatchObject({
        code: "database-invalid",
        message: expect.stringContaining("0002_b") as string,
      });
      expect(await rows()).toEqual([{ id: 1 }]);
      expect((await migrate(database, [first, second])).applied).toEqual(["0002_b"]);
      expect((await migrate(database, [first, second])).applied).toEqual([]);
      expect(await rows()).toEqual([{ id: 1 }, { id: 2 }]);
      expect(await database.query("select '[1,2]'::vector <-> '[1,2]' as distance")).toEqual([
        { distance: 0 },
      ]);
    });

    test("a database of a later version is left alone", async () => {
      await expect(migrate(database, [first])).rejects.toMatchObject({
        code: "database-newer",
        message: expect.stringContaining("0002_b") as string,
      });
      expect(await database.query("select version from repowright.migrations")).toHaveLength(2);
    });

    test("an edited migration is refused by name, other line ends are not", async () => {
      const edited = { ...first, sql: "create table a (id bigint)" };
      const third = { version: 3, name: "0003_c", sql: "create table c (id int)" };
      await expect(migrate(database, [edited, second, third])).rejects.toMatchObject({
        code: "database-invalid",
        message: expect.stringContaining("0001_a") as string,
      });
      expect(await database.query("select to_regclass('repowright.c') as c")).toEqual([{ c: null }]);
      const windows = { ...first, sql: first.sql.replaceAll("\n", "\r\n") };
      expect((await migrate(database, [windows, second])).applied).toEqual([]);
    });
  });
}

describeMigrate("embedded", () => openEmbeddedDatabase({ directory: join(folder, "db"), workerUrl }));

describe.skipIf(!postgres)("on a server", () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.close());
  const open = (url: string): Promise<Database> =>
    openPostgresDatabase({ url, connections: 4, carriesQueue: false });

  describeMigrate("PostgreSQL", async () => open(await server.createDatabase()));

  test("processes that start together apply each migration once", async () => {
    const url = await server.createDatabase();
    const databases = await Promise.all(Array.from({ length: 5 }, () => open(url)));
    const slow = { ...first, sql: `select pg_sleep(0.2);\n${first.sql}` };
    const done = await Promise.all(databases.map((database) => migrate(database, [slow, second])));
    expect(done.flatMap((one) => one.applied).toSorted()).toEqual(["0001_a", "0002_b"]);
    expect(done.every((one) => one.hasVector)).toBe(true);
    expect(await databases[0]!.query("select id from a order by id")).toEqual([{ id: 1 }, { id: 2 }]);
    await Promise.all(databases.map((database) => database.close()));
  });

  test("the real ones", async () => {
    const database = await open(await server.createDatabase());
    expect((await migrate(database, real)).applied).toEqual(real.map((migration) => migration.name));
    await database.close();
  });
});

test("the real ones are numbered without gaps", () => {
  expect(real.length).toBeGreaterThan(0);
  expect(real.map((migration) => migration.version)).toEqual(real.map((_, index) => index + 1));
});

test.each([["0002_b.sql"], ["0001_a.sql", "0003_c.sql"], ["1_a.sql"], ["0001_A b.sql"]])(
  "%j is refused",
  (...names) => {
    const migrations = join(temporaryFolder(), "m");
    mkdirSync(migrations);
    for (const name of names) writeFileSync(join(migrations, name), "select 1");
    expect(() => readMigrations(migrations)).toThrow("must be named");
  },
);
