import { expect, test } from "vitest";
import { until } from "../../../test/support/child-processes.ts";
import { createFakeJobs } from "../../../test/support/fake-jobs.ts";
import { recordTerminal } from "../../../test/support/terminal.ts";
import { followJob } from "./follow-job.ts";

async function start() {
  const fake = createFakeJobs();
  const jobs = { ...fake, counts: async () => ({ ...(await fake.counts()), workers: 0 }) };
  const { job } = await fake.start(
    { kind: "analyze", source: "https://git.example/a/b" },
    { caller: "local", allowsLocalSources: true },
  );
  const terminal = recordTerminal();
  const follow = (through: "server" | "database"): Promise<number> =>
    followJob(job.id, { jobs, through }, terminal, false, new AbortController().signal);
  return { fake, job, terminal, follow };
}

test("nobody waits for a job that no worker can do", async () => {
  const { follow, terminal } = await start();
  await expect(follow("database")).rejects.toMatchObject({ code: "worker-missing" });
  expect(terminal.output()).toContain("state     pending");
});

test("a server is believed to get a worker, and that is said once", async () => {
  const { fake, job, follow, terminal } = await start();
  const following = follow("server");
  await until(() => terminal.notes().includes("No worker runs yet"), "note");
  fake.become(job.id, "processing");
  fake.become(job.id, "completed", { result: "1" });
  expect(await following).toBe(0);
  expect(terminal.notes().split("No worker")).toHaveLength(2);
});

test("a job that has ended needs no worker", async () => {
  const { fake, job, follow } = await start();
  fake.become(job.id, "completed", { result: "1" });
  expect(await follow("database")).toBe(0);
});
