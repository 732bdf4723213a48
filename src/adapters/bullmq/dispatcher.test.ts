import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { PoolShape } from "../../contracts/database.ts";
import { kindsOf } from "../../../test/support/job-kinds.ts";
import { startMode } from "../../../test/support/platforms.ts";
import { silentLog } from "../../../test/support/silent-log.ts";
import { createDispatcher } from "./dispatcher.ts";

/** Many more than there are pauses in the time that the test takes. */
const tooMany = 5_000;

test("a few tickets are put without BullMQ's temporary tables, many with them", async () => {
  const mode = await startMode("embedded");
  onTestFinished(() => mode.close());
  const { database, dispatcher } = await mode.open(kindsOf());
  const attributes = async (): Promise<number> => {
    const [row] = await database.query<{ count: number }>(
      "select (pg_stat_get_tuples_inserted('pg_attribute'::regclass))::int as count",
    );
    return row!.count;
  };
  // The first makes what BullMQ needs for the queue.
  await dispatcher.add("any", 1);
  await database.query("select pg_stat_force_next_flush()");
  const before = await attributes();
  await dispatcher.add("any", 8);
  await database.query("select pg_stat_force_next_flush()");
  expect(await attributes()).toBe(before);
  await dispatcher.add("any", 9);
  await database.query("select pg_stat_force_next_flush()");
  expect(await attributes()).toBeGreaterThan(before);
  expect(await dispatcher.waiting("any")).toBe(18);
});

test("statements that fail at once do not keep the process from everything else", async () => {
  const mode = await startMode("embedded");
  onTestFinished(() => mode.close());
  const { database } = await mode.open(kindsOf());
  let isBroken = false;
  let failures = 0;
  const ask = (work: () => Promise<unknown>): Promise<unknown> => {
    if (!isBroken) return work();
    // Lets the test fail where it would never end.
    if (++failures > tooMany) return new Promise(() => {});
    return Promise.reject(new Error("It is being started again."));
  };
  const { pool } = database;
  const breakable = {
    options: { keepAlive: true },
    query: (text: string, parameters?: readonly unknown[]) => ask(() => pool.query(text, parameters)),
    async connect() {
      const client = (await pool.connect()) as { query(...all: readonly unknown[]): Promise<unknown> };
      const query = client.query.bind(client);
      return Object.assign(client, { query: (...all: readonly unknown[]) => ask(() => query(...all)) });
    },
    end: () => pool.end(),
    on: (event: string, listener: (argument: unknown) => void) => pool.on(event, listener),
  } satisfies PoolShape & { options: unknown };
  const dispatcher = await createDispatcher({ engine: "postgres", pool: breakable }, silentLog);
  let taken = 0;
  const consumer = await dispatcher.consume("any", 2, async () => {
    taken++;
    await sleep(20);
  });
  // More than are taken before it breaks: a worker that knows of none waits in another way.
  await dispatcher.add("any", 30);
  while (taken < 3) await sleep(20);
  isBroken = true;
  // Longer than a worker waits for a notification.
  await sleep(2_500);
  expect(failures).toBeGreaterThan(0);
  expect(failures).toBeLessThan(100);
  isBroken = false;
  const before = taken;
  await dispatcher.add("any", 1);
  while (taken === before) await sleep(20);
  await consumer.close();
  await dispatcher.close();
}, 20_000);
