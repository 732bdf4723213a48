import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ReviewResult } from "../../src/contracts/review.ts";
import { runProgram, type CliResult } from "../support/cli.ts";
import { eventually } from "../support/eventually.ts";
import { startFakeGithub, type FakeGithub } from "../support/fake-github.ts";
import { keyOf } from "../support/fake-host.ts";
import { startGitServer } from "../support/git-http-server.ts";
import { addCommit, createRepository, git, temporaryFolder } from "../support/repositories.ts";
import { startScriptedReviewer } from "../support/scripted-reviewer.ts";
import { type Serving, startServing } from "../support/serving.ts";
import { pullPayload } from "../support/webhooks.ts";

/** The real program from a signed webhook to comments on a pull request. */
const secret = "the-hooks-secret";
const source = (count: number): string =>
  `export function load(id) {\n${"  debugger;\n".repeat(count)}  return store.get(id);\n}\n`;
const key = keyOf({ repository: "octo-org/widgets", number: 7 });

async function startAll(environment: Readonly<Record<string, string>> = {}): Promise<{
  readonly github: FakeGithub;
  readonly serving: Serving;
  readonly push: (files: Readonly<Record<string, string>>) => string;
  readonly deliver: (id: string, body: object) => Promise<{ status: number; jobId: string }>;
  readonly review: (id: string, isThere?: (review: ReviewResult) => boolean) => Promise<ReviewResult>;
  readonly cloneUrl: string;
  readonly dataDir: string;
}> {
  const folder = temporaryFolder();
  const work = createRepository(join(folder, "work"), [
    { message: "Begin", files: { "src/load.js": source(0), "README.md": "# Widgets\n" } },
  ]);
  const bare = join(folder, "served/octo-org/widgets.git");
  git(folder, ["clone", "--quiet", "--bare", work, bare]);
  git(work, ["checkout", "--quiet", "-b", "rounder"]);
  const gitServer = await startGitServer(join(folder, "served"));
  const cloneUrl = `${gitServer.url}/octo-org/widgets.git`;
  const github = await startFakeGithub();
  const dataDir = join(folder, "data");
  const serving = await startServing({
    dataDir,
    environment: {
      REPOWRIGHT_WEBHOOKS_SECRETS: `github=${secret}`,
      REPOWRIGHT_WEBHOOKS_DEBOUNCE: "0s",
      REPOWRIGHT_HOSTS_ADDRESSES: github.settings["hosts.addresses"]!,
      REPOWRIGHT_HOSTS_TOKENS: github.settings["hosts.tokens"]!,
      REPOWRIGHT_GIT_PROTOCOLS: "http",
      REPOWRIGHT_GIT_ALLOW_PRIVATE_HOSTS: "true",
      ...environment,
    },
  });
  return {
    github,
    serving,
    cloneUrl,
    dataDir,
    push(files) {
      const head = addCommit(work, { message: "Change", files });
      git(work, ["push", "--quiet", "--force", bare, `HEAD:refs/pull/7/head`]);
      github.addPull({
        number: 7,
        head,
        base: git(work, ["rev-parse", "main"]).trim(),
        patch: git(work, ["diff", "main...HEAD"]),
      });
      return head;
    },
    async deliver(id, payload) {
      const body = JSON.stringify(payload);
      const response = await fetch(`${serving.url}/webhooks/github`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-github-event": "pull_request",
          "x-github-delivery": id,
          "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
        },
        body,
      });
      const { jobId } = (await response.json()) as { jobId: string };
      return { status: response.status, jobId };
    },
    async review(id, isThere = () => true) {
      let found: ReviewResult | null = null;
      await eventually(`review ${id}`, 30_000, async () => {
        const { status, text } = await serving.ask(`/v1/reviews/${id}`);
        if (status !== 200) return false;
        found = JSON.parse(text) as ReviewResult;
        const job = await serving.ask(`/v1/jobs/${id}`);
        return ["completed", "failed"].includes(String(job.body.status)) && isThere(found);
      });
      return found!;
    },
  };
}

