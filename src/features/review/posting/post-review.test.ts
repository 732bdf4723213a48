import { expect, test } from "vitest";
import type { CodeHosts } from "../../../contracts/code-host.ts";
import type { Finding } from "../../../contracts/finding.ts";
import type { JobContext } from "../../../contracts/job.ts";
import type { ReviewResult, Reviews } from "../../../contracts/review.ts";
import { parseDiff } from "../../../core/diff/parse-diff.ts";
import {
  fingerprintOf,
  headA,
  headB,
  makeFinding,
  makeReview,
  pullRef,
  samplePatch,
} from "../../../../test/support/posting.ts";
import {
  connectTo,
  createTestRun,
  noTrouble,
  seenOn,
  startAnyHost,
  startPostingHost,
  troubleAt,
} from "../../../../test/support/posting-host.ts";
import { postReview } from "./post-review.ts";

const diff = parseDiff(samplePatch);
const error = makeFinding("e", { severity: "error", path: "src/old.ts", line: 2, endLine: 6 });
const warning = makeFinding("w", { line: 12 });
const outside = makeFinding("o", { path: "README.md" });
const model = makeFinding("m", { line: 20, source: "model" });
const old = makeFinding("old", { line: 30 });

const awaited = (number: number, findings: readonly Finding[]): ReviewResult =>
  makeReview(findings, { pull: { ...pullRef, number }, model: { state: "awaited" } });
const done = (
  number: number,
  findings: readonly Finding[],
  more: Parameters<typeof makeReview>[1] = {},
): ReviewResult =>
  makeReview(findings, { pull: { ...pullRef, number }, model: { state: "done", name: "test/one" }, ...more });

const post =
  (...reviews: readonly ReviewResult[]) =>
  async (context: JobContext) => {
    const results = [];
    for (const review of reviews) results.push(await postReview(review, diff, context));
    return results;
  };

async function start() {
  const { github, codeHosts } = await startPostingHost();
  let numbers = 0;
  return {
    github,
    codeHosts,
    open: (changes: { readonly head?: string; readonly isOpen?: boolean } = {}) =>
      github.addPull({ number: ++numbers, patch: samplePatch, ...changes }),
  };
}

test("a crash or a broken connection at any call, and then another attempt: the same state, nothing twice", async () => {
  const { github, codeHosts, open } = await start();
  const run = async (trouble = noTrouble) => {
    const pull = open();
    // Of an earlier review there is a thread whose finding is gone by now.
    await createTestRun(post(done(pull.number, [old])), codeHosts).attempt();
    github.state.comments.delete(`${pull.repository}#${pull.number}`);
    const job = createTestRun(
      post(
        awaited(pull.number, [error, warning, outside]),
        done(pull.number, [error, warning, model, outside]),
      ),
      codeHosts,
    );
    const ends = [await job.attempt(trouble)];
    while (ends.at(-1)!.kind !== "completed" && ends.length < 4) ends.push(await job.attempt());
    return {
      ends,
      seen: seenOn(github, pull),
      reviews: github.state.reviews.get(`${pull.repository}#${pull.number}`)!.length,
    };
  };
  const undisturbed = troubleAt(0, "before");
  const expected = await run(undisturbed);
  expect(expected.ends.map(({ kind }) => kind)).toEqual(["completed"]);
  expect(expected.seen.comments).toHaveLength(1);
  expect(
    expected.seen.lines.map(({ place, isResolved }) => `${place}${isResolved ? " resolved" : ""}`).toSorted(),
  ).toEqual([
    "src/new.ts:12-12 new",
    "src/new.ts:20-20 new",
    "src/new.ts:30-30 new resolved",
    "src/old.ts:2-6 new",
  ]);
  expect(expected.seen.check).toBe("failure");
  expect(undisturbed.count()).toBeGreaterThan(14);
  for (let place = 1; place <= undisturbed.count(); place++)
    for (const kind of ["before", "after"] as const) {
      const { ends, seen, reviews } = await run(troubleAt(place, kind));
      expect([place, kind, ends.map((end) => end.kind)]).toEqual([place, kind, ["failed", "completed"]]);
      expect(seen).toEqual(expected.seen);
      expect(reviews).toBe(expected.reviews);
    }
});

test("the same review again writes nothing but the check", async () => {
  const { github, codeHosts, open } = await start();
  const { number } = open();
  const reviews = [awaited(number, [error, warning]), done(number, [error, warning, model])];
  await createTestRun(post(...reviews), codeHosts).attempt();
  const before = github.requests.length;
  expect(await createTestRun(post(...reviews), codeHosts).attempt()).toMatchObject({ kind: "completed" });
  const writes = github.requests.slice(before).filter((request) => !/^GET|graphql$/.test(request));
  expect(writes).toEqual(Array(2).fill(`POST /api/v3/repos/octo-org/widgets/statuses/${headA}`));
});

test("a clean pull request gets a check, and no comment", async () => {
  const { github, codeHosts, open } = await start();
  const pull = open();
  await createTestRun(post(awaited(pull.number, []), done(pull.number, [])), codeHosts).attempt();
  expect(seenOn(github, pull)).toEqual({ comments: [], lines: [], check: "success" });
  expect(github.state.checks.map(({ state }) => state)).toEqual(["pending", "success"]);
});

test.each([
  ["a head that was replaced", { head: headB }, "the pull request is at bbbbbbbbbb by now"],
  ["a closed pull request", { isOpen: false }, "the pull request is closed"],
])("nothing is posted to %s", async (_, changes, reason) => {
  const { github, codeHosts, open } = await start();
  const pull = open(changes);
  const job = createTestRun(post(done(pull.number, [error])), codeHosts);
  expect(await job.attempt()).toEqual({
    kind: "completed",
    result: JSON.stringify([{ kind: "left", reason }]),
  });
  expect(job.logged).toEqual([`the review is stored but not posted: ${reason}`]);
  expect(seenOn(github, pull)).toEqual({ comments: [], lines: [], check: undefined });
});

