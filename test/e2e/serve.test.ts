import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Analysis } from "../../src/contracts/analysis.ts";
import { createAnswerCheck } from "../support/api-document.ts";
import { isRunning, processesNaming } from "../support/child-processes.ts";
import { runProgram } from "../support/cli.ts";
import { startGitServer } from "../support/git-http-server.ts";
import { canRun, modes } from "../support/platforms.ts";
import { git, temporaryFolder } from "../support/repositories.ts";
import { createSampleRepository } from "../support/sample-repository.ts";
import { serversAvailable, startPostgres, startRedis } from "../support/servers.ts";
import { eventually } from "../support/eventually.ts";
import {
  descendants,
  jobIs,
  readLog,
  readStream,
  startServing,
  withoutTimings,
  type Answer,
} from "../support/serving.ts";
import { createSlowRepository } from "../support/slow-repository.ts";

/** The real server in each of its modes, as a person with curl uses it. */
const network = {
  REPOWRIGHT_GIT_PROTOCOLS: "http,https,file",
  REPOWRIGHT_GIT_ALLOW_PRIVATE_HOSTS: "true",
};

vi.setConfig({ testTimeout: 90_000 });

let postgres: Awaited<ReturnType<typeof startPostgres>> | null = null;
let redis: Awaited<ReturnType<typeof startRedis>> | null = null;

beforeAll(async () => {
  if (serversAvailable().postgres) postgres = await startPostgres();
  if (serversAvailable().redis) redis = await startRedis();
});
afterAll(async () => {
  await postgres?.close();
  await redis?.close();
});

