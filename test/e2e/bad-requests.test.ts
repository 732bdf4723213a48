import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { temporaryFolder } from "../support/repositories.ts";
import { serversAvailable, startPostgres } from "../support/servers.ts";
import { eventually } from "../support/eventually.ts";
import { jobIs, readLog, startServing, type Serving } from "../support/serving.ts";

/** What strangers and mistakes send to a real server: each is told what is wrong, and nothing else happens. */
vi.setConfig({ testTimeout: 90_000 });

const secrets = {
  token: "token-secret-1",
  caller: "token-secret-2",
  git: "git-secret-3",
  database: "pw-secret-4",
};
const unknownId = "0198c5a0-7b1e-7000-8000-000000000000";
const largestAnswer = 5_000;

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Below `fetch`, which would mend or refuse half of this. */
function send(
  { url }: Serving,
  line: string,
  body: string | Buffer | undefined,
  headers: Readonly<Record<string, string>>,
): Promise<Raw> {
  const [method, path] = line.split(" ") as [string, string];
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname: hostname.replace("0.0.0.0", "127.0.0.1"),
      port,
      method,
      path,
      headers,
    });
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function start() {
  const postgres = serversAvailable().postgres ? await startPostgres() : null;
  const database = postgres === null ? null : new URL(await postgres.createDatabase());
  if (database) database.password = secrets.database;
  const server = await startServing({
    dataDir: join(temporaryFolder(), "data"),
    args: ["--host", "0.0.0.0"],
    environment: {
      REPOWRIGHT_SERVER_TOKEN: secrets.token,
      REPOWRIGHT_SERVER_TOKENS: `team=${secrets.caller}`,
      REPOWRIGHT_GIT_TOKENS: `github.com=${secrets.git}`,
      REPOWRIGHT_LOG_LEVEL: "debug",
      ...(database ? { DATABASE_URL: database.href } : {}),
    },
  });
  return { server, close: () => postgres?.close() };
}

const post = "POST /v1/jobs";
const job = (more: object): string =>
  JSON.stringify({ kind: "analyze", source: "https://git.example/a/b", ...more });
const keys = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));

type Case = readonly [
  what: string,
  line: string,
  body: string | Buffer | undefined,
  status: number,
  code: string,
  headers?: Record<string, string>,
];