test("comments that the host refuses stand in the summary, and none is posted alone", async () => {
  const { github, codeHosts, open } = await start();
  // The host's own diff knows one of the two files only.
  const pull = open();
  github.addPull({ ...pull, patch: samplePatch.slice(samplePatch.indexOf("diff --git a/src/old.ts")) });
  const job = createTestRun(post(done(pull.number, [error, warning])), codeHosts);
  for (const _ of [1, 2]) {
    expect(await job.attempt()).toMatchObject({ kind: "completed" });
    const { lines, comments, check } = seenOn(github, pull);
    expect([lines, check, comments.length]).toEqual([[], "failure", 1]);
    expect(comments[0]).toMatch(/e is left over It stops whoever[\s\S]*w is left over It stops whoever/);
  }
  expect(job.logged[0]).toMatch(/refused comments/);
});

test("a push between looking and posting: the refusal is no reason to say it all below", async () => {
  const { github, codeHosts, open } = await start();
  const pull = open();
  const pushed: CodeHosts = {
    ...codeHosts,
    async client(host) {
      const real = await codeHosts.client(host);
      return {
        ...real,
        postReview: async (...args: Parameters<typeof real.postReview>) => {
          github.addPull({ ...pull, head: headB });
          return real.postReview(...args);
        },
      };
    },
  };
  const job = createTestRun(post(done(pull.number, [error])), pushed);
  expect(await job.attempt()).toMatchObject({ kind: "completed", result: expect.stringContaining("by now") });
  expect(seenOn(github, pull)).toEqual({ comments: [], lines: [], check: undefined });
});

test.each([
  ["is revoked", "host-refused", false],
  ["is not there", "host-unconfigured", false],
  ["is limited", "host-rate-limited", true],
  ["does not reach", "host-unreachable", true],
] as const)("an access that %s fails the job: %s", async (what, code, retry) => {
  const { github, codeHosts, open } = await start();
  const pull = open();
  if (what === "is revoked") github.revoke();
  const limited = {
    status: 403,
    body: { message: "API rate limit exceeded" },
    headers: { "retry-after": "600" },
  };
  if (what === "is limited") github.fail({ kind: "answer", path: /\/reviews$/, answer: limited });
  if (what === "does not reach") github.fail({ kind: "reset", path: /\/reviews$/ });
  const job = createTestRun(
    post(done(pull.number, [error])),
    what === "is not there" ? connectTo({}) : codeHosts,
  );
  const wait = code === "host-rate-limited" ? { retryAfterMs: 600_000 } : {};
  expect(await job.attempt()).toMatchObject({ kind: "failed", error: { code, retry }, ...wait });
  expect(seenOn(github, pull).lines).toEqual([]);
  expect((await job.attempt()).kind).toBe(retry ? "completed" : "failed");
  expect(seenOn(github, pull).lines).toHaveLength(retry ? 1 : 0);
});

test("threads of a model that cannot be asked stay, others whose finding is gone do not", async () => {
  const { github, codeHosts, open } = await start();
  const pull = open();
  const first = done(pull.number, [warning, model]);
  await createTestRun(post(first), codeHosts).attempt();
  const reviews = {
    list: async () => ({ items: [{ id: "job-0", model: "done" }], nextCursor: null }),
    get: async () => JSON.stringify(first),
  } as unknown as Reviews;
  const later = makeReview([error], { pull: first.pull, model: { state: "away", message: "It sleeps." } });
  expect(await createTestRun(post(later), codeHosts, { reviews }).attempt()).toMatchObject({
    kind: "completed",
  });
  const resolved = (name: string) =>
    seenOn(github, pull).lines.find(({ body }) => body.includes(fingerprintOf(name)))?.isResolved;
  expect([resolved("w"), resolved("m"), resolved("e")]).toEqual([true, false, false]);
});

test.each(["github", "gitlab", "gitea"] as const)(
  "on %s: comments once, on their lines; the second time only what is new, and what is gone is resolved where that can be",
  async (host) => {
    const { fake, codeHosts } = await startAnyHost(host);
    const pull = fake.addPull({ number: 7, patch: samplePatch });
    const ref = { ...pullRef, host };
    const removed = makeFinding("r", { path: "src/old.ts", line: 4, side: "old" });
    const reviews = [
      makeReview([error, warning, removed, outside], { pull: ref, model: { state: "awaited" } }),
      makeReview([error, warning, removed, model, outside], { pull: ref, model: { state: "done" } }),
      makeReview([error, removed, old, outside], { pull: ref, model: { state: "done" } }),
    ];
    // Each twice, as after a crash.
    for (const review of reviews)
      for (const _ of [1, 2]) {
        const end = await createTestRun(post(review), codeHosts).attempt();
        expect(end).toMatchObject({ kind: "completed" });
      }
    const { comments, lines } = seenOn(fake, pull);
    expect(comments).toHaveLength(1);
    const ends = { e: 6, w: 12, r: 4, m: 20, old: 30 };
    const gone = host === "gitea" ? [] : ["m", "w"];
    const found = Object.entries(ends).map(([name, line]) => ({
      name,
      line,
      seen: lines
        .filter(({ body }) => body.includes(fingerprintOf(name)))
        .map(({ place, isResolved }) => [/(\d+) (?:new|old)$/.exec(place)![0], isResolved]),
    }));
    expect(found).toEqual(
      Object.entries(ends).map(([name, line]) => ({
        name,
        line,
        seen: [[`${line} ${name === "r" ? "old" : "new"}`, gone.includes(name)]],
      })),
    );
  },
);
