import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as BullMq from "bullmq";
import { Redis } from "ioredis";
import { openEmbeddedDatabase } from "../src/adapters/pglite/embedded-database.ts";
import { openPostgresDatabase } from "../src/adapters/postgres/postgres-database.ts";

/**
 * BullMQ as its own documentation uses it, without our tables: `node bench/bullmq-alone.ts redis URL | postgres [URL]`
 * prints jobs added and processed per second. Without a URL: on the embedded database.
 */
const bullmq = createRequire(import.meta.url)("bullmq") as typeof BullMq;
const [engine, url = ""] = process.argv.slice(2);
const atOnce = 100;
const total = 5_000;

const { Queue, Worker, connection } = engine === "redis" ? withRedis() : await withPostgres();
const queue = new Queue("alone", { connection } as never);
let began = performance.now();
let sent = 0;
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (sent++ < total) await queue.add("job", {}, { removeOnComplete: true });
  }),
);
const addPerSecond = total / ((performance.now() - began) / 1000);
began = performance.now();
let done = 0;
await new Promise<void>((resolve) => {
  const worker = new Worker(
    "alone",
    async () => {
      if (++done === total) resolve();
    },
    { connection, concurrency: 4 } as never,
  );
  worker.on("error", () => {});
});
const processPerSecond = total / ((performance.now() - began) / 1000);
process.stdout.write(`${JSON.stringify({ addPerSecond, processPerSecond })}\n`);
process.on("SIGTERM", () => process.exit(0));

function withRedis() {
  return {
    Queue: bullmq.Queue,
    Worker: bullmq.Worker,
    connection: new Redis(url, { maxRetriesPerRequest: null }) as unknown,
  };
}

async function withPostgres() {
  const database =
    url === ""
      ? await openEmbeddedDatabase({
          directory: mkdtempSync(join(tmpdir(), "repowright-alone-")),
          workerUrl: new URL("../src/database-worker.ts", import.meta.url),
        })
      : await openPostgresDatabase({ url, connections: 10, carriesQueue: true });
  const client = (await database.pool.connect()) as { release(): void } & Parameters<
    typeof bullmq.runMigrations
  >[0];
  await bullmq.runMigrations(client, "bullmq");
  client.release();
  const classes = bullmq.withBackend(bullmq.createPostgresBackend);
  return {
    Queue: classes.Queue as unknown as typeof bullmq.Queue,
    Worker: classes.Worker as unknown as typeof bullmq.Worker,
    connection: database.pool as unknown,
  };
}
