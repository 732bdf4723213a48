import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { until } from "../../../test/support/child-processes.ts";
import { sharedFolder } from "../../../test/support/shared-folder.ts";
import { describeDatabase } from "../../../test/suites/database.ts";
import { openEmbeddedDatabase } from "./embedded-database.ts";

const folder = sharedFolder();
const workerUrl = new URL("../../database-worker.ts", import.meta.url);

describeDatabase("embedded", () => openEmbeddedDatabase({ directory: join(folder, "suite"), workerUrl }));

test("what was written is there after closing and opening; closing twice is once", async () => {
  const directory = join(folder, "again");
  const durations: number[] = [];
  const database = await openEmbeddedDatabase({ directory, workerUrl, onQuery: (ms) => durations.push(ms) });
  await database.script("create table kept (id int)");
  await database.query("insert into kept values (1)");
  expect(durations.length).toBe(2);
  expect(durations.every((ms) => ms > 0 && ms < 10_000)).toBe(true);
  await Promise.all([database.close(), database.close()]);
  await database.close();
  await expect(database.query("select 1")).rejects.toMatchObject({ code: "database-unavailable" });
  await expect(database.transaction(async () => {})).rejects.toMatchObject({ code: "database-unavailable" });
  await expect(database.pool.query("select 1")).rejects.toMatchObject({ code: "database-unavailable" });
  expect(existsSync(join(directory, "PG_VERSION"))).toBe(true);

  const again = await openEmbeddedDatabase({ directory, workerUrl });
  expect(await again.query("select * from kept")).toEqual([{ id: 1 }]);
  await again.close();
});

test("an engine that breaks fails what is under way, then comes back", async () => {
  const restarts: number[] = [];
  const database = await openEmbeddedDatabase({
    directory: join(folder, "broken"),
    workerUrl,
    statementTimeoutMs: 1_000,
    beforeRestart: () => restarts.push(performance.now()),
  });
  await database.script("create table kept (id int); insert into kept values (1)");
  const heard: string[] = [];
  await database.listen(
    "news",
    (text) => heard.push(text),
    () => heard.push("gap"),
  );
  const client = (await database.pool.connect()) as NodeJS.EventEmitter;
  client.on("error", () => heard.push("cut"));
  // The engine cannot be interrupted, so a statement without end is the end of its thread.
  const endless = database.query(
    "with recursive r as (select 1 union all select 1 from r) select count(*) from r",
  );
  const behind = database.query("select 1");
  const waiting = database.transaction(async (transaction) => transaction.query("select 1"));
  for (const pending of [endless, behind, waiting])
    await expect(pending).rejects.toMatchObject({
      code: "database-unavailable",
      message: expect.stringContaining("1 s") as string,
    });
  await expect(database.query("select 1")).rejects.toMatchObject({ code: "database-unavailable" });
  await until(() => heard.includes("gap"), "the engine to come back");
  expect(heard).toEqual(["cut", "gap"]);
  expect(restarts).toHaveLength(1);
  expect(await database.query("select * from kept")).toEqual([{ id: 1 }]);
  await database.query("select pg_notify('news', 'again')");
  await until(() => heard.includes("again"), "a notification");
  await database.close();
});

test("a transaction does not continue on an engine that was started again", async () => {
  const database = await openEmbeddedDatabase({
    directory: join(folder, "cut"),
    workerUrl,
    statementTimeoutMs: 500,
  });
  await database.script("create table kept (id int)");
  let isBack = false;
  await database.listen(
    "any",
    () => {},
    () => (isBack = true),
  );
  const cut = database.transaction(async (transaction) => {
    await transaction.query("insert into kept values (1)");
    await transaction
      .query("with recursive r as (select 1 union all select 1 from r) select count(*) from r")
      .catch(() => {});
    await until(() => isBack, "the engine to come back");
    await transaction.query("insert into kept values (2)");
  });
  await expect(cut).rejects.toMatchObject({ code: "database-unavailable" });
  expect(await database.query("select * from kept")).toEqual([]);
  await database.close();
});

test("closing while the engine is broken", async () => {
  const database = await openEmbeddedDatabase({
    directory: join(folder, "closing"),
    workerUrl,
    statementTimeoutMs: 300,
  });
  await expect(
    database.query("with recursive r as (select 1 union all select 1 from r) select count(*) from r"),
  ).rejects.toMatchObject({ code: "database-unavailable" });
  await database.close();
  await expect(database.query("select 1")).rejects.toMatchObject({ code: "database-unavailable" });
});

test("a folder that is no database is refused", async () => {
  await expect(openEmbeddedDatabase({ directory: "/dev/null/x", workerUrl })).rejects.toMatchObject({
    code: "database-unavailable",
  });
});
