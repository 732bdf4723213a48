import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CodeHosts, PullRequest } from "../src/contracts/code-host.ts";
import type { Job, JobDefinition } from "../src/contracts/job.ts";
import type { Scanner } from "../src/contracts/scanner.ts";
import type { ModelGateway } from "../src/contracts/model-gateway.ts";
import type { Platform } from "../src/contracts/platform.ts";
import type { Services } from "../src/contracts/services.ts";
import { parseDiff } from "../src/core/diff/parse-diff.ts";
import { endAbandonedReviews } from "../src/core/review/end-abandoned.ts";
import { createAnswerQuestion } from "../src/features/ask/answer-question.ts";
import catchUp from "../src/features/review/catch-up.job.ts";
import { postReview } from "../src/features/review/posting/post-review.ts";
import reviewCommand from "../src/features/review/review-command.job.ts";
import reviewEnd from "../src/features/review/review-end.job.ts";
import reviewThread from "../src/features/review/review-thread.job.ts";
import review from "../src/features/review/review.job.ts";
import { startGitServer } from "./support/git-http-server.ts";
import { kindsOf } from "./support/job-kinds.ts";
import { startMode, type TestMode } from "./support/platforms.ts";
import { headB, makeFinding, makeReview, pullRef, samplePatch } from "./support/posting.ts";
import { createTestJob, createTestRun, seenOn, startPostingHost } from "./support/posting-host.ts";
import { addCommit, createRepository, git } from "./support/repositories.ts";
import { createServices, createThreads } from "./support/services.ts";
import { pullPayload, startWebhooks } from "./support/webhooks.ts";

const kinds = kindsOf(
  ...([review, reviewCommand, reviewThread, reviewEnd, catchUp] as unknown as JobDefinition[]),
);
const clean = "export function load(id) {\n  return store.get(id);\n}\n";
const bad = "export function load(id) {\n  debugger;\n  return store.get(id);\n}\n";
const folder = mkdtempSync(join(tmpdir(), "repowright-posting-"));
const repository = "octo-org/widgets";
let mode: TestMode;
let platform: Platform;
let scanner: Scanner;

