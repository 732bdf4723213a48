import { describe, expect, test } from "vitest";
import { startApi } from "../../../test/support/api.ts";
import type { Job, JobEvent } from "../../contracts/job.ts";

type JobBody = Job & { readonly links: Record<"self" | "events" | "result" | "cancel", string> };
const source = "https://git.example/a/b";

async function start(given: Parameters<typeof startApi>[0] = {}) {
  const api = await startApi(given);
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(api.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const post = async (headers: Record<string, string> = {}, body: object = { kind: "analyze", source }) => {
    const response = await send("POST", "/v1/jobs", body, headers);
    return { response, job: (await response.json()) as JobBody };
  };
  return { ...api, send, post };
}

describe("starting", () => {
  test("is answered with 202, where to look, and who asked", async () => {
    const { post, url } = await start({ tokens: { team: "t" } });
    const { response, job } = await post({
      authorization: "Bearer t",
      "x-request-id": "r-1",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe(`/v1/jobs/${job.id}`);
    expect(job).toMatchObject({
      kind: "analyze",
      status: "pending",
      source,
      caller: "team",
      requestId: "r-1",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      links: {
        self: `/v1/jobs/${job.id}`,
        events: `/v1/jobs/${job.id}/events`,
        result: `/v1/jobs/${job.id}/result`,
        cancel: `/v1/jobs/${job.id}/cancel`,
      },
    });
    const seen = await fetch(url + job.links.self, { headers: { authorization: "Bearer t" } });
    expect(await seen.json()).toMatchObject({ id: job.id });
  });

  test("twice with one Idempotency-Key is one job", async () => {
    const { post, jobs } = await start();
    const headers = { "idempotency-key": "k1" };
    const first = await post(headers);
    const second = await post(headers);
    expect(first.response.headers.get("idempotency-replayed")).toBeNull();
    expect(second.response.status).toBe(202);
    expect(second.response.headers.get("idempotency-replayed")).toBe("true");
    expect(second.job.id).toBe(first.job.id);
    expect(jobs.size()).toBe(1);
    const other = await post(headers, { kind: "analyze", source, rev: "v1" });
    expect([other.response.status, other.job]).toMatchObject([422, { code: "idempotency-mismatch" }]);
    expect((await post({ "idempotency-key": "x".repeat(256) })).response.status).toBe(400);
  });

  test("keys of two callers are two", async () => {
    const { post } = await start({ tokens: { a: "ta", b: "tb" } });
    const ids = await Promise.all(
      ["ta", "tb"].map(async (token) => {
        const headers = { authorization: `Bearer ${token}`, "idempotency-key": "k" };
        return (await post(headers)).job.id;
      }),
    );
    expect(ids[0]).not.toBe(ids[1]);
  });

  test.each([
    [{ kind: "bake" }, "kind-unknown"],
    [{ source }, "request-invalid"],
    [{ kind: "analyze", source, wings: 2 }, "request-invalid"],
    [{ kind: "analyze", source: "" }, "request-invalid"],
    [{ kind: "analyze", source, priority: 101 }, "request-invalid"],
    [{ kind: "analyze", source, options: [] }, "request-invalid"],
    [[], "request-invalid"],
  ])("of %j is refused as %s", async (body, code) => {
    const { post, jobs } = await start();
    const { response, job } = await post({}, body);
    expect([response.status, job]).toMatchObject([400, { code }]);
    expect(jobs.size()).toBe(0);
  });
});

test("lists are filtered and come in pages", async () => {
  const { post, send, jobs } = await start();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.unshift((await post({}, { kind: "analyze", source, rev: `v${n}` })).job.id);
  jobs.become(ids[0]!, "processing");
  const read = async (path: string) =>
    (await (await send("GET", path)).json()) as { items: JobBody[]; nextCursor: string | null };
  const first = await read("/v1/jobs?limit=2");
  expect(first.items.map((job) => job.id)).toEqual(ids.slice(0, 2));
  const second = await read(`/v1/jobs?limit=3&cursor=${first.nextCursor}`);
  expect(second.items.map((job) => job.id)).toEqual(ids.slice(2));
  expect(second.nextCursor).toBeNull();
  expect((await read("/v1/jobs?status=processing")).items.map((job) => job.id)).toEqual([ids[0]]);
  expect((await read("/v1/jobs?caller=nobody")).items).toEqual([]);
  for (const query of ["limit=0", "limit=101", "limit=x", "status=odd", "cursor=odd"])
    expect([query, (await send("GET", `/v1/jobs?${query}`)).status]).toEqual([query, 400]);
});

test("a job has its place, its attempts and its steps", async () => {
  const { post, send, jobs } = await start();
  const { job } = await post();
  const read = async () => (await (await send("GET", job.links.self)).json()) as object;
  expect(await read()).toMatchObject({ place: { reason: "next", place: 1 }, attempts: [], steps: [] });
  jobs.become(job.id, "processing");
  expect(await read()).toMatchObject({
    place: null,
    attempts: [{ attempt: 1, workerId: "w1" }],
    steps: [{ name: "clone" }],
  });
});

test("a result is there when the job is completed, as it is stored", async () => {
  const { post, send, jobs } = await start();
  const { job } = await post();
  const early = await send("GET", job.links.result);
  expect([early.status, await early.json()]).toMatchObject([409, { code: "job-state" }]);
  jobs.become(job.id, "completed", { result: '{"a" : 1}' });
  const response = await send("GET", job.links.result);
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(await response.text()).toBe('{"a" : 1}');
});

describe("events", () => {
  const ids = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));

  test("are streamed until the job ends", async () => {
    const { post, send, jobs } = await start();
    const { job } = await post();
    const text = send("GET", job.links.events).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 50));
    jobs.become(job.id, "processing");
    jobs.progress(job.id, 0.5, "Reading");
    jobs.become(job.id, "completed", { result: "1" });
    expect(ids(await text)).toEqual([1, 2, 3, 4]);
    const [, , progress] = [...(await text).matchAll(/^data: (.+)$/gm)].map(
      (match) => JSON.parse(match[1]!) as JobEvent,
    );
    expect(progress).toMatchObject({ seq: 3, type: "progress", data: { fraction: 0.5, message: "Reading" } });
    expect(await text).toContain("event: progress\n");
  });

  test("go on where a client left, and say when there is no more", async () => {
    const { post, send, jobs } = await start();
    const { job } = await post();
    jobs.become(job.id, "processing");
    jobs.become(job.id, "completed", { result: "1" });
    const after = async (headers: Record<string, string>, query = "") => {
      const response = await send("GET", job.links.events + query, undefined, headers);
      return [response.status, ids(await response.text())];
    };
    expect(await after({}, "?after=1")).toEqual([200, [2, 3]]);
    expect(await after({ "last-event-id": "2" }, "?after=0")).toEqual([200, [3]]);
    expect(await after({ "last-event-id": "3" })).toEqual([204, []]);
    expect((await after({ "last-event-id": "x" }))[0]).toBe(400);
    expect((await after({}, "?after=-1"))[0]).toBe(400);
  });

  test("can be had as a page", async () => {
    const { post, send, jobs } = await start();
    const { job } = await post();
    jobs.become(job.id, "processing");
    const response = await send("GET", `${job.links.events}?follow=false&after=1&limit=5`);
    expect(await response.json()).toMatchObject({ items: [{ seq: 2, type: "state" }] });
  });
});

