import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { startServer, type GivenServer } from "../../test/support/api-server.ts";
import { until } from "../../test/support/child-processes.ts";
import { AppError } from "../base/errors.ts";
import { defineRoute, type RouteDefinition } from "../contracts/route.ts";
import type { Problem } from "./problems.ts";

const echo = z.object({ text: z.string().min(2), times: z.number().int().default(1) });

/** Routes of no product. */
const routes = [
  defineRoute({
    method: "GET",
    path: "/open",
    summary: "Open",
    tag: "test",
    access: "public",
    status: 200,
    response: z.object({ caller: z.string(), requestId: z.string(), local: z.boolean() }),
    handle: ({ caller, requestId, server }) =>
      Promise.resolve({ body: { caller: caller.name, requestId, local: server.allowsLocalSources } }),
  }),
  defineRoute({
    method: "POST",
    path: "/things/:id",
    summary: "Echo",
    tag: "test",
    access: "member",
    status: 201,
    params: z.object({ id: z.string().max(5) }),
    query: z.object({ n: z.coerce.number().int().max(3).default(0) }),
    body: echo,
    response: z.object({ id: z.string(), n: z.number(), text: z.string(), caller: z.string() }),
    handle: ({ params, query, body, caller }) =>
      Promise.resolve({
        headers: { location: `/things/${params.id}` },
        body: { id: params.id, n: query.n, text: body.text.repeat(body.times), caller: caller.name },
      }),
  }),
  defineRoute({
    method: "GET",
    path: "/fail",
    summary: "Fail",
    tag: "test",
    access: "member",
    status: 200,
    query: z.object({ how: z.string() }),
    handle: ({ query, signal }) => {
      if (query.how === "bug") return Promise.reject(new Error("the password is hunter2"));
      if (query.how === "abort")
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      if (query.how === "slow") return new Promise((resolve) => setTimeout(() => resolve({}), 300));
      return Promise.reject(new AppError("database-unavailable", "No database."));
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/things/:id",
    summary: "Delete",
    tag: "test",
    access: "member",
    status: 204,
    params: z.object({ id: z.string() }),
    handle: () => Promise.resolve({}),
  }),
] as readonly RouteDefinition[];

function start(given: GivenServer = {}) {
  return startServer(routes, {}, given);
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
  const problem = (await response.json()) as Problem;
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get("x-request-id"));
  expect(problem.traceId).toMatch(/^[\da-f]{32}$/);
  return problem;
}

const json = (body: unknown) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

