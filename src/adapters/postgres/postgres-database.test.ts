import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../../../test/support/child-processes.ts";
import { serversAvailable, startPostgres, type TestPostgres } from "../../../test/support/servers.ts";
import { describeDatabase } from "../../../test/suites/database.ts";
import type { AppError } from "../../base/errors.ts";
import { openPostgresDatabase } from "./postgres-database.ts";

const { postgres, canRestartPostgres } = serversAvailable();
const options = { connections: 6, carriesQueue: true };

describe.skipIf(!postgres)("on a server", () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.close());

  describeDatabase("PostgreSQL", async () =>
    openPostgresDatabase({ ...options, url: await server.createDatabase() }),
  );

  test("a full pool is an answer, not a hang", async () => {
    const database = await openPostgresDatabase({
      url: await server.createDatabase(),
      connections: 2,
      carriesQueue: true,
      connectTimeoutMs: 300,
    });
    let end = (): void => {};
    const held = database.transaction(() => new Promise<void>((resolve) => (end = resolve)));
    const start = performance.now();
    await expect(database.query("select 1")).rejects.toMatchObject({ code: "database-unavailable" });
    expect(performance.now() - start).toBeLessThan(3_000);
    end();
    await held;
    expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
    await database.close();
    await database.close();
  });

  test("a statement that takes too long is ended", async () => {
    const database = await openPostgresDatabase({
      ...options,
      url: await server.createDatabase(),
      statementTimeoutMs: 200,
    });
    await expect(database.query("select pg_sleep(5)")).rejects.toMatchObject({
      code: "database-unavailable",
    });
    await database.close();
  });

  test("what a server refuses is said without the password", async () => {
    const url = new URL(await server.createDatabase());
    url.password = "s3cret";
    url.pathname = "/missing";
    const error = await openPostgresDatabase({ ...options, url: url.href }).catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: "database-invalid",
      message: expect.stringContaining("missing") as string,
    });
    expect(`${(error as AppError).message} ${JSON.stringify(error)}`).not.toContain("s3cret");
  });

  test("a user who may not create schemas is refused, unless they are there", async () => {
    const url = await server.createDatabase();
    const admin = await openPostgresDatabase({ ...options, url: await server.createDatabase() });
    await admin.script("drop role if exists guest; create role guest login password 'guest'");
    const guest = new URL(url);
    guest.username = "guest";
    guest.password = "guest";
    await expect(openPostgresDatabase({ ...options, url: guest.href })).rejects.toMatchObject({
      code: "database-invalid",
      message: expect.stringContaining("permission denied") as string,
    });
    const owner = await openPostgresDatabase({ ...options, url });
    await owner.script("grant usage on schema repowright to guest");
    await owner.close();
    const database = await openPostgresDatabase({ ...options, url: guest.href });
    await database.close();
    await admin.close();
  });

  test("processes that open an empty database together do not clash", async () => {
    const url = await server.createDatabase();
    const all = await Promise.all(Array.from({ length: 6 }, () => openPostgresDatabase({ ...options, url })));
    await Promise.all(all.map((database) => database.close()));
  });

  describe.skipIf(!canRestartPostgres)("that fails", () => {
    test.each(["fast", "immediate", "kill"] as const)(
      "%s: no process exits, and work resumes",
      async (how) => {
        const database = await openPostgresDatabase({ ...options, url: await server.createDatabase() });
        const heard: string[] = [];
        await database.listen(
          "news",
          (text) => heard.push(text),
          () => heard.push("gap"),
        );
        let go = (): void => {};
        const held = database.transaction(async (transaction) => {
          await transaction.query("select 1");
          await new Promise<void>((resolve) => (go = resolve));
          await transaction.query("select 1");
        });
        const sleeping = database.query("select pg_sleep(20)");
        const ended = Promise.allSettled([sleeping, held]);
        await new Promise((resolve) => setTimeout(resolve, 100));
        if (how === "kill") await server.kill();
        else await server.stop(how);
        go();
        for (const end of await ended)
          expect(end).toMatchObject({ status: "rejected", reason: { code: "database-unavailable" } });
        await expect(database.query("select 1")).rejects.toMatchObject({ code: "database-unavailable" });
        await expect(database.transaction(async () => {})).rejects.toMatchObject({
          code: "database-unavailable",
        });
        await server.start();
        expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
        await until(() => heard.includes("gap"), "the message that there was a gap");
        await database.query("select pg_notify('news', 'again')");
        await until(() => heard.includes("again"), "a notification over the new connection");
        await database.close();
      },
    );

    test("a backend that is killed takes only its own statement with it", async () => {
      const database = await openPostgresDatabase({ ...options, url: await server.createDatabase() });
      const cut = database.transaction(async (transaction) => {
        const [row] = await transaction.query<{ pid: number }>("select pg_backend_pid() as pid");
        await database.query("select pg_terminate_backend($1)", [row!.pid]);
        await transaction.query("select 1");
      });
      await expect(cut).rejects.toMatchObject({ code: "database-unavailable" });
      expect(await database.query("select 1 as one")).toEqual([{ one: 1 }]);
      await database.close();
    });
  });
});

test("nobody there", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const url = `postgres://ada:s3cret@127.0.0.1:${port}/x`;
  const error = await openPostgresDatabase({ ...options, url }).catch((error: unknown) => error);
  expect(error).toMatchObject({
    code: "database-unavailable",
    message: expect.stringContaining(`127.0.0.1:${port}/x`) as string,
  });
  expect((error as AppError).message).not.toContain("s3cret");
});

test("somebody there who does not answer", async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const url = `postgres://ada@127.0.0.1:${(silent.address() as AddressInfo).port}/x`;
  await expect(openPostgresDatabase({ ...options, url, connectTimeoutMs: 300 })).rejects.toMatchObject({
    code: "database-unavailable",
  });
  silent.close();
});

test.each([
  "",
  "mysql://ada:s3cret@x/y",
  "postgres://ada:s3cret@ho st:x/y",
  "postgres://a:s3cret@h:99999999/x",
])("%j is no address, and is not repeated", async (url) => {
  const error = await openPostgresDatabase({ ...options, url }).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "config-invalid" });
  expect((error as AppError).message).not.toContain("s3cret");
});