test("jobs are retried, cancelled, decided and deleted in the states that allow it", async () => {
  const { post, send, jobs } = await start();
  const { job } = await post();
  const at = (what: string) => `${job.links.self}/${what}`;
  const status = async (method: string, path: string, body?: unknown) =>
    (await send(method, path, body)).status;
  expect(await status("POST", at("retry"))).toBe(409);
  expect(await status("POST", at("decision"), { approved: true })).toBe(409);
  jobs.become(job.id, "failed");
  expect(await status("POST", at("retry"))).toBe(202);
  jobs.become(job.id, "waiting", { approval: { name: "push", question: "Push?" } });
  expect(await status("POST", at("decision"), { approved: "yes" })).toBe(400);
  expect(await status("POST", at("decision"), { approved: false, comment: "no" })).toBe(200);
  expect(jobs.calls).toContain("decide false no");
  expect(await status("POST", at("cancel"))).toBe(200);
  expect(await status("DELETE", job.links.self)).toBe(204);
  expect(await status("GET", job.links.self)).toBe(404);
});

test("kinds tell what they take, as a JSON schema", async () => {
  const { send } = await start();
  const { items } = (await (await send("GET", "/v1/kinds")).json()) as { items: Record<string, unknown>[] };
  const analyze = items.find((item) => item["kind"] === "analyze")!;
  expect(analyze).toMatchObject({ needsSource: true, options: { type: "object" } });
  expect(Number(analyze["attempts"])).toBeGreaterThan(0);
});
