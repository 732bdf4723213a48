import { createRequire } from "node:module";
import type * as BullMq from "bullmq";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database, SqlFailure } from "../../src/contracts/database.ts";
import { until } from "../support/child-processes.ts";

// BullMQ's PostgreSQL backend finds its SQL only when it is loaded this way.
const { createPostgresBackend, runMigrations, withBackend } = createRequire(import.meta.url)(
  "bullmq",
) as typeof BullMq;

async function failure(promise: Promise<unknown>): Promise<SqlFailure> {
  try {
    await promise;
  } catch (error) {
    return error as SqlFailure;
  }
  throw new Error("It did not fail.");
}

/** What holds for every engine. `open` opens an empty database. */
export function describeDatabase(name: string, open: () => Promise<Database>): void {
  describe(`a database, ${name}`, () => {
    let database: Database;
    beforeAll(async () => {
      database = await open();
      await database.script("create table things (id bigint primary key, name text unique, data jsonb)");
    });
    beforeEach(() => database.script("truncate things"));
    afterAll(() => database?.close());

    const ids = async (): Promise<number[]> =>
      (await database.query<{ id: number }>("select id from things order by id")).map((row) => row.id);

    test("values come as the contract says", async () => {
      const rows = await database.query(`
        select 9007199254740991::bigint as large, array[1, 2]::bigint[] as larges, 1::int as small,
          1.50::numeric as exact, true as yes, null as nothing, '2024-01-02T03:04:05.678Z'::timestamptz as moment,
          '{"a":[1,null]}'::jsonb as data, array['a','b"'] as texts, '\\x00ff'::bytea as bytes`);
      expect(rows).toHaveLength(1);
      const { bytes, ...row } = rows[0]!;
      expect(Array.from(bytes as Uint8Array)).toEqual([0, 255]);
      expect(row).toEqual({
        large: 9_007_199_254_740_991,
        larges: [1, 2],
        small: 1,
        exact: "1.50",
        yes: true,
        nothing: null,
        moment: new Date("2024-01-02T03:04:05.678Z"),
        data: { a: [1, null] },
        texts: ["a", 'b"'],
      });
    });

    test("parameters go as the contract says", async () => {
      const awkward = ['a"b', "back\\slash", "comma,{brace}", "", "NULL", "ünï\n"];
      const [row] = await database.query(
        `select $1::text[] as texts, $2::bigint[] as numbers, $3::jsonb as object, $4::timestamptz as moment,
           $5::bytea as bytes, $6::boolean as yes, $7::text as nothing, $8::jsonb as list, $9::text[] as gaps,
           $10::float8 as half`,
        [
          awkward,
          [1, -2],
          { a: [1, { b: null }] },
          new Date(1_700_000_000_123),
          new Uint8Array([0, 1, 255]),
          false,
          undefined,
          JSON.stringify([1, "x"]),
          ["a", null],
          0.5,
        ],
      );
      expect(row).toMatchObject({
        texts: awkward,
        numbers: [1, -2],
        object: { a: [1, { b: null }] },
        moment: new Date(1_700_000_000_123),
        yes: false,
        nothing: null,
        list: [1, "x"],
        gaps: ["a", null],
        half: 0.5,
      });
      expect(Array.from(row!["bytes"] as Uint8Array)).toEqual([0, 1, 255]);
      const many = await database.query<{ id: number }>(
        `insert into things (id, name) select * from unnest($1::bigint[], $2::text[]) returning id`,
        [
          [1, 2, 3],
          ["a", "b", "c"],
        ],
      );
      expect(many.map((thing) => thing.id)).toEqual([1, 2, 3]);
      const some = await database.query("select id from things where name = any($1)", [["a", "c", "z"]]);
      expect(some).toHaveLength(2);
    });

    test("a failure carries what the database says, and the next statement works", async () => {
      await database.query("insert into things (id, name) values (1, 'a')");
      const error = await failure(database.query("insert into things (id, name) values (2, 'a')"));
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ code: "23505", constraint: "things_name_key" });
      expect(error.message).toContain("things_name_key");
      expect((await failure(database.query("selec 1"))).code).toBe("42601");
      expect((await failure(database.query("select 1 / $1::int", [0]))).code).toBe("22012");
      expect(await ids()).toEqual([1]);
    });

    test("query takes one statement, script many", async () => {
      expect((await failure(database.query("select 1; select 2"))).code).toBe("42601");
      await database.script("insert into things (id) values (1); insert into things (id) values (2)");
      expect(await ids()).toEqual([1, 2]);
      // One that fails undoes those before it.
      await failure(database.script("insert into things (id) values (3); select 1/0"));
      expect(await ids()).toEqual([1, 2]);
    });

    test("a transaction happens wholly or not at all", async () => {
      const result = await database.transaction(async (transaction) => {
        await transaction.query("insert into things (id) values (1)");
        await transaction.script("insert into things (id) values (2); insert into things (id) values (3)");
        return "done";
      });
      expect(result).toBe("done");
      const error = await failure(
        database.transaction(async (transaction) => {
          await transaction.query("insert into things (id) values (4)");
          throw new Error("changed my mind");
        }),
      );
      expect(error.message).toBe("changed my mind");
      expect(await ids()).toEqual([1, 2, 3]);
    });

    test("a transaction that swallowed a failure is undone and says so", async () => {
      const error = await failure(
        database.transaction(async (transaction) => {
          await transaction.query("insert into things (id) values (1)");
          await transaction.query("select 1/0").catch(() => {});
        }),
      );
      expect(error.message).toContain("undone");
      expect(await ids()).toEqual([]);
    });

    test("nothing gets into a transaction after its end", async () => {
      let late: (() => Promise<unknown>) | undefined;
      await database.transaction(async (transaction) => {
        late = () => transaction.query("insert into things (id) values (9)");
      });
      await expect(late!()).rejects.toThrow("after the end of its transaction");
      expect(await ids()).toEqual([]);
    });

    test("transactions and single statements at once do not mix", async () => {
      await database.query("insert into things (id, data) values (0, '{\"n\":0}')");
      const increments = Array.from({ length: 20 }, (_, index) =>
        database.transaction(async (transaction) => {
          const [row] = await transaction.query<{ n: number }>(
            "select (data->>'n')::int as n from things where id = 0 for update",
          );
          await new Promise((resolve) => setTimeout(resolve, index % 3));
          await transaction.query("update things set data = $1 where id = 0", [{ n: row!.n + 1 }]);
          if (index % 4 === 3) throw new Error("undo");
        }),
      );
      const inserts = Array.from({ length: 50 }, (_, index) =>
        database.query("insert into things (id) values ($1)", [index + 1]),
      );
      const ends = await Promise.allSettled([...increments, ...inserts]);
      expect(ends.filter((end) => end.status === "rejected")).toHaveLength(5);
      expect(await database.query("select data from things where id = 0")).toEqual([{ data: { n: 15 } }]);
      expect(await ids()).toHaveLength(51);
    });

    test("NOTIFY reaches who listens, and nobody else", async () => {
      const heard: string[] = [];
      const twice: string[] = [];
      const stop = await database.listen(
        "news",
        (text) => heard.push(text),
        () => {},
      );
      const stopTwice = await database.listen(
        "news",
        (text) => twice.push(text),
        () => {},
      );
      await database.query("select pg_notify('news', $1)", ["one"]);
      await database.query("select pg_notify('other', 'x')");
      await database
        .transaction(async (transaction) => {
          await transaction.query("select pg_notify('news', 'undone')");
          throw new Error("undo");
        })
        .catch(() => {});
      await until(() => heard.length > 0 && twice.length > 0, "a notification");
      await stop();
      await database.query("select pg_notify('news', 'two')");
      await until(() => twice.length > 1, "the second notification");
      await stopTwice();
      expect(heard).toEqual(["one"]);
      expect(twice).toEqual(["one", "two"]);
    });

    test("BullMQ works on the pool", async () => {
      const client = (await database.pool.connect()) as Parameters<typeof runMigrations>[0] & {
        release(): void;
      };
      // While BullMQ's transaction has the engine, our own statements wait and stay out of it.
      const state = { isOver: false };
      const migrating = runMigrations(client, "bullmq").finally(() => (state.isOver = true));
      let inserted = 0;
      while (!state.isOver) await database.query("insert into things (id) values ($1)", [++inserted]);
      expect(await migrating).toBeGreaterThan(0);
      client.release();
      expect(await ids()).toHaveLength(inserted);

      const { Queue, Worker } = withBackend(createPostgresBackend);
      const connection = database.pool as never;
      const queue = new Queue("tickets", { connection });
      const taken: unknown[] = [];
      const worker = new Worker("tickets", async (job) => taken.push(job.data), {
        connection,
        concurrency: 3,
      });
      worker.on("error", (error) => taken.push(error));
      await worker.waitUntilReady();
      const start = performance.now();
      await queue.add("ticket", { n: -1 });
      await until(() => taken.length === 1, "the first job");
      // By NOTIFY, not by looking again now and then.
      expect(performance.now() - start).toBeLessThan(2_000);
      await queue.addBulk(Array.from({ length: 100 }, (_, n) => ({ name: "ticket", data: { n } })));
      await until(() => taken.length === 101, "all jobs");
      expect(new Set(taken.map((data) => (data as { n: number }).n)).size).toBe(101);
      await worker.close();
      await queue.close();
    });

    test("no table of ours has the name of one of BullMQ's, which share a search path", async () => {
      const both = await database.query(
        `select tablename from pg_tables where schemaname in ('repowright', 'bullmq')
         group by tablename having count(*) > 1`,
      );
      expect(both).toEqual([]);
    });

    test("says what it is", async () => {
      expect(await database.version()).toMatch(
        /^(PGlite 0\.5\.14 \(PostgreSQL 18\.\d+\)|PostgreSQL \d+\.\d+)$/,
      );
    });
  });
}
