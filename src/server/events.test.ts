import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { startServer } from "../../test/support/api-server.ts";
import { until } from "../../test/support/child-processes.ts";
import { defineRoute, type RouteDefinition, type ServerEvent } from "../contracts/route.ts";
import type { ServerLimits } from "./options.ts";
import { formatEvent } from "./events.ts";

/** A route whose events the test gives; `ended` counts the sources that were let go, `begun` those that were asked. */
async function startStream(
  source: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
  limits: Partial<ServerLimits> = {},
) {
  const begun = { count: 0 };
  const ended = { count: 0 };
  async function* counted(signal: AbortSignal): AsyncGenerator<ServerEvent> {
    begun.count++;
    try {
      yield* source(signal);
    } finally {
      ended.count++;
    }
  }
  const route: RouteDefinition = defineRoute({
    method: "GET",
    path: "/events",
    summary: "Events",
    tag: "test",
    access: "member",
    status: 200,
    produces: "text/event-stream",
    handle: ({ signal }) => Promise.resolve({ stream: counted(signal) }),
  });
  return { ...(await startServer([route], {}, { limits })), begun, ended };
}

const event = (id: number, data: unknown = { n: id }): ServerEvent => ({
  id: String(id),
  event: "tick",
  data,
});
const waitFor = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function* forever(): AsyncGenerator<ServerEvent> {
  for (let id = 1; ; id++) {
    yield event(id);
    await waitFor(10);
  }
}

test("an event cannot break out of its lines", () => {
  expect(formatEvent({ id: "1\n2", event: "a\r\nb", data: "x\ny" })).toBe(
    'id: 1 2\nevent: a  b\ndata: "x\\ny"\n\n',
  );
});

test("events come as they happen, and the end is the end", async () => {
  const { url, metrics, lines } = await startStream(async function* () {
    yield event(1);
    await waitFor(20);
    yield event(2);
  });
  const response = await fetch(`${url}/events`);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("cache-control")).toContain("no-cache");
  expect(response.headers.get("x-accel-buffering")).toBe("no");
  expect(response.headers.get("x-request-id")).toBeTruthy();
  expect(await response.text()).toBe(
    'retry: 2000\n\nid: 1\nevent: tick\ndata: {"n":1}\n\nid: 2\nevent: tick\ndata: {"n":2}\n\n',
  );
  await until(() => lines.some((line) => line["message"] === "request"), "log line");
  const text = await metrics.text();
  expect(text).toContain("repowright_streams 0");
  expect(text).not.toContain('route="/events"');
});

test("a quiet stream is kept open with comments", async () => {
  const { url } = await startStream(
    async function* () {
      await waitFor(70);
      yield event(1);
    },
    { heartbeatMs: 20 },
  );
  expect(await (await fetch(`${url}/events`)).text()).toMatch(/^retry: 2000\n\n(:\n\n){2,4}id: 1\n/);
});

test("HEAD asks for nothing", async () => {
  const { url } = await startStream(forever);
  expect((await fetch(`${url}/events`, { method: "HEAD" })).status).toBe(200);
});

test("a client that goes away ends its source", async () => {
  const { url, ended, metrics } = await startStream(forever);
  const leaving = new AbortController();
  const response = await fetch(`${url}/events`, { signal: leaving.signal });
  await response.body!.getReader().read();
  expect(await metrics.text()).toContain("repowright_streams 1");
  leaving.abort();
  await until(() => ended.count === 1, "end of the source");
  expect(await metrics.text()).toContain("repowright_streams 0");
});

test("a source that waits for something is told by its signal", async () => {
  const quiet = (signal: AbortSignal) =>
    (async function* () {
      yield event(1);
      await new Promise((resolve) => {
        signal.addEventListener("abort", resolve);
      });
    })();
  const { url, server, begun, ended } = await startStream(quiet);
  const leaving = new AbortController();
  const response = await fetch(`${url}/events`, { signal: leaving.signal });
  await response.body!.getReader().read();
  leaving.abort();
  await until(() => ended.count === 1, "end of the first source");
  const second = fetch(`${url}/events`).then((other) => other.text());
  await until(() => begun.count === 2, "second stream");
  await server.close();
  expect(await second).toContain("the server stops");
  await until(() => ended.count === 2, "end of the second source");
});

test("a client that reads slowly slows its source, and one that does not read is dropped", async () => {
  let given = 0;
  const { url, ended } = await startStream(
    async function* () {
      for (;;) {
        yield event(given++, "x".repeat(50_000));
        await Promise.resolve();
      }
    },
    { stallMs: 200 },
  );
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.pause();
  socket.write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until(() => given > 0, "first event");
  await waitFor(100);
  const before = given;
  await waitFor(50);
  expect(given).toBe(before);
  await until(() => ended.count === 1, "drop", 2_000);
  socket.destroy();
});

test("more streams than may be are refused", async () => {
  const { url } = await startStream(forever, { maxStreams: 1 });
  const first = await fetch(`${url}/events`);
  const second = await fetch(`${url}/events`);
  expect([second.status, second.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(await second.json()).toMatchObject({ code: "overloaded" });
  await first.body!.cancel();
});

test("streams do not count as requests", async () => {
  const { url } = await startStream(forever, { maxRequests: 1 });
  const streams = await Promise.all([1, 2, 3].map(() => fetch(`${url}/events`)));
  expect(streams.map((response) => response.status)).toEqual([200, 200, 200]);
  await Promise.all(streams.map((response) => response.body!.cancel()));
});

describe("ends", () => {
  test("with the server, which says so", async () => {
    const { url, server, begun, ended } = await startStream(forever);
    const text = fetch(`${url}/events`).then((response) => response.text());
    await until(() => begun.count === 1, "stream");
    const from = performance.now();
    await server.close();
    expect(performance.now() - from).toBeLessThan(900);
    expect(await text).toMatch(/: the server stops\n\n$/);
    await until(() => ended.count === 1, "end of the source");
  });

  test("with the server, also where the client does not read", async () => {
    let given = 0;
    const { url, server } = await startStream(async function* () {
      for (;;) {
        yield event(given++, "x".repeat(50_000));
        await Promise.resolve();
      }
    });
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.pause();
    socket.write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(() => given > 0, "first event");
    await waitFor(100);
    const from = performance.now();
    await server.close();
    expect(performance.now() - from).toBeLessThan(3_000);
    socket.destroy();
  });

  test("with a problem, when its source fails", async () => {
    const { url, lines } = await startStream(async function* () {
      yield event(1);
      await Promise.resolve();
      throw new Error("secret reason");
    });
    const text = await (await fetch(`${url}/events`)).text();
    expect(text).toMatch(/id: 1[^]*event: problem\ndata: \{"type":"urn:repowright:error:internal"/);
    expect(text).not.toContain("secret reason");
    expect(JSON.stringify(lines)).toContain("secret reason");
  });
});