describe.each(modes)("%s", (mode) => {
  async function settings(): Promise<Record<string, string>> {
    if (mode === "postgres + redis") await redis!.flush();
    return {
      ...network,
      ...(mode === "embedded" ? {} : { DATABASE_URL: await postgres!.createDatabase() }),
      ...(mode === "postgres + redis" ? { REDIS_URL: redis!.url } : {}),
    };
  }

  test.runIf(canRun(mode))("an analysis from beginning to end", async () => {
    const folder = temporaryFolder();
    const root = join(folder, "root");
    mkdirSync(root);
    const work = createSampleRepository(join(folder, "work"));
    git(folder, ["clone", "--quiet", "--bare", work, join(root, "project.git")]);
    const source = `${(await startGitServer(root)).url}/project.git`;
    const environment = await settings();
    const server = await startServing({ dataDir: join(folder, "data"), environment });
    const check = createAnswerCheck((await server.ask("/openapi.json")).text);
    const get = async (path: string, route = path, headers: Record<string, string> = {}): Promise<Answer> => {
      const answer = await server.ask(path, { headers });
      check("GET", route, answer);
      return answer;
    };
    const post = async (path: string, route: string, body?: unknown, key?: string): Promise<Answer> => {
      const answer = await server.post(path, body, key === undefined ? {} : { "idempotency-key": key });
      check("POST", route, answer);
      return answer;
    };

    // Started, and watched while it runs.
    const posted = await post("/v1/jobs", "/v1/jobs", { kind: "analyze", source }, "k1");
    expect(posted.status).toBe(202);
    const { id } = posted.body;
    expect(posted.headers.get("location")).toBe(`/v1/jobs/${id}`);
    const events = await readStream(`${server.url}/v1/jobs/${id}/events`);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at + 1));
    const states = events.filter((event) => event.type === "state").map((event) => event.data["status"]);
    expect(states).toEqual(["pending", "processing", "completed"]);
    expect(events.some((event) => event.type === "progress")).toBe(true);
    const rest = await readStream(`${server.url}/v1/jobs/${id}/events`, { "last-event-id": "2" });
    expect(rest).toEqual(events.slice(2));
    const nothing = await server.ask(`/v1/jobs/${id}/events`, {
      headers: { "last-event-id": String(events.length) },
    });
    expect([nothing.status, nothing.text]).toEqual([204, ""]);
    expect((await get(`/v1/jobs/${id}/events?follow=false`, "/v1/jobs/{id}/events")).body.items).toEqual(
      events,
    );

    // The result is what the command line says of the same repository.
    const report = JSON.parse((await get(`/v1/jobs/${id}/result`, "/v1/jobs/{id}/result")).text) as Analysis;
    const command = await runProgram(["analyze", source, "--json"], {
      cwd: folder,
      dataDir: join(folder, "other"),
      environment: network,
    });
    expect(command.code, command.stderr).toBe(0);
    expect(withoutTimings(report)).toEqual(withoutTimings(JSON.parse(command.stdout) as Analysis));
    expect(report.history.commits).toBeGreaterThan(5);
    const commit = git(work, ["rev-parse", "HEAD"]).trim();

    // What is known of the repository.
    const details = (await get(`/v1/jobs/${id}`, "/v1/jobs/{id}")).body;
    expect(details).toMatchObject({ status: "completed", commit, attempt: 1, place: null, source });
    expect(details.attempts.map((attempt) => attempt.outcome)).toEqual(["completed"]);
    expect(details.steps.map((step) => step.name)).toEqual(["resolve-commit"]);
    const [repository] = (await get("/v1/repositories")).body.items;
    expect(repository).toMatchObject({ source, lastCommit: commit, lastAnalysisJobId: id });
    const one = `/v1/repositories/${repository!.id}`;
    expect((await get(one, "/v1/repositories/{id}")).body).toEqual(repository);
    const analysis = (query: string): Promise<Answer> =>
      get(`${one}/analysis${query}`, "/v1/repositories/{id}/analysis");
    expect(JSON.parse((await analysis("")).text)).toEqual(report);
    expect((await analysis(`?commit=${commit}`)).text).toBe((await analysis("")).text);
    expect((await analysis(`?commit=${"0".repeat(40)}`)).body.code).toBe("analysis-unknown");
    expect((await post("/v1/repositories", "/v1/repositories", { source })).status).toBe(200);

    // The same request twice, and another one under the same key.
    const again = await post("/v1/jobs", "/v1/jobs", { kind: "analyze", source }, "k1");
    expect([again.status, again.body.id]).toEqual([202, id]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const other = await post("/v1/jobs", "/v1/jobs", { kind: "analyze", source, rev: "main" }, "k1");
    expect([other.status, other.body.code]).toEqual([422, "idempotency-mismatch"]);

    // Failing, retrying, deleting.
    expect((await post(`/v1/jobs/${id}/retry`, "/v1/jobs/{id}/retry")).body.code).toBe("job-state");
    expect((await post(`/v1/jobs/${id}/cancel`, "/v1/jobs/{id}/cancel")).status).toBe(409);
    const wrong = (await post("/v1/jobs", "/v1/jobs", { kind: "analyze", source, rev: "nowhere" })).body.id;
    expect((await jobIs(server, wrong, "failed")).error).toMatchObject({ code: "revision-unknown" });
    expect((await get(`/v1/jobs/${wrong}/result`, "/v1/jobs/{id}/result")).status).toBe(409);
    git(work, ["push", "--quiet", join(root, "project.git"), "HEAD:refs/heads/nowhere"]);
    expect((await post(`/v1/jobs/${wrong}/retry`, "/v1/jobs/{id}/retry")).status).toBe(202);
    expect((await jobIs(server, wrong, "completed")).attempt).toBe(2);
    const removed = await server.ask(`/v1/jobs/${wrong}`, { method: "DELETE" });
    check("DELETE", "/v1/jobs/{id}", removed);
    expect(removed.status).toBe(204);
    expect((await get(`/v1/jobs/${wrong}`, "/v1/jobs/{id}")).body.code).toBe("job-unknown");
    expect(
      (await get("/v1/jobs?status=completed&limit=5", "/v1/jobs")).body.items.map((job) => job.id),
    ).toEqual([id]);

    // What an operator looks at.
    expect(await get("/health").then(({ body }) => body)).toEqual({
      status: "healthy",
      db: true,
      redis: mode === "postgres + redis" ? true : null,
      queue: true,
      workers: 1,
    });
    for (const path of ["/", "/health/live", "/health/ready", "/v1/kinds"])
      expect((await get(path)).status).toBe(200);
    const short = await get("/metrics", "/metrics", { accept: "application/json" });
    expect(short.body).toMatchObject({ queue_length: 0, processed_today: 1, workers: 1 });
    expect((await get("/metrics")).text).toMatch(
      /^repowright_jobs_finished_total\{.*outcome="completed".*\} 2$/m,
    );
    const docs = await server.ask("/docs/");
    const assets = [...docs.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(assets.length).toBeGreaterThan(4);
    for (const asset of assets) {
      expect(asset).toMatch(/^\.\//);
      const found = await server.ask(`/docs/${asset}`);
      expect([asset, found.status]).toEqual([asset, 200]);
    }

    expect(await server.signal("SIGTERM")).toBe(0);
    expect(readLog(server.stderr()).filter(({ level }) => level === "error" || level === "warn")).toEqual([]);
  });

  test.runIf(canRun(mode))("cancel and kill -9 half-way: finished once after a new start", async () => {
    const folder = temporaryFolder();
    const source = createSlowRepository(join(folder, "slow.git"));
    const environment = { ...(await settings()), REPOWRIGHT_ANALYZE_WORKERS: "1" };
    const dataDir = join(folder, "data");
    const first = await startServing({ dataDir, environment });
    const startAndWait = async (): Promise<string> => {
      const { id } = (await first.post("/v1/jobs", { kind: "analyze", source })).body;
      await eventually("half-way", 20_000, async () => {
        const { body } = await first.ask(`/v1/jobs/${id}`);
        return body.status === "processing" && /lines/i.test(body.progress?.message ?? "");
      });
      return id;
    };
    const unwanted = await startAndWait();
    const working = descendants(first.pid).filter((pid) => processesNaming("git").includes(pid));
    expect(working.length).toBeGreaterThan(0);
    expect((await first.post(`/v1/jobs/${unwanted}/cancel`)).body.status).toBe("cancelled");
    await eventually("its work has ended", 10_000, () => !working.some(isRunning));

    const id = await startAndWait();
    const children = descendants(first.pid);
    expect(children.length).toBeGreaterThan(0);
    expect(await first.signal("SIGKILL")).toBe("SIGKILL");
    await eventually("its processes have ended", 10_000, () => !children.some(isRunning));

    const second = await startServing({ dataDir, environment });
    const job = await jobIs(second, id, "completed");
    expect(job.attempts.map((attempt) => attempt.outcome)).toEqual(["lost", "completed"]);
    const report = JSON.parse((await second.ask(`/v1/jobs/${id}/result`)).text) as Analysis;
    expect(report.history).toMatchObject({ commits: 60 });
    const events = await readStream(`${second.url}/v1/jobs/${id}/events`);
    expect(events.filter(({ data }) => data["status"] === "completed")).toHaveLength(1);
    expect(await second.signal("SIGTERM")).toBe(0);
  });
});