describe("requests", () => {
  test("are checked, converted and answered by their definition", async () => {
    const { url } = await start();
    const response = await fetch(`${url}/things/a1?n=2`, json({ text: "ab", times: 2 }));
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe("/things/a1");
    expect(await response.json()).toEqual({ id: "a1", n: 2, text: "abab", caller: "local" });
    expect((await fetch(`${url}/things/a1`, { method: "DELETE" })).status).toBe(204);
  });

  test("HEAD and a trailing slash are as GET without them", async () => {
    const { url } = await start();
    const head = await fetch(`${url}/open`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await fetch(`${url}/open/`)).status).toBe(200);
  });

  test.each([
    ["/things/toolong", {}, "path.id"],
    ["/things/a?n=9", {}, "query.n"],
    ["/things/a", { body: JSON.stringify({}) }, "body.text: Invalid input: expected string"],
    ["/things/a", { body: JSON.stringify({ text: 7 }) }, "body.text"],
    ["/things/a", { body: "{nonsense" }, "not JSON"],
    ["/things/a", { body: '{"__proto__":{"x":1},"text":"ab"}' }, ""],
    ["/things/a", { body: "" }, "body"],
    ["/things/%zz", {}, "percent"],
  ])("that do not fit say what is wrong: %s %j", async (path, init, says) => {
    const { url } = await start();
    const problem = await problemOf(await fetch(`${url}${path}`, { ...json({ text: "ab" }), ...init }));
    expect(problem).toMatchObject({
      type: "urn:repowright:error:request-invalid",
      title: "Request invalid",
      status: 400,
      code: "request-invalid",
      instance: path.split("?")[0],
    });
    expect(problem.detail).toContain(says);
    expect(problem.help).not.toBe("");
  });

  test.each([
    ["application/x-www-form-urlencoded", 415],
    ["text/plain", 415],
    ["application/json; charset=utf-8", 201],
  ])("with a body of %s: %i", async (type, status) => {
    const { url } = await start();
    const init = { ...json({ text: "ab" }), headers: { "content-type": type } };
    expect((await fetch(`${url}/things/a`, init)).status).toBe(status);
  });

  test("that are too large are refused", async () => {
    const { url } = await start();
    const problem = await problemOf(await fetch(`${url}/things/a`, json({ text: "x".repeat(70_000) })));
    expect(problem).toMatchObject({ status: 413, code: "body-too-large" });
  });

  test("for nothing we know, or by another method", async () => {
    const { url } = await start();
    const unknown = await problemOf(await fetch(`${url}/nowhere?token=x`));
    expect(unknown).toMatchObject({ status: 404, code: "route-unknown", instance: "/nowhere" });
    const put = await fetch(`${url}/things/a`, { method: "PUT" });
    expect(put.headers.get("allow")).toBe("POST, DELETE");
    expect(await problemOf(put)).toMatchObject({ status: 405, code: "route-unknown" });
  });

  test.each([
    [`GET /open HTTP/1.1\r\nHost: localhost\r\nX: ${"y".repeat(20_000)}\r\n\r\n`, 431],
    [`GET /${"y".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
    ["nonsense\r\n\r\n", 400],
  ])("that are no HTTP, or endless (%#)", async (text, status) => {
    const { url } = await start();
    const answer = await sendRaw(url, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.split("\r\n\r\n")[1]!)).toMatchObject({ status, code: "request-invalid" });
  });
});

describe("failures", () => {
  test("of the table have their status and may say when to come again", async () => {
    const { url } = await start();
    const response = await fetch(`${url}/fail?how=table`);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await problemOf(response)).toMatchObject({ status: 503, detail: "No database." });
  });

  test("that nobody foresaw are hidden, and logged whole with the ids", async () => {
    const { url, lines } = await start();
    const problem = await problemOf(await fetch(`${url}/fail?how=bug`));
    expect(problem).toMatchObject({ status: 500, code: "internal" });
    expect(JSON.stringify(problem)).not.toContain("hunter2");
    const line = lines.find((one) => one["level"] === "error");
    expect(line).toMatchObject({ request_id: problem.requestId, trace_id: problem.traceId });
    expect(JSON.stringify(line)).toContain("hunter2");
  });

  test("to answer in time are told, and the work is told to stop", async () => {
    const { url } = await start({ limits: { requestTimeoutMs: 60 } });
    const problem = await problemOf(await fetch(`${url}/fail?how=abort`));
    expect(problem).toMatchObject({ status: 504, code: "time-limit" });
  });
});

describe("ids", () => {
  test("of a request are taken over where they are plain, and made otherwise", async () => {
    const { url } = await start();
    const ask = async (id: string) =>
      (await fetch(`${url}/open`, { headers: { "x-request-id": id } })).headers.get("x-request-id");
    expect(await ask("my-id:1")).toBe("my-id:1");
    expect(await ask("a b")).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
    expect(await ask("x".repeat(129))).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/);
  });

  test("of the trace come from the caller, and every request has a line and a time", async () => {
    const { url, lines, metrics } = await start({ token: "t" });
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const headers = { traceparent, "x-request-id": "r1", authorization: "Bearer t" };
    await fetch(`${url}/things/a`, { method: "DELETE", headers });
    await until(() => lines.length > 0, "log line");
    expect(lines[0]).toMatchObject({
      level: "info",
      message: "request",
      method: "DELETE",
      route: "/things/:id",
      status: 204,
      request_id: "r1",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      caller: "default",
      duration_ms: expect.any(Number) as number,
    });
    expect(await metrics.text()).toMatch(
      /http_request_duration_seconds_count\{method="DELETE",route="\/things\/:id",status="204"\} 1/,
    );
  });
});

describe("access", () => {
  test("without a token the machine is trusted, but not every page its browsers show", async () => {
    const { url } = await start();
    const ask = (headers: Record<string, string>) =>
      sendRaw(url, `GET /open HTTP/1.1\r\nConnection: close\r\n${headerLines(headers)}\r\n`);
    expect(await ask({ Host: "localhost" })).toMatch(/ 200 /);
    expect(await ask({ Host: "evil.example" })).toMatch(/ 403 [^]*request-invalid/);
    expect(await ask({ Host: "localhost", Origin: "https://evil.example" })).toMatch(/ 403 /);
  });

  test("with tokens, member routes want one; public routes do not, and any page may carry it", async () => {
    const { url } = await start({ token: "one", tokens: { team: "two" }, host: "127.0.0.1" });
    const refused = await fetch(`${url}/things/a`, { method: "DELETE" });
    expect(refused.headers.get("www-authenticate")).toBe("Bearer");
    expect(await problemOf(refused)).toMatchObject({ status: 401, code: "unauthorized" });
    const wrong = { authorization: "Bearer three" };
    expect((await fetch(`${url}/things/a`, { method: "DELETE", headers: wrong })).status).toBe(401);
    const headers = { authorization: "Bearer two", "content-type": "application/json" };
    const made = await fetch(`${url}/things/a`, { ...json({ text: "ab" }), headers });
    expect(await made.json()).toMatchObject({ caller: "team" });
    expect(await (await fetch(`${url}/open`)).json()).toMatchObject({ caller: "anonymous" });
    const open = await fetch(`${url}/open`, { headers: { ...headers, origin: "https://app.example" } });
    expect(await open.json()).toMatchObject({ caller: "team" });
  });

  test("nothing but this machine without a token", async () => {
    await expect(start({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "bind-refused" });
    const { url } = await start({ host: "0.0.0.0", token: "t" });
    expect(await (await fetch(`http://127.0.0.1:${new URL(url).port}/open`)).json()).toMatchObject({
      local: false,
    });
  });

  test("a port in use is told", async () => {
    const { url } = await start();
    await expect(startServer(routes, {}, {}, Number(new URL(url).port))).rejects.toMatchObject({
      code: "port-in-use",
    });
  });
});