beforeAll(async () => {
  mode = await startMode("embedded");
  platform = await mode.open(kinds, { "git.protocols": "http" });
  scanner = createThreads(1);
}, 60_000);
afterAll(async () => {
  await scanner.close();
  await mode.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Webhooks in at one end, GitHub at the other; jobs run here, one after the other, when a test says so. */
async function start() {
  const { github, codeHosts } = await startPostingHost();
  const origin = createRepository(join(folder, "origin"), [
    { message: "Begin", files: { "src/load.js": clean, "src/other.js": clean } },
  ]);
  const base = git(origin, ["rev-parse", "HEAD"]).trim();
  git(origin, ["checkout", "--quiet", "-b", "topic"]);
  const { url } = await startGitServer(folder);
  const cloneUrl = `${url}/origin/.git`;
  const settings = { ...github.settings, "git.protocols": "http", "git.allow_private_hosts": "true" };
  const webhooks = await startWebhooks(mode, platform, { settings });
  const there = <T extends PullRequest>(pull: T): T => ({ ...pull, cloneUrl });
  const local: Services = {
    ...createServices(join(folder, "data"), scanner, settings),
    models: async () => ({ availability: () => ({ isAvailable: false }) }) as unknown as ModelGateway,
  };
  const services = {
    ...local,
    answer: createAnswerQuestion(local),
    stores: platform.stores,
    codeHosts: {
      ...codeHosts,
      // The repository is with Git's own server.
      async client(host) {
        const client = await codeHosts.client(host);
        return {
          ...client,
          pull: async (...args) => there(await client.pull(...args)),
          openPulls: async (...args) => (await client.openPulls(...args)).map(there),
        };
      },
    } satisfies CodeHosts,
  };
  const finished = new Set<string>();

  /** Runs what waits until nothing does; gives the kinds, and the last result. */
  async function runJobs(): Promise<{ readonly kinds: readonly string[]; readonly result: unknown }> {
    const ran: string[] = [];
    let result: unknown = null;
    for (;;) {
      const waiting = (await webhooks.jobs()).filter(
        ({ id, status }) => status === "pending" && !finished.has(id),
      );
      const job = waiting.at(-1);
      if (job === undefined) return { kinds: ran, result };
      finished.add(job.id);
      ran.push(job.kind);
      result = await runOne(job);
    }
  }

  async function runOne({ id, kind, options, source, rev }: Job): Promise<unknown> {
    const end = await createTestJob(kinds.get(kind)!, services, { options, source, rev }).attempt(
      undefined,
      id,
    );
    if (end.kind !== "completed") throw new Error(`${kind}: ${JSON.stringify(end)}`);
    return JSON.parse(end.result);
  }

  let minutes = 0;
  return {
    github,
    runJobs,
    push,
    comment,
    tell: (event: string, payload: object) => webhooks.deliver(event, payload),
    runCatchUp: () =>
      createTestJob(kinds.get("catch-up")!, services, { options: { hours: 72, limit: 10 } }).attempt(),
  };

  /** A commit on the pull request's branch; tells GitHub, and what GitHub tells us. */
  async function push(number: number, files: Readonly<Record<string, string | null>>, tells = true) {
    const before = number === 7 && minutes > 0 ? git(origin, ["rev-parse", "HEAD"]).trim() : undefined;
    const head = addCommit(origin, { message: "Change", files });
    git(origin, ["update-ref", `refs/pull/${number}/head`, head]);
    const at = `2026-03-01T10:${String(++minutes).padStart(2, "0")}:00Z`;
    const patch = git(origin, ["diff", `${base}...${head}`]);
    const pull = github.addPull({ number, head, base, patch, updatedAt: at });
    if (!tells) return pull;
    const payload = pullPayload({
      number,
      repository,
      head,
      at,
      ...(before === undefined ? {} : { action: "synchronize", before }),
    });
    (payload["pull_request"] as { base: object }).base = { sha: base, ref: "main" };
    (payload["repository"] as { clone_url: string }).clone_url = cloneUrl;
    expect(await webhooks.deliver("pull_request", payload)).toMatchObject({
      status: 202,
      receipt: { accepted: true },
    });
    return pull;
  }

  async function comment(login: string, body: string, inReplyTo: number | null = null) {
    const id = 5_000 + ++minutes;
    const payload = {
      action: "created",
      comment: {
        id,
        body,
        user: { login, type: "User" },
        author_association: "NONE",
        in_reply_to_id: inReplyTo,
      },
      repository: { full_name: repository },
      ...(inReplyTo === null ? { issue: { number: 7, pull_request: {} } } : { pull_request: { number: 7 } }),
    };
    await webhooks.deliver(inReplyTo === null ? "issue_comment" : "pull_request_review_comment", payload);
    return runJobs();
  }
}

test(
  "a pull request from opened to closed, and one that nobody told us of",
  { timeout: 120_000 },
  async () => {
    const { github, push, runJobs, comment, tell, runCatchUp } = await start();
    const pull = await push(7, { "src/load.js": bad, "src/a.js": bad });
    const lines = () =>
      seenOn(github, pull)
        .lines.map(({ place, isResolved }) => `${place}${isResolved ? " resolved" : ""}`)
        .toSorted();
    const below = () => seenOn(github, pull).comments;

    await runJobs();
    expect(lines()).toEqual(["src/a.js:2-2 new", "src/load.js:2-2 new"]);
    expect(below()).toHaveLength(1);
    expect(below()[0]).toMatch(/^\*\*Found 2 errors/);
    expect(seenOn(github, pull).check).toBe("failure");

    // One is mended, one stays, one is new.
    await push(7, { "src/load.js": clean, "src/b.js": bad });
    await runJobs();
    const [ofA, ofLoad] = ["a", "load"].map((name) =>
      github.state.lineComments.get(`${repository}#7`)!.find(({ path }) => path === `src/${name}.js`)!,
    );
    expect(lines()).toEqual(["src/a.js:2-2 new", "src/b.js:2-2 new", "src/load.js:2-2 new resolved"]);
    expect(below()).toHaveLength(1);

    // Who may not write is told so, and nothing else happens.
    expect((await comment("stranger", "/repowright dismiss no", ofA!.id)).kinds).toEqual(["review-command"]);
    expect(ofA!.replies.at(-1)!.body).toMatch(/^Sorry, `dismiss` is for people who may write/);

    expect((await comment("maintainer", "/repowright dismiss a @fixture", ofA!.id)).kinds).toEqual([
      "review-command",
      "review",
    ]);
    expect(ofA!.replies.at(-1)!.body).toMatch(
      /^Dismissed in the whole repository: `leftover-debugger` in `src\/a\.js`, because: a @\u200bfixture/,
    );
    expect(lines()).toEqual([
      "src/a.js:2-2 new resolved",
      "src/b.js:2-2 new",
      "src/load.js:2-2 new resolved",
    ]);
    expect(below()[0]).toMatch(/^\*\*Found 1 error/);

    // Taken back, it is told again, in the summary; what was said on the line is not said twice.
    const [dismissal] = await platform.stores.reviews.dismissals(
      (await platform.stores.reviews.list({}, { limit: 1 })).items[0]!.source!,
    );
    expect(
      (await comment("maintainer", `/repowright restore ${dismissal!.fingerprint.slice(0, 8)}`)).kinds,
    ).toEqual(["review-command", "review"]);
    expect(below().at(-1)).toMatch(/^No longer dismissed: `leftover-debugger`/);
    expect(below()[0]).toMatch(/^\*\*Found 2 errors/);
    expect(lines()).toHaveLength(3);

    // The pull request's author may ask for a review, and not for more.
    expect((await comment("monalisa", "/repowright review")).kinds).toEqual(["review-command", "review"]);
    await comment("monalisa", "/repowright restore 01234567");
    expect(below().at(-1)).toMatch(/^Sorry, `restore` is for people who may write to this repository\./);
    await comment("maintainer", "/repowright restore 01234567");
    expect(below().at(-1)).toMatch(
      /^No finding of this pull request that was dismissed begins with `01234567`/,
    );
    await comment("maintainer", "/repowright dismiss 01234567");
    expect(below().at(-1)).toMatch(/^A reason is needed/);
    await comment("maintainer", "/repowright dismiss without a place");
    expect(below().at(-1)).toMatch(/^Which finding\?/);
    await comment("stranger", "/repowright <b>@ada</b>");
    expect(below().at(-1)).toMatch(/^There is no command `<b>@ada<\/b>`\.\n\nWhat I can do here:/);
    // A program's, whatever host says who wrote it.
    expect(await comment("stranger", "/repowright help\n<!-- repowright:reply: -->")).toMatchObject({
      result: { command: null },
    });

    // Questions are answered about the head, with places that are there.
    await comment("monalisa", "/repowright ask where is something loaded from the store by its id?");
    expect(below().at(-1)).toMatch(/^Most likely here:\n\n- \[?`src\/\w+\.js:1-\d`/);
    await comment("stranger", "/repowright ask who are you?");
    expect(below().at(-1)).toMatch(/^Sorry, `ask` is for people who may write/);

    // Somebody resolves a thread: noted, and nothing is dismissed.
    await tell("pull_request_review_thread", {
      action: "resolved",
      pull_request: { number: 7 },
      repository: { full_name: repository },
      thread: { comments: [{ id: ofLoad!.id }] },
    });
    const noted = (await runJobs()).result as {
      readonly isResolved: boolean;
      readonly findings: readonly string[];
    };
    expect(noted.isResolved).toBe(true);
    expect(ofLoad!.body).toContain(noted.findings[0]);

    github.addPull({ ...github.state.pulls.get(`${repository}#7`)!, isOpen: false });
    await comment("maintainer", "/repowright review");
    expect(below().at(-1)).toMatch(/^The pull request is closed/);

    // Another one was opened while we were away.
    await push(8, { "src/c.js": bad }, false);
    const caughtUp = async () =>
      JSON.parse(((await runCatchUp()) as { result: string }).result) as { hosts: readonly object[] };
    expect((await caughtUp()).hosts).toMatchObject([
      { host: "github", open: 1, started: [expect.any(String)], problem: null },
    ]);
    expect((await caughtUp()).hosts).toMatchObject([{ open: 1, started: [] }]);
    await runJobs();
    expect(seenOn(github, { repository, number: 8 }).lines.map(({ place }) => place)).toContain(
      "src/c.js:2-2 new",
    );
    github.revoke();
    expect((await caughtUp()).hosts).toMatchObject([
      { host: "github", open: 0, problem: expect.stringMatching(/./) },
    ]);
  },
);

test("a review that nobody goes on with while a model is awaited says so, here and at the host", async () => {
  const { github, codeHosts } = await startPostingHost();
  const { database, jobs, stores } = platform;
  const { reviews } = stores;
  const diff = parseDiff(samplePatch);
  const finding = makeFinding("w", { severity: "error", line: 12 });
  let number = 100;

  /** Reviewed and posted without the model, which is still asked. */
  async function begin(post = true) {
    const head = String(++number).padStart(40, "0");
    const pull = github.addPull({ number, head, patch: samplePatch });
    const ref = { ...pullRef, number };
    const { job } = await jobs.start(
      { kind: "review", options: { pull: ref, post } },
      { caller: "me", allowsLocalSources: false },
    );
    const awaited = makeReview([finding], { pull: ref, head: pull.head, model: { state: "awaited" } });
    await reviews.save(job.id, 1, awaited);
    await createTestRun((context) => postReview(awaited, diff, context), codeHosts, stores).attempt();
    expect(seenOn(github, pull).check).toBe("pending");
    return { id: job.id, pull };
  }
  const lose = (id: string) =>
    database.query(
      `update jobs set status = 'failed', finished_at = now(), error = '{"message":"The worker w fell silent."}' where id = $1`,
      [id],
    );
  /** As the scheduler, and then a worker. Gives the ids of reviews whose end was told. */
  async function putInOrder(): Promise<readonly unknown[]> {
    await endAbandonedReviews({ database, kinds }, { afterMs: 0 });
    const told = (await jobs.list({ kind: "review-end", status: "pending" }, { limit: 50 })).items;
    for (const { id, options } of told) {
      const end = await createTestJob(kinds.get("review-end")!, { codeHosts, stores }, { options }).attempt();
      expect(end).toMatchObject({ kind: "completed" });
      await jobs.cancel(id);
    }
    return told.map(({ options }) => options["review"]).toReversed();
  }
  const modelOf = async (id: string) => JSON.parse(await reviews.get(id)).model;

  const cancelled = await begin();
  const lost = await begin();
  const closed = await begin();
  const movedOn = await begin();
  const repeated = await begin();
  const notPosted = await begin(false);
  const running = await begin();
  for (const { id } of [cancelled, closed, movedOn, repeated, notPosted]) await jobs.cancel(id);
  await lose(lost.id);
  github.addPull({ ...closed.pull, isOpen: false });
  github.addPull({ ...movedOn.pull, head: headB });
  // Somebody asked again, and the answer is there.
  const again = makeReview([], {
    pull: { ...pullRef, number: repeated.pull.number },
    head: repeated.pull.head,
  });
  await reviews.save(`${repeated.id}-later`, 1, again);
  await createTestRun((context) => postReview(again, diff, context), codeHosts, stores).attempt();

  expect(await putInOrder()).toEqual([cancelled, lost, closed, movedOn, repeated].map(({ id }) => id));
  expect(await modelOf(cancelled.id)).toMatchObject({
    state: "failed",
    message: "The review was cancelled before a model had answered.",
  });
  expect((await modelOf(lost.id)).message).toBe("The worker w fell silent.");
  expect((await modelOf(notPosted.id)).state).toBe("failed");
  expect((await modelOf(running.id)).state).toBe("awaited");
  for (const { pull } of [cancelled, lost, closed]) {
    const { check, comments, lines } = seenOn(github, pull);
    expect([check, comments.length, lines.length]).toEqual(["failure", 1, 1]);
    expect(comments[0]).toMatch(
      /The model's part is missing: The (review was cancelled|worker w fell silent)/,
    );
  }
  const checkOf = (commit: string) => github.state.checks.findLast((check) => check.commit === commit)?.state;
  expect(seenOn(github, movedOn.pull).comments[0]).toMatch(/its part follows when it is back/);
  expect([movedOn, repeated, notPosted, running].map(({ pull }) => checkOf(pull.head))).toEqual([
    "failure",
    "success",
    "pending",
    "pending",
  ]);
  // Once.
  expect(await putInOrder()).toEqual([]);
  await jobs.delete(running.id);
  expect(await putInOrder()).toEqual([]);
  expect((await modelOf(running.id)).message).toMatch(/^The review was deleted/);
});