const cases: readonly Case[] = [
  ["an unknown kind", post, job({ kind: "bake" }), 400, "kind-unknown"],
  ["a kind that is in every object", post, job({ kind: "constructor" }), 400, "kind-unknown"],
  ["a source that is none", post, job({ source: "https://" }), 400, "source-invalid"],
  [
    "a source with control characters",
    post,
    job({ source: "https://a.example/\u001b[2J" }),
    400,
    "source-invalid",
  ],
  ["a source with NUL", post, job({ source: "https://a.example/b\u0000" }), 400, "source-invalid"],
  [
    "a source with credentials",
    post,
    job({ source: "https://u:url-secret-5@git.example/a" }),
    403,
    "source-refused",
  ],
  ["an option of Git as source", post, job({ source: "-u/bin/sh" }), 400, "source-invalid"],
  ["a remote helper as source", post, job({ source: "ext::sh -c id" }), 403, "source-refused"],
  ["a protocol that is not allowed", post, job({ source: "http://git.example/a" }), 403, "source-refused"],
  ["a path, beyond loopback", post, job({ source: "/etc" }), 403, "source-refused"],
  ["a file: address, beyond loopback", post, job({ source: "file:///etc" }), 403, "source-refused"],
  ["a path, as a repository", "POST /v1/repositories", '{"source":"/etc"}', 403, "source-refused"],
  ["no source", post, '{"kind":"analyze"}', 400, "request-invalid"],
  ["a number as source", post, job({ source: 5 }), 400, "request-invalid"],
  ["an empty body", post, "", 400, "request-invalid"],
  ["no JSON", post, '{"kind":', 400, "request-invalid"],
  ["a body that is not UTF-8", post, Buffer.from('{"kind":"\xff\xfe"}', "latin1"), 400, "kind-unknown"],
  [
    "a poisoned prototype",
    post,
    '{"kind":"analyze","source":"https://a.example/b","__proto__":{}}',
    400,
    "request-invalid",
  ],
  ["deep nesting", post, `${"[".repeat(100_000)}${"]".repeat(100_000)}`, 400, "request-invalid"],
  ["XML", post, "<job/>", 415, "request-invalid", { "content-type": "application/xml" }],
  ["a huge body", post, job({ rev: "x".repeat(2 ** 21) }), 413, "body-too-large"],
  ["NUL in an option", post, job({ options: { since: "a\u0000" } }), 400, "request-invalid"],
  ["a lone surrogate in an option", post, job({ options: { since: "a\ud800" } }), 400, "request-invalid"],
  ["NUL in a revision", post, job({ rev: "\u0000" }), 400, "request-invalid"],
  ["10 000 options", post, job({ options: keys(10_000) }), 400, "request-invalid"],
  ["10 000 fields", post, job(keys(10_000)), 400, "request-invalid"],
  ["a priority out of range", post, job({ priority: 1e9 }), 400, "request-invalid"],
  ["a bad key", post, job({}), 400, "request-invalid", { "idempotency-key": "k".repeat(256) }],
  ["the longest key", post, job({}), 202, "", { "idempotency-key": "k".repeat(255) }],
  ["a bad cursor", "GET /v1/jobs?cursor=%00%ff", undefined, 400, "request-invalid"],
  ["a cursor of somebody else", "GET /v1/jobs?cursor=eyJhIjoxfQ", undefined, 400, "request-invalid"],
  ["a cursor with NUL", "GET /v1/jobs?cursor=AAAA", undefined, 400, "request-invalid"],
  ["a bad cursor of repositories", "GET /v1/repositories?cursor=nonsense", undefined, 400, "request-invalid"],
  ["a bad limit", "GET /v1/jobs?limit=1e9", undefined, 400, "request-invalid"],
  ["an unknown status", "GET /v1/jobs?status=lost", undefined, 400, "request-invalid"],
  ["NUL in a filter", "GET /v1/jobs?kind=%00&caller=%00", undefined, 400, "request-invalid"],
  ["an unknown id", `GET /v1/jobs/${unknownId}`, undefined, 404, "job-unknown"],
  ["an id that is none", "GET /v1/jobs/nonsense", undefined, 404, "job-unknown"],
  ["an id with NUL", "GET /v1/jobs/%00", undefined, 400, "request-invalid"],
  ["a repository with NUL", "GET /v1/repositories/%00", undefined, 400, "request-invalid"],
  ["an unknown repository", `DELETE /v1/repositories/${unknownId}`, undefined, 404, "repository-unknown"],
  [
    "half a commit",
    `GET /v1/repositories/${unknownId}/analysis?commit=abc`,
    undefined,
    400,
    "request-invalid",
  ],
  ["events of an unknown job", `GET /v1/jobs/${unknownId}/events`, undefined, 404, "job-unknown"],
  [
    "a bad Last-Event-ID",
    `GET /v1/jobs/${unknownId}/events`,
    undefined,
    400,
    "request-invalid",
    { "last-event-id": "x" },
  ],
  ["a retry of an unknown job", `POST /v1/jobs/${unknownId}/retry`, undefined, 404, "job-unknown"],
  ["an unknown route", "GET /v2/jobs", undefined, 404, "route-unknown"],
  ["another method", "PUT /v1/jobs", "{}", 405, "route-unknown"],
  ["a path out of the docs", "GET /docs/static/..%2f..%2f..%2fpackage.json", undefined, 404, "route-unknown"],
  ["half an escape", "GET /v1/jobs/%E0%A4%A", undefined, 400, "request-invalid"],
  ["a long part of the path", `GET /v1/jobs/${"x".repeat(2_000)}`, undefined, 414, "request-invalid"],
  ["a long header", "GET /v1/jobs", undefined, 431, "request-invalid", { "x-long": "x".repeat(20_000) }],
  ["a long address", `GET /v1/jobs?kind=${"x".repeat(20_000)}`, undefined, 431, "request-invalid"],
  ["no token", "GET /v1/jobs", undefined, 401, "unauthorized", { authorization: "" }],
  [
    "a wrong token",
    "GET /v1/jobs",
    undefined,
    401,
    "unauthorized",
    { authorization: "Bearer wrong-secret-6" },
  ],
];

