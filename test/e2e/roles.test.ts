import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { isRunning } from "../support/child-processes.ts";
import { createRepository, temporaryFolder } from "../support/repositories.ts";
import { serversAvailable, startPostgres, startRedis } from "../support/servers.ts";
import { eventually } from "../support/eventually.ts";
import { descendants, jobIs, readStream, startServing, type Body } from "../support/serving.ts";
import { createSlowRepository } from "../support/slow-repository.ts";

/** The roles in processes of their own, as in a cluster. */
vi.setConfig({ testTimeout: 90_000 });
const { postgres: hasPostgres, redis: hasRedis } = serversAvailable();
const perRepository = 3;

test.runIf(hasPostgres && hasRedis)(
  "one API, one scheduler, three workers; one worker is killed",
  async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    onTestFinished(async () => {
      await postgres.close();
      await redis.close();
    });
    const folder = temporaryFolder();
    const environment = {
      DATABASE_URL: await postgres.createDatabase(),
      REDIS_URL: redis.url,
      REPOWRIGHT_WORKER_CONCURRENCY: "1",
      REPOWRIGHT_ANALYZE_WORKERS: "1",
    };
    // A shared data directory is allowed with a server's database; here each machine has its own.
    const start = (name: string, roles: string) =>
      startServing({ dataDir: join(folder, name), args: ["--roles", roles], environment });
    const [api, replica, scheduler, ...workers] = await Promise.all([
      start("api", "api"),
      start("replica", "api"),
      start("scheduler", "scheduler"),
      start("one", "worker"),
      start("two", "worker"),
      start("three", "worker"),
    ]);
    await eventually("three workers", 15_000, async () => (await api.ask("/health")).body.workers === 3);
    expect(scheduler.url).toBe("");

    const slow = createSlowRepository(join(folder, "slow.git"));
    const sources = ["a", "b", "c", "d"].map((name) =>
      createRepository(join(folder, `project-${name}`), [
        { message: "feat: begin", files: { "index.ts": `export const ${name} = 1;\n` } },
        { message: "fix: end", files: { "README.md": `# ${name}\n` } },
      ]),
    );
    const post = async (source: string, options: object): Promise<string> => {
      const { status, body } = await api.post("/v1/jobs", { kind: "analyze", source, options });
      expect(status).toBe(202);
      return body.id;
    };
    const victimJob = await post(slow, {});
    const attempt = await eventually("the slow one is half-way", 20_000, async () => {
      const { body } = await replica.ask(`/v1/jobs/${victimJob}`);
      return /lines/i.test(body.progress?.message ?? "") && body.attempts[0];
    });
    const ids = [victimJob];
    for (const source of sources)
      for (let since = 0; since < perRepository; since++)
        // Different questions: the same one twice would be one job.
        ids.push(await post(source, { since: `200${since}-01-01` }));
    const victim = workers.find(({ pid }) => attempt.workerId.includes(`-${pid}-`))!;
    expect(victim, attempt.workerId).toBeDefined();
    const children = descendants(victim.pid);
    expect(await victim.signal("SIGKILL")).toBe("SIGKILL");

    const jobs: Body[] = [];
    for (const id of ids) jobs.push(await jobIs(replica, id, "completed", 60_000));
    await eventually("the processes of the killed worker are gone", 10_000, () => !children.some(isRunning));
    const outcomes = (job: Body) => job.attempts.map(({ outcome }) => outcome);
    expect(outcomes(jobs[0]!)).toEqual(["lost", "completed"]);
    expect(jobs[0]!.attempts[1]!.workerId).not.toBe(attempt.workerId);
    // The killed worker had one place, and that was taken: nothing else was lost.
    for (const job of jobs.slice(1))
      expect([job.source, ...outcomes(job)]).toEqual([job.source, "completed"]);
    const finishers = new Set(jobs.map((job) => job.attempts.at(-1)!.workerId));
    expect(finishers.size).toBe(2);

    // Both replicas tell the same, also of what is happening.
    const [mine, theirs] = await Promise.all(
      [api, replica].map(async (each) => [
        (await each.ask("/v1/jobs?limit=100")).body,
        (await each.ask("/v1/repositories")).body,
        await readStream(`${each.url}/v1/jobs/${victimJob}/events`),
      ]),
    );
    expect(mine).toEqual(theirs);
    const late = await post(slow, { cache: false });
    const watching = readStream(`${replica.url}/v1/jobs/${late}/events`);
    await eventually(
      "it runs",
      20_000,
      async () => (await api.ask(`/v1/jobs/${late}`)).body.status === "processing",
    );
    expect((await api.post(`/v1/jobs/${late}/cancel`)).status).toBe(200);
    expect((await watching).at(-1)!.data).toMatchObject({ status: "cancelled" });
    await eventually(
      "the killed worker is forgotten",
      20_000,
      async () => (await replica.ask("/health")).body.workers === 2,
    );

    const rest = [api, replica, scheduler, ...workers.filter((worker) => worker !== victim)];
    expect(await Promise.all(rest.map((each) => each.signal("SIGTERM")))).toEqual([0, 0, 0, 0, 0]);
  },
);