const pullOf = (head: string, cloneUrl: string, more: Parameters<typeof pullPayload>[0] = {}): object =>
  pullPayload({
    head,
    ...more,
    more: { repository: { full_name: "octo-org/widgets", clone_url: cloneUrl } },
  });

test("a signed delivery becomes one review with comments on the right lines; pushes add what is new", async () => {
  const { github, push, deliver, review, cloneUrl, serving, dataDir } = await startAll();
  const first = push({ "src/load.js": source(1), "README.md": "# Widgets\n\nRounder.\n" });
  const opened = pullOf(first, cloneUrl);
  const answers = await Promise.all([
    deliver("one", opened),
    deliver("one", opened),
    deliver("two", opened),
    deliver("three", opened),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1);
  const stored = await review(answers[0].jobId);
  expect(stored).toMatchObject({ head: first, model: { state: "off" }, counts: { error: 1 } });
  expect(stored.findings[0]).toMatchObject({ rule: "leftover-debugger", path: "src/load.js", line: 2 });
  expect(github.state.reviews.get(key)).toHaveLength(1);
  const comments = (): readonly unknown[] =>
    github.state.lineComments.get(key)!.map(({ path, line, isResolved }) => [path, line, isResolved]);
  expect(comments()).toEqual([["src/load.js", 2, false]]);
  expect(github.state.checks.at(-1)).toMatchObject({ commit: first });

  const second = push({ "src/load.js": source(1), "src/other.js": source(1) });
  const pushed = await deliver(
    "four",
    pullOf(second, cloneUrl, { action: "synchronize", before: first, at: "2026-03-02T10:00:00Z" }),
  );
  expect((await review(pushed.jobId)).findings.filter(({ severity }) => severity === "error")).toHaveLength(
    2,
  );
  expect(comments()).toEqual([
    ["src/load.js", 2, false],
    ["src/other.js", 2, false],
  ]);
  const third = push({ "src/load.js": source(0), "src/other.js": source(1) });
  const mended = await deliver(
    "five",
    pullOf(third, cloneUrl, { action: "synchronize", before: second, at: "2026-03-03T10:00:00Z" }),
  );
  await review(mended.jobId);
  expect(comments()).toEqual([
    ["src/load.js", 2, true],
    ["src/other.js", 2, false],
  ]);

  const listed = await serving.ask("/v1/reviews?host=github&repository=octo-org/widgets&number=7");
  expect(listed.body.items).toHaveLength(3);
  const [finding] = stored.findings;
  const dismissed = await serving.post(
    `/v1/reviews/${answers[0].jobId}/findings/${finding!.fingerprint.slice(0, 8)}/dismiss`,
    { reason: "It is meant so." },
  );
  expect(dismissed.body).toMatchObject({ fingerprint: finding!.fingerprint, reason: "It is meant so." });
  expect(
    (await serving.ask(`/v1/dismissals?source=${encodeURIComponent(cloneUrl)}`)).body.items,
  ).toHaveLength(1);
  const onCommandLine = await runProgram(["review", cloneUrl, "--base", "main", "--head", first, "--json"], {
    cwd: dataDir,
    dataDir,
    environment: { REPOWRIGHT_GIT_PROTOCOLS: "http", REPOWRIGHT_GIT_ALLOW_PRIVATE_HOSTS: "true" },
  });
  expect(JSON.parse(onCommandLine.stdout)).toMatchObject({
    counts: { error: 0 },
    suppressed: [{ by: "dismissal", reason: "It is meant so." }],
  });
}, 120_000);

test("with a model its part is added; while it is away the rest is there, and its part follows", async () => {
  const reviewer = await startScriptedReviewer();
  const { github, push, deliver, review, cloneUrl } = await startAll({
    REPOWRIGHT_LLM_MODELS: "review=compatible/reviewer",
    REPOWRIGHT_LLM_ADDRESSES: reviewer.addresses,
    REPOWRIGHT_LLM_RETRIES: "0",
  });
  let isAway = true;
  reviewer.answer(({ question }) => {
    if (isAway) return { status: 503 };
    if (question === "check") return { say: { reason: "It is so.", isReal: true, confidence: "high" } };
    if (question === "summary")
      return { say: { summary: "Loads otherwise.", files: [{ path: "src/load.js", text: "Loads." }] } };
    return {
      say: {
        findings: [
          {
            path: "src/load.js",
            line: 9,
            quote: "  return store.get(id) ?? undefined;",
            message: "What is not there becomes undefined.",
            why: "Callers compare with null.",
            suggestion: "  return store.get(id) ?? null;",
            category: "bug",
            severity: "warning",
            confidence: "high",
          },
        ],
      },
    };
  });
  const head = push({ "src/load.js": source(1).replace("get(id)", "get(id) ?? undefined") });
  const { jobId } = await deliver("one", pullOf(head, cloneUrl));
  await eventually(
    "what needs no model is posted",
    30_000,
    () => github.state.lineComments.get(key)?.length === 1,
  );
  isAway = false;
  const stored = await review(jobId, ({ model }) => model.state === "done");
  expect(stored.findings.map(({ source, rule, line }) => [source, rule, line])).toEqual([
    ["rules", "leftover-debugger", 2],
    ["model", "model/bug", 3],
  ]);
  expect(github.state.lineComments.get(key)!.map(({ path, line }) => [path, line])).toEqual([
    ["src/load.js", 2],
    ["src/load.js", 3],
  ]);
  expect(github.state.comments.get(key)![0]!.body).toContain("Loads otherwise.");
  await reviewer.close();
}, 120_000);

test("repowright review: formats, exit codes and what goes wrong", async () => {
  const folder = temporaryFolder();
  const repository = createRepository(join(folder, "r"), [
    { message: "Begin", files: { "a.js": source(0) } },
    { message: "More", files: { "a.js": source(1) } },
  ]);
  const run = (...args: readonly string[]): Promise<CliResult> =>
    runProgram(["review", ...args], { cwd: repository, dataDir: join(folder, "data") });
  const text = await run();
  expect([text.code, text.stderr]).toEqual([3, ""]);
  expect(text.stdout).toMatch(/^error .*a\.js:2 .*breakpoint/m);
  const json = await run("--json", "--fail-on", "never");
  expect([json.code, (JSON.parse(json.stdout) as ReviewResult).counts]).toEqual([
    0,
    { error: 1, warning: 0, info: 0 },
  ]);
  expect((await run("--format", "github")).stdout).toMatch(
    /^::error file=a\.js,line=2,endLine=2,title=leftover-debugger::/,
  );
  expect(JSON.parse((await run("--format", "sarif")).stdout)).toMatchObject({ version: "2.1.0" });
  expect((await run("--format", "markdown")).stdout).toContain("`a.js:2`");
  const baseline = await run("--write-baseline", "b.json");
  expect([baseline.code, baseline.stderr]).toEqual([0, "1 finding written to b.json.\n"]);
  expect((await run("--baseline", "b.json")).code).toBe(0);

  writeFileSync(join(repository, "no.diff"), "Dear all,\n");
  for (const [args, code, words] of [
    [["--diff", "no.diff"], 2, /The text is no unified diff/],
    [["--diff", "none.diff"], 2, /none\.diff cannot be read/],
    [["--base", "nowhere"], 1, /no revision "nowhere"/],
    [["--staged", "--base", "main"], 2, /--staged and --base/],
    [["--format", "xml"], 2, /--format takes/],
    [["--fail-on", "all"], 2, /--fail-on takes/],
    [["--pr", "https://example.org/7"], 2, /is no address of a pull request/],
    [["--pr", "http://127.0.0.1:9/a/b/pull/7"], 2, /uses http, which is not in git\.protocols/],
  ] as const) {
    const failed = await run(...args);
    expect([failed.code, failed.stdout]).toEqual([code, ""]);
    expect(failed.stderr).toMatch(words);
  }
}, 120_000);
