import { Redis } from "ioredis";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRunning } from "./child-processes.ts";
import { serversAvailable, startPostgres, startRedis, type TestPostgres, type TestRedis } from "./servers.ts";

const available = serversAvailable();

describe.skipIf(!available.canRestartPostgres)("PostgreSQL", () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.close());

  async function query(url: string, sql: string): Promise<unknown[]> {
    const client = new Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  test("has pgvector, and databases of their own", async () => {
    const [one, other] = [await server.createDatabase(), await server.createDatabase()];
    await query(one, "create extension vector; create table here (a vector(2))");
    await query(one, "insert into here values ('[1,2]')");
    expect(await query(one, "select a <-> '[1,2]' as distance from here")).toEqual([{ distance: 0 }]);
    await expect(query(other, "select * from here")).rejects.toThrow("does not exist");
  });

  test.each(["fast", "immediate", "kill"] as const)("%s and start again, nothing lost", async (how) => {
    const url = await server.createDatabase();
    await query(url, "create table kept (a int); insert into kept values (1)");
    const pid = server.pid()!;
    if (how === "kill") await server.kill();
    else await server.stop(how);
    expect(isRunning(pid)).toBe(false);
    await expect(query(url, "select 1")).rejects.toThrow("ECONNREFUSED");
    await server.start();
    expect(await query(url, "select * from kept")).toEqual([{ a: 1 }]);
  });
});

describe.skipIf(!available.canRestartRedis)("Redis", () => {
  async function using<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(url);
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  test.each([true, false])("survives a kill when it is durable: %s", async (isDurable) => {
    const server: TestRedis = await startRedis({ isDurable });
    try {
      await using(server.url, (client) => client.set("a", "1"));
      await server.kill();
      await server.start();
      expect(await using(server.url, (client) => client.get("a"))).toBe(isDurable ? "1" : null);
      await using(server.url, (client) => client.set("a", "2"));
      await server.flush();
      expect(await using(server.url, (client) => client.get("a"))).toBeNull();
    } finally {
      await server.close();
    }
  });
});
