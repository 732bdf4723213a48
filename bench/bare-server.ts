import { createServer } from "node:http";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { openEmbeddedDatabase } from "../src/adapters/pglite/embedded-database.ts";
import { openPostgresDatabase } from "../src/adapters/postgres/postgres-database.ts";

/**
 * What `bench/platform.ts` compares with, in a process of its own: node:http alone, and Fastify with one indexed read
 * on the same engine. `node bench/bare-server.ts [DATABASE_URL]` prints its two addresses as JSON.
 */
const url = process.argv[2] ?? "";
const database =
  url === ""
    ? await openEmbeddedDatabase({
        directory: mkdtempSync(join(tmpdir(), "repowright-bare-")),
        workerUrl: new URL("../src/database-worker.ts", import.meta.url),
      })
    : await openPostgresDatabase({ url, connections: 10, carriesQueue: false });
await database.script(
  "create table if not exists bare (id text primary key, body jsonb not null); insert into bare values ('one', '{\"kind\": \"quick\"}') on conflict do nothing",
);

const plain = createServer((_, response) => {
  response.setHeader("content-type", "application/json");
  response.end('{"status":"live"}');
});
plain.listen(0, "127.0.0.1");
const app = Fastify();
app.get<{ Params: { id: string } }>("/rows/:id", async (request) => {
  const rows = await database.query("select id, body from bare where id = $1", [request.params.id]);
  return rows[0] ?? {};
});
const fastify = await app.listen({ port: 0, host: "127.0.0.1" });
process.stdout.write(
  `${JSON.stringify({ plain: `http://127.0.0.1:${(plain.address() as { port: number }).port}/`, fastify: `${fastify}/rows/one` })}\n`,
);
