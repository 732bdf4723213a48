import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { createRandom, pickSeed } from "../support/fault-cluster.ts";
import { keyOf } from "../support/fake-host.ts";
import {
  checkReviews,
  debuggers,
  jobProcessesOf,
  repository,
  type ReviewWorld,
  startReviewWorld,
} from "../support/review-world.ts";
import { startScriptedReviewer } from "../support/scripted-reviewer.ts";

async function withWorld(
  settings: Readonly<Record<string, string>>,
  work: (world: ReviewWorld) => Promise<void>,
): Promise<void> {
  const world = await startReviewWorld("embedded", settings);
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

/** Pull requests with a line comment to be expected on each. */
function pushSome(
  world: ReviewWorld,
  count: number,
): Map<number, { readonly head: string; readonly comments: number }> {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  return new Map(
    numbers.map((number) => [
      number,
      { head: world.push(number, { [`src/p${number}.js`]: debuggers(1) }), comments: 1 },
    ]),
  );
}

test(
  "F8: the same delivery a hundred times, and others of the same head, while servers and jobs are killed: each head is reviewed and posted once",
  () =>
    withWorld({}, async (world) => {
      const random = createRandom(pickSeed("reviews"));
      const pulls = pushSome(world, 3);
      let server = await world.cluster.start();
      world.github.fail({ kind: "reset-after", method: "POST", path: /reviews$/ });
      world.github.fail({ kind: "slow", delayMs: 120, times: Infinity });
      const sending = [...pulls].flatMap(([number, { head }]) =>
        Array.from({ length: 100 }, async (_, time) => {
          await sleep(random() * 3_000);
          await world.submit(number, head, {
            id: time % 4 === 3 ? `other-${number}-${time}` : `same-${number}`,
          });
        }),
      );
      const [victim] = await eventually("a job runs", 20_000, () => {
        const found = jobProcessesOf(server.pid);
        return found.length > 0 ? found : null;
      });
      await sleep(random() * 1_000);
      process.kill(victim!, "SIGKILL");
      await sleep(random() * 1_500);
      await server.kill();
      server = await world.cluster.start();
      await Promise.all(sending);
      for (const [number, { head }] of pulls) await world.submit(number, head, { id: `later-${number}` });
      const isRight = async (): Promise<boolean> => (await checkReviews(world, pulls)).length === 0;
      // What is wrong is told by the line below.
      await eventually("each is posted", 60_000, isRight).catch(() => {});
      expect(await checkReviews(world, pulls)).toEqual([]);
    }),
  90_000,
);

test("F9: while a model hangs every review is posted without it; its part follows, or is given up in order", async () => {
  const reviewer = await startScriptedReviewer();
  const settings = {
    REPOWRIGHT_LLM_MODELS: "review=compatible/reviewer",
    REPOWRIGHT_LLM_ADDRESSES: reviewer.addresses,
  };
  await withWorld(settings, async (world) => {
    const { github, cluster } = world;
    const server = await cluster.start();
    reviewer.answer(() => ({ hangs: true }));
    const pulls = pushSome(world, 4);
    for (const [number, { head }] of pulls) await world.submit(number, head);
    const stopped = world.push(5, { "src/p5.js": debuggers(1) });
    const stoppedId = await world.submit(5, stopped);
    const commentsOf = (number: number) => github.state.lineComments.get(keyOf({ repository, number }));
    await eventually("all are posted, although nobody heard of the model", 60_000, () =>
      [...pulls.keys(), 5].every((number) => commentsOf(number)?.length === 1),
    );
    expect(github.state.checks.every(({ state }) => state === "pending")).toBe(true);
    expect((await cluster.request(`/v1/jobs/${stoppedId}/cancel`, {})).body["status"]).toBe("cancelled");
    reviewer.answer(({ question }) =>
      question === "summary"
        ? { say: { summary: "All of it is well.", files: [] } }
        : { say: { findings: [] } },
    );
    reviewer.drop();
    await eventually("the model's part follows", 60_000, async () => {
      const reviews = await world.reviews();
      return (
        reviews.every(({ id, model }) => model === "done" || id === stoppedId) &&
        (await checkReviews(world, pulls)).length === 0
      );
    });

    // A model's part that kills its process each time is given up, and the check does not stay open.
    reviewer.answer(() => ({ hangs: true }));
    const head = world.push(7, { "src/p7.js": debuggers(1) });
    const id = await world.submit(7, head);
    for (let deaths = 1; deaths <= 3; deaths++) {
      await eventually(`the model is asked, ${deaths}`, 30_000, () => reviewer.asked().length >= deaths);
      for (const pid of jobProcessesOf(server.pid)) process.kill(pid, "SIGKILL");
    }
    await eventually("the job has ended", 30_000, async () =>
      /completed|failed/.test(String((await cluster.get(`/v1/jobs/${id}`)).body["status"])),
    );
    expect((await cluster.get(`/v1/jobs/${id}`)).body).toMatchObject({ kind: "review", status: "completed" });
    expect((await cluster.get(`/v1/reviews/${id}`)).body).toMatchObject({ model: { state: "failed" } });
    expect(await checkReviews(world, new Map([[7, { head, comments: 1 }]]))).toEqual([]);

    // So is one that a person cancelled.
    const cancelled = new Map([[5, { head: stopped, comments: 1 }]]);
    await eventually(
      "its check ends",
      30_000,
      async () => (await checkReviews(world, cancelled)).length === 0,
    );
  });
  await reviewer.close();
}, 150_000);
