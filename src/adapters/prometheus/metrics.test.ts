import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

test("what was counted, timed and set is in the text", async () => {
  const metrics = createMetrics();
  metrics.count("jobs_accepted_total", { kind: "analyze" });
  metrics.count("jobs_accepted_total", { kind: "analyze" }, 2);
  metrics.observe("job_duration_seconds", 0.2, { kind: "analyze", outcome: "completed" });
  metrics.set("workers", 3);
  metrics.set("workers", 2);
  const text = await metrics.text();
  expect(text).toContain('repowright_jobs_accepted_total{kind="analyze"} 3');
  expect(text).toContain(
    'repowright_job_duration_seconds_bucket{le="0.25",kind="analyze",outcome="completed"} 1',
  );
  expect(text).toContain(
    'repowright_job_duration_seconds_bucket{le="0.1",kind="analyze",outcome="completed"} 0',
  );
  expect(text).toContain("repowright_workers 2");
});

test("the process is watched: event loop and memory", async () => {
  const text = await createMetrics().text();
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d{6}/m);
});

test("two of them share nothing", async () => {
  const [a, b] = [createMetrics(), createMetrics()];
  a.set("streams", 7);
  expect(await b.text()).not.toContain("repowright_streams 7");
});

test("a label that is not in the contract is refused", () => {
  expect(() => createMetrics().count("jobs_started_total", { job_id: "x" })).toThrow("job_id");
});
