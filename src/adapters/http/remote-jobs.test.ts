import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { startApi } from "../../../test/support/api.ts";
import { until } from "../../../test/support/child-processes.ts";
import type { JobEvent, Jobs } from "../../contracts/job.ts";
import { createRemoteJobs } from "./remote-jobs.ts";

const source = "https://git.example/a/b";
const context = { caller: "ignored", allowsLocalSources: false };
const never = new AbortController().signal;

async function start(given: Parameters<typeof startApi>[0] = {}) {
  const api = await startApi(given);
  const remote = createRemoteJobs({ url: api.url, token: given.token ?? "", retryMs: 20, silenceMs: 300 });
  return { ...api, remote };
}

async function collect(events: AsyncIterable<JobEvent>): Promise<JobEvent[]> {
  const all: JobEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test("everything gives what the jobs themselves give", async () => {
  const { jobs, remote } = await start();
  const { job, isNew } = await remote.start({ kind: "analyze", source, priority: 3 }, context);
  expect(isNew).toBe(true);
  const same = async (ask: (one: Jobs) => Promise<unknown>): Promise<void> =>
    expect(await ask(remote)).toEqual(await ask(jobs));
  expect(job).toEqual(await jobs.get(job.id));
  await remote.start({ kind: "analyze", source, rev: "v1" }, context);
  await same((one) => one.get(job.id));
  await same((one) => one.place(job));
  await same((one) => one.list({ kind: "analyze", status: "pending" }, { limit: 1 }));
  const { nextCursor } = await remote.list({}, { limit: 1 });
  await same((one) => one.list({}, { limit: 1, cursor: nextCursor! }));
  jobs.become(job.id, "processing");
  await same((one) => one.attempts(job.id));
  await same((one) => one.events(job.id, 1, 5));
  jobs.become(job.id, "completed", { result: '{"a" : 1}' });
  await same((one) => one.result(job.id));
  await same((one) => one.counts());
  await same((one) => collect(one.follow(job.id, 0, never)));
});

test("what is done is done over there", async () => {
  const { jobs, remote } = await start();
  const { job } = await remote.start({ kind: "analyze", source }, context);
  jobs.become(job.id, "waiting", { approval: { name: "push", question: "Push?" } });
  await remote.decide(job.id, { isApproved: true, comment: "yes" });
  expect(jobs.calls).toContain("decide true yes");
  jobs.become(job.id, "failed");
  expect((await remote.retry(job.id)).status).toBe("pending");
  expect((await remote.cancel(job.id)).status).toBe("cancelled");
  await remote.delete(job.id);
  expect(jobs.size()).toBe(0);
});

test("the same delivery is the same job", async () => {
  const { remote } = await start();
  const delivered = { ...context, delivery: { origin: "cli", key: "k1" } };
  const first = await remote.start({ kind: "analyze", source }, delivered);
  const second = await remote.start({ kind: "analyze", source }, delivered);
  expect([first.isNew, second.isNew]).toEqual([true, false]);
  expect(second.job.id).toBe(first.job.id);
});

describe("failures", () => {
  const id = "0198c5a0-7b1e-7000-8000-000000000000";

  test("over there are the same here", async () => {
    const { jobs, remote } = await start();
    await expect(remote.get(id)).rejects.toMatchObject({
      code: "job-unknown",
      message: expect.stringContaining(id) as string,
    });
    await expect(collect(remote.follow(id, 0, never))).rejects.toMatchObject({ code: "job-unknown" });
    await expect(remote.start({ kind: "bake" }, context)).rejects.toMatchObject({ code: "kind-unknown" });
    const { job } = await jobs.start({ kind: "analyze", source }, context);
    await expect(remote.result(job.id)).rejects.toMatchObject({ code: "job-state" });
  });

  test("of the token", async () => {
    const { url, remote } = await start({ token: "t" });
    expect((await remote.list({}, { limit: 1 })).items).toEqual([]);
    const stranger = createRemoteJobs({ url, token: "" });
    await expect(stranger.list({}, { limit: 1 })).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("to reach a server, or to find ours there", async () => {
    const nobody = createRemoteJobs({ url: "http://127.0.0.1:9", token: "" });
    await expect(nobody.get(id)).rejects.toMatchObject({ code: "server-unreachable" });
    await expect(collect(nobody.follow(id, 0, never))).rejects.toMatchObject({ code: "server-unreachable" });
    const other = await startOther((response) => response.writeHead(502).end("<html>Bad gateway"));
    await expect(createRemoteJobs({ url: other, token: "" }).get(id)).rejects.toMatchObject({
      code: "server-unreachable",
      message: expect.stringContaining("502") as string,
    });
    const elsewhere = await startOther((response) => response.writeHead(302, { location: other }).end());
    await expect(createRemoteJobs({ url: elsewhere, token: "t" }).get(id)).rejects.toMatchObject({
      code: "server-unreachable",
    });
    const silent = await startOther(() => {});
    await expect(createRemoteJobs({ url: silent, token: "", timeoutMs: 50 }).get(id)).rejects.toMatchObject({
      code: "server-unreachable",
    });
  });
});

describe("following", () => {
  test("ends when the job is deleted, and when nobody wants it any more", async () => {
    const { jobs, remote } = await start();
    const { job } = await jobs.start({ kind: "analyze", source }, context);
    const events = collect(remote.follow(job.id, 0, never));
    await until(() => jobs.calls.includes("follow 0"), "stream");
    await jobs.delete(job.id);
    expect((await events).map((event) => event.seq)).toEqual([1]);
    const other = (await jobs.start({ kind: "analyze", source }, context)).job;
    const leaving = new AbortController();
    const rest = collect(remote.follow(other.id, 0, leaving.signal));
    setTimeout(() => leaving.abort(), 50);
    expect(await rest).toHaveLength(1);
  });

  test("goes on where it broke: nothing is lost, nothing comes twice", async () => {
    const seen: string[] = [];
    const line = (seq: number, status: string): string =>
      `id: ${seq}\r\nevent: state\r\ndata: ${JSON.stringify({ seq, at: "", type: "state", data: { status } })}\r\n\r\n`;
    const url = await startOther((response, headers) => {
      seen.push(String(headers["last-event-id"]));
      response.writeHead(200, { "content-type": "text/event-stream" });
      // Broken off inside an event, silent, repeated, and at last ended.
      if (seen.length === 1) {
        response.write(`retry: 2000\n\n${line(1, "pending")}${line(2, "processing").slice(0, 30)}`);
        setTimeout(() => response.destroy(), 20);
      } else if (seen.length === 2) response.write(`${line(2, "failed")}${line(3, "pending")}`);
      else response.end(`:\n\n${line(3, "pending")}${line(4, "completed")}`);
    });
    const remote = createRemoteJobs({ url, token: "", retryMs: 5, silenceMs: 60 });
    const events = await collect(remote.follow("x", 0, never));
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
    expect(seen).toEqual(["0", "1", "3"]);
  });
});

function startOther(
  answer: (response: ServerResponse, headers: IncomingHttpHeaders) => void,
): Promise<string> {
  const server = createServer((request, response) => answer(response, request.headers));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}