test("each is a problem that says what to do; the server stays up and keeps its secrets", async () => {
  const { server, close } = await start();
  for (const [what, line, body, status, code, more] of cases) {
    const headers = {
      authorization: `Bearer ${secrets.token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...more,
    };
    const answer = await send(server, line, body, headers);
    expect
      .soft([what, answer.status, answer.text.slice(0, 300)])
      .toEqual([what, status, answer.text.slice(0, 300)]);
    expect.soft(answer.text, what).not.toMatch(/-secret-\d|node_modules|\bat \w+ \(/);
    if (code === "" || answer.status !== status) continue;
    expect(answer.headers["content-type"], what).toMatch(/^application\/problem\+json/);
    const problem = JSON.parse(answer.text) as Record<string, string>;
    expect.soft(problem, what).toMatchObject({ code, status, type: `urn:repowright:error:${code}` });
    expect(problem["help"]!.length, what).toBeGreaterThan(10);
    expect(problem["detail"]!.length, what).toBeGreaterThan(10);
    expect(problem["requestId"], what).toBe(answer.headers["x-request-id"]);
    expect.soft(answer.text.length, what).toBeLessThan(largestAnswer);
  }
  const list = await server.ask("/v1/jobs", { headers: { authorization: `Bearer ${secrets.caller}` } });
  // Only the one that was taken is there, and it is told under whose name.
  expect(list.body.items.map(({ caller }) => caller)).toEqual(["default"]);
  expect((await server.ask("/health")).status).toBe(200);
  expect(server.hasEnded()).toBe(false);
  expect(server.stderr()).not.toMatch(/-secret-\d/);
  const requests = readLog(server.stderr()).filter(({ message }) => message === "request");
  expect(requests.length).toBeGreaterThan(cases.length - 5);
  expect(readLog(server.stderr()).filter(({ level }) => level === "error")).toEqual([]);
  expect(await server.signal("SIGTERM")).toBe(0);
  await close();
});

test("what is no HTTP, half a request, a retry of a completed job", async () => {
  const server = await startServing({ dataDir: join(temporaryFolder(), "data") });
  const say = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const { port } = new URL(server.url);
      const socket = connect(Number(port), "127.0.0.1", () => socket.write(text));
      let heard = "";
      socket.setEncoding("utf8").on("data", (part: string) => (heard += part));
      socket.on("close", () => resolve(heard));
    });
  expect(await say("HELO repowright\r\n\r\n")).toMatch(/^HTTP\/1.1 400 .*"code":"request-invalid"/s);
  expect(await say("GET / HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1.1 400 /);
  const half = connect(Number(new URL(server.url).port), "127.0.0.1");
  half.on("error", () => {});
  half.write(
    "POST /v1/jobs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
  );
  half.end();
  // A page in the browser of whoever runs it.
  const page = await server.post("/v1/jobs", { kind: "analyze" }, { origin: "https://evil.example" });
  expect([page.status, page.body.code]).toEqual([403, "request-invalid"]);
  expect((await send(server, "GET /v1/jobs", undefined, { host: "evil.example" })).status).toBe(403);

  const { id } = (await server.post("/v1/jobs", { kind: "analyze", source: "/nowhere/at/all" })).body;
  const failed = await jobIs(server, id, "failed");
  expect(failed.error).toMatchObject({ code: "not-a-repository", help: expect.any(String) as string });
  expect((await server.post("/v1/jobs", { kind: "analyze", source: "relative/path" })).body.code).toBe(
    "source-invalid",
  );
  expect((await server.post(`/v1/jobs/${id}/decision`, { approved: true })).body.code).toBe("job-state");
  await eventually("the server is well", 5_000, async () => (await server.ask("/health")).status === 200);
  expect(readLog(server.stderr()).filter(({ level }) => level === "error")).toEqual([]);
});