describe("limits", () => {
  test("more requests than may be under way are refused, public ones are not", async () => {
    const { url, metrics } = await start({ limits: { maxRequests: 2 } });
    const slow = [1, 2].map(() => fetch(`${url}/fail?how=slow`));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = await fetch(`${url}/fail?how=slow`);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await problemOf(refused)).toMatchObject({ status: 503, code: "overloaded" });
    expect((await fetch(`${url}/open`)).status).toBe(200);
    expect((await Promise.all(slow)).map((response) => response.status)).toEqual([200, 200]);
    expect((await fetch(`${url}/fail?how=slow`)).status).toBe(200);
    expect(await metrics.text()).toContain('repowright_requests_refused_total{reason="requests"} 1');
  });

  test("clients that go away count no longer", async () => {
    const { url, lines } = await start({ limits: { maxRequests: 1 } });
    const leaving = new AbortController();
    const gone = fetch(`${url}/fail?how=abort`, { signal: leaving.signal }).catch(() => "gone");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await fetch(`${url}/fail?how=table`)).status).toBe(503);
    leaving.abort();
    expect(await gone).toBe("gone");
    await until(() => lines.some((line) => line["aborted"] === true), "line of the aborted request");
    expect(await problemOf(await fetch(`${url}/fail?how=table`))).toMatchObject({
      code: "database-unavailable",
    });
  });
});

test("closing lets what is under way finish and takes nothing new", async () => {
  const { url, server } = await start();
  const slow = fetch(`${url}/fail?how=slow`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const kept = connect(Number(new URL(url).port), "127.0.0.1");
  let answer = "";
  kept.setEncoding("utf8").on("data", (text: string) => (answer += text));
  kept.write("GET /open HTTP/1.1\r\nHost: localhost\r\n");
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = server.close();
  kept.write("\r\n");
  await until(() => answer.includes("shutting-down"), "refusal");
  expect(answer).toMatch(/^HTTP\/1.1 503 [^]*connection: close/);
  expect((await slow).status).toBe(200);
  await closed;
  await expect(fetch(`${url}/open`)).rejects.toThrow("fetch failed");
});

describe("the document", () => {
  test("is OpenAPI 3.1 of the same schemas, with problems and access", async () => {
    const { url } = await start();
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: object; security: object[]; tags: string[] }>>;
      components: { schemas: object };
    };
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(["/open", "/things/{id}", "/fail"]);
    const { responses, security } = document.paths["/things/{id}"]!["post"]!;
    expect(Object.keys(responses)).toEqual(["201", "400", "401", "413", "500", "503"]);
    expect(security).toEqual([{ bearer: [] }]);
    expect(document.paths["/open"]!["get"]!.security).toEqual([]);
    expect(Object.keys(document.components.schemas)).toEqual(["Problem"]);
  });

  test("can be read at /docs, with nothing from elsewhere", async () => {
    const { url } = await start();
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    const html = await page.text();
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      const response = await fetch(new URL(part, page.url));
      expect([part, response.status]).toEqual([part, 200]);
      expect(new URL(response.url).origin).toBe(url);
    }
  });
});

function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
}

function sendRaw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setEncoding("utf8").on("data", (part: string) => (answer += part));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}
