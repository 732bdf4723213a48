import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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

test("a dead engine fails everything, at once and from then on", async () => {
  const database = await openEmbeddedDatabase({
    directory: join(folder, "dead"),
    workerUrl,
    statementTimeoutMs: 1_000,
  });
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
  await database.close();
});

test("a folder that is no database is refused", async () => {
  await expect(openEmbeddedDatabase({ directory: "/dev/null/x", workerUrl })).rejects.toMatchObject({
    code: "database-unavailable",
  });
});
