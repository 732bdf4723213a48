import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { until } from "../../../test/support/child-processes.ts";
import { sharedFolder } from "../../../test/support/shared-folder.ts";
import { describeDatabase } from "../../../test/suites/database.ts";
import type { Queryable } from "../../contracts/database.ts";
import { openEmbeddedDatabase } from "./embedded-database.ts";
import { createStatements } from "./statements.ts";

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

test("what is asked again and again is planned once for all; not for long, and not for tables that changed", async () => {
  const database = await openEmbeddedDatabase({ directory: join(folder, "plans"), workerUrl });
  const plans = async () =>
    database.query<{ statement: string; generic_plans: number }>(
      "select statement, generic_plans from pg_prepared_statements where statement like '%kept%'",
    );
  await database.script("create table kept (id int, name text unique); insert into kept values (1, 'one')");
  const ask = () => database.query("select * from kept where id = $1", [1]);
  for (let time = 0; time < 20; time++) expect(await ask()).toEqual([{ id: 1, name: "one" }]);
  expect((await plans())[0]!.generic_plans).toBeGreaterThan(0);

  // Else it would fail: "cached plan must not change result type".
  await database.script("alter table kept add column more int");
  expect(await ask()).toEqual([{ id: 1, name: "one", more: null }]);

  const insert = (on: Queryable, name: string) =>
    on.query("insert into kept (id, name) values (2, $1)", [name]);
  await expect(
    database.transaction(async (transaction) => {
      await insert(transaction, "two");
      await insert(transaction, "one");
    }),
  ).rejects.toMatchObject({ code: "23505" });
  await insert(database, "two");
  for (let other = 0; other < 250; other++) await database.query(`select ${other} from kept`);
  expect((await plans()).length).toBeLessThanOrEqual(100);
  expect(await ask()).toHaveLength(1);
  await database.close();
});

test("plans are not believed for longer than some seconds", () => {
  let now = 0;
  const statements = createStatements(() => now);
  const kinds = (text: string): string =>
    Array.from(
      statements
        .toMessages(text, [])
        .toString("latin1")
        .matchAll(/[PCBDES](?=\0\0\0)/g),
    ).join("");
  expect([kinds("select 1"), kinds("select 1"), kinds("select 2")]).toEqual(["CPBDES", "BDES", "CPBDES"]);
  now = 60_000;
  expect([kinds("select 1"), kinds("select 1")]).toEqual(["CCCPBDES", "BDES"]);
  statements.forget();
  expect(kinds("select 1")).toBe("CCPBDES");
});

test("a folder that is no database is refused", async () => {
  await expect(openEmbeddedDatabase({ directory: "/dev/null/x", workerUrl })).rejects.toMatchObject({
    code: "database-unavailable",
  });
});
