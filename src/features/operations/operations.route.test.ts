import { expect, test } from "vitest";
import { startApi } from "../../../test/support/api.ts";

test("the entry says what this is", async () => {
  const { url } = await startApi();
  expect(await (await fetch(url)).json()).toMatchObject({ name: "repowright", version: "1.2.3" });
});

test.each([
  [{}, 200, "healthy", "ready"],
  [{ redis: true }, 200, "healthy", "ready"],
  [{ workers: 0 }, 200, "healthy", "ready"],
  [{ redis: false }, 503, "unhealthy", "unhealthy"],
  [{ db: false }, 503, "unhealthy", "unhealthy"],
  [{ queue: false }, 503, "unhealthy", "unhealthy"],
] as const)("with %j it is %i, %s", async (change, status, word, ready) => {
  const { url, health } = await startApi();
  Object.assign(health, change);
  const response = await fetch(`${url}/health`);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({ status: word, ...health });
  const readiness = await fetch(`${url}/health/ready`);
  expect([readiness.status, await readiness.json()]).toEqual([status, { status: ready }]);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
});

test("a platform that does not open is unhealthy, and alive", async () => {
  const { startServer } = await import("../../../test/support/api-server.ts");
  const { definitions } = await startApi();
  const { url } = await startServer(definitions, {
    platform: () => Promise.reject(new Error("no database")),
    jobKinds: async () => new Map(),
  });
  const response = await fetch(`${url}/health`);
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: "unhealthy", db: false, redis: null, queue: false, workers: 0 },
  ]);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  const metrics = await fetch(`${url}/metrics`);
  expect(metrics.status).toBe(200);
  expect(await metrics.text()).toContain("process_resident_memory_bytes");
});

test("metrics are Prometheus' text, with gauges of now", async () => {
  const { url, jobs } = await startApi();
  const { job } = await jobs.start(
    { kind: "analyze", source: "https://git.example/a/b" },
    { caller: "local", allowsLocalSources: false },
  );
  const read = async () => (await fetch(`${url}/metrics`)).text();
  const before = await read();
  expect(before).toContain('repowright_jobs{kind="analyze",status="pending"} 1');
  expect(before).toContain("repowright_oldest_waiting_seconds 12");
  expect(before).toContain("repowright_workers 1");
  jobs.become(job.id, "completed", { result: "1" });
  const after = await read();
  expect(after).toContain('repowright_jobs{kind="analyze",status="pending"} 0');
  expect(after).toContain('repowright_jobs{kind="analyze",status="completed"} 1');
  expect(after).toMatch(
    /http_request_duration_seconds_count\{method="GET",route="\/metrics",status="200"\} 1/,
  );
});

test("metrics as JSON are what a person asks for", async () => {
  const { url } = await startApi();
  const response = await fetch(`${url}/metrics`, { headers: { accept: "application/json" } });
  expect(await response.json()).toEqual({
    queue_length: 0,
    processed_today: 0,
    failed_today: 0,
    oldest_waiting_seconds: null,
    duration_seconds: { p50: 1, p95: 2 },
    workers: 1,
    by_kind: [],
  });
});
