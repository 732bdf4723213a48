import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { composeCodeHosts } from "../../src/composition/code-hosts.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { HostClient, HostId, LineComment, PullRef } from "../../src/contracts/code-host.ts";
import { readMark, toMark } from "../../src/contracts/comment-mark.ts";
import type { FakeCodeHost } from "../support/fake-host.ts";
import { startFakeGitea } from "../support/fake-gitea.ts";
import { startFakeGithub } from "../support/fake-github.ts";
import { startFakeGitlab } from "../support/fake-gitlab.ts";

/** One file with two hunks; one that is new; one that is gone; one that moved. */
const patch = `diff --git a/src/app.ts b/src/app.ts
index 1111111..2222222 100644
--- a/src/app.ts
+++ b/src/app.ts
@@ -1,4 +1,5 @@
 one
-two
+two again
+and more
 three
 four
@@ -40,3 +41,3 @@ function later() {
 forty
-old
+new
 end
diff --git a/new.ts b/new.ts
new file mode 100644
--- /dev/null
+++ b/new.ts
@@ -0,0 +1,2 @@
+a
+b
diff --git a/gone.ts b/gone.ts
deleted file mode 100644
--- a/gone.ts
+++ /dev/null
@@ -1,2 +0,0 @@
-x
-y
diff --git a/before.ts b/after.ts
similarity index 90%
rename from before.ts
rename to after.ts
--- a/before.ts
+++ b/after.ts
@@ -5 +5 @@
-five
+FIVE
`;

const cases: readonly (readonly [string, HostId, () => Promise<FakeCodeHost>])[] = [
  ["GitHub, as an App", "github", () => startFakeGithub({ isApp: true })],
  ["GitHub, with a token", "github", () => startFakeGithub()],
  ["GitLab", "gitlab", () => startFakeGitlab()],
  ["Gitea", "gitea", () => startFakeGitea()],
];

describe.each(cases)("%s", (name, id, start) => {
  const isGithub = id === "github";
  const isApp = name.endsWith("App");
  const { signal } = new AbortController();
  let host: FakeCodeHost;
  let client: HostClient;
  let ref: PullRef;

  beforeEach(async () => {
    host = await start();
    client = await clientOf({});
    const pull = host.addPull({ number: 7, patch });
    ref = { host: id, repository: pull.repository, number: 7, installation: isApp ? 42 : null };
  });
  afterEach(() => host.close());

  function clientOf(more: Readonly<Record<string, string>>): Promise<HostClient> {
    const config = loadConfig({
      environment: { HOME: "/nowhere" },
      flags: { data_dir: "/nowhere", ...host.settings, ...more },
      cwd: "/",
    });
    return composeCodeHosts(config.values, 5).client(id);
  }

  const comment = (changes: Partial<LineComment> = {}, fingerprint = "f1"): LineComment => ({
    path: "src/app.ts",
    oldPath: null,
    side: "new",
    line: 2,
    endLine: 2,
    body: `Look.\n\n${toMark({ kind: "finding", fingerprint })}`,
    ...changes,
  });
  const review = (...comments: readonly LineComment[]) => ({
    commit: "a".repeat(40),
    body: `Found.\n\n${toMark({ kind: "reply", fingerprint: "" })}`,
    comments,
  });
  const lines = () =>
    (host.state.lineComments.get("octo-org/widgets#7") ?? []).map(
      ({ path, side, startLine, line }) => `${path} ${side} ${startLine}-${line}`,
    );

  test("a pull request, with where its code is", async () => {
    expect(await client.pull(ref, signal)).toEqual({
      ref,
      title: "Pull 7",
      body: "",
      author: "monalisa",
      isOpen: true,
      isDraft: false,
      head: "a".repeat(40),
      base: "b".repeat(40),
      baseBranch: "main",
      cloneUrl: `${host.url}/octo-org/widgets.git`,
      headRef: id === "gitlab" ? "refs/merge-requests/7/head" : "refs/pull/7/head",
      url: expect.stringContaining("/7"),
      updatedAt: "2026-03-01T10:00:00.000Z",
    });
    await expect(client.pull({ ...ref, number: 8 }, signal)).rejects.toMatchObject({ code: "pull-unknown" });
  });

  test("a review is there whole, on the right lines, and is found again", async () => {
    await client.postReview(
      ref,
      review(
        comment({ line: 2, endLine: 3 }, "f1"),
        comment({ line: 4, endLine: 4 }, "f2"),
        comment({ side: "old", line: 41, endLine: 41 }, "f3"),
        comment({ path: "new.ts", line: 1, endLine: 2 }, "f4"),
        comment({ path: "gone.ts", side: "old", line: 2, endLine: 2 }, "f5"),
        comment({ path: "after.ts", oldPath: "before.ts", line: 5, endLine: 5 }, "f6"),
      ),
      signal,
    );
    const first = id === "gitea" ? "3-3" : "2-3";
    expect(lines()).toEqual([
      `src/app.ts new ${first}`,
      "src/app.ts new 4-4",
      "src/app.ts old 41-41",
      `new.ts new ${id === "gitea" ? "2-2" : "1-2"}`,
      "gone.ts old 2-2",
      "after.ts new 5-5",
    ]);
    expect(host.state.reviews.get("octo-org/widgets#7")).toHaveLength(1);
    // What others write in our form is not ours.
    host.state.comments.set("octo-org/widgets#7", [
      { id: 1, author: "mallory", body: toMark({ kind: "summary", fingerprint: "" }) },
    ]);
    await client.putSummary(ref, `Summary.\n${toMark({ kind: "summary", fingerprint: "" })}`, null, signal);
    const posted = await client.posted(ref, signal);
    expect(
      posted.comments.map(({ fingerprint, path, isResolved }) => [fingerprint, path, isResolved]),
    ).toEqual([
      ["f1", "src/app.ts", false],
      ["f2", "src/app.ts", false],
      ["f3", "src/app.ts", false],
      ["f4", "new.ts", false],
      ["f5", "gone.ts", false],
      ["f6", "after.ts", false],
    ]);
    expect(posted.summary?.body).toMatch(/^Summary/);
    // Changed, not made again; made again once somebody deleted it.
    await client.putSummary(
      ref,
      `Newer.\n${toMark({ kind: "summary", fingerprint: "" })}`,
      posted.summary!.id,
      signal,
    );
    expect((await client.posted(ref, signal)).summary).toMatchObject({
      id: posted.summary!.id,
      body: expect.stringMatching(/^Newer/),
    });
    host.state.comments.set("octo-org/widgets#7", []);
    await client.putSummary(
      ref,
      `Third.\n${toMark({ kind: "summary", fingerprint: "" })}`,
      posted.summary!.id,
      signal,
    );
    expect((await client.posted(ref, signal)).summary?.body).toMatch(/^Third/);
  });

  test("more than one page of comments is found again", async () => {
    const many = Array.from({ length: 130 }, (_, index) => comment({}, `f${index}`));
    await client.postReview(ref, review(...many), signal);
    const { comments } = await client.posted(ref, signal);
    expect(comments.map(({ fingerprint }) => fingerprint)).toEqual(many.map((_, index) => `f${index}`));
  }, 20_000);

  test.runIf(id !== "gitea")("a thread is resolved and answered in its place", async () => {
    await client.postReview(ref, review(comment()), signal);
    const [posted] = (await client.posted(ref, signal)).comments;
    await client.reply(ref, id === "gitlab" ? posted!.threadId! : posted!.id, true, "An answer.", signal);
    await client.resolveThread(ref, posted!.threadId!, signal);
    const [there] = host.state.lineComments.get("octo-org/widgets#7")!;
    expect([there!.isResolved, there!.replies.map(({ body }) => body)]).toEqual([true, ["An answer."]]);
    expect((await client.posted(ref, signal)).comments[0]!.isResolved).toBe(true);
    await client.reply(ref, "1", false, "Below.", signal);
    expect(host.state.comments.get("octo-org/widgets#7")!.map(({ body }) => body)).toEqual(["Below."]);
    await expect(client.resolveThread(ref, "nowhere", signal)).rejects.toMatchObject({
      code: "pull-unknown",
    });
  });

  test.runIf(id !== "gitea").each([
    ["a line outside the diff", comment({ line: 20, endLine: 20 })],
    ["a removed line on the new side", comment({ path: "gone.ts", line: 1, endLine: 1 })],
    ["an added line on the old side", comment({ path: "new.ts", side: "old", line: 1, endLine: 1 })],
    ["an unknown file", comment({ path: "nowhere.ts" })],
  ])("%s is refused, and nothing of the review is there", async (_, wrong) => {
    await expect(client.postReview(ref, review(comment(), wrong), signal)).rejects.toMatchObject({
      code: "host-rejected",
    });
    expect(lines()).toEqual([]);
    expect(host.state.reviews.get("octo-org/widgets#7") ?? []).toEqual([]);
  });

  test("a head that was replaced, lines of two hunks and comments too long are refused", async () => {
    await expect(
      client.postReview(ref, { ...review(comment()), commit: "c".repeat(40) }, signal),
    ).rejects.toMatchObject({ code: "host-rejected" });
    const wrongs = [
      comment({ line: 2, endLine: 42 }),
      comment({ body: "" }),
      comment({ body: "x".repeat(70_000) }),
    ];
    for (const wrong of isGithub ? wrongs : [])
      await expect(client.postReview(ref, review(wrong), signal)).rejects.toMatchObject({
        code: "host-rejected",
      });
    expect(lines()).toEqual([]);
  });

  test("a check goes from running to its end, with every annotation", async () => {
    const annotations = Array.from({ length: 120 }, (_, index) => ({
      path: "src/app.ts",
      line: index + 1,
      endLine: index + 1,
      severity: "warning" as const,
      title: "t".repeat(300),
      message: "m",
    }));
    const check = {
      commit: "a".repeat(40),
      title: "t".repeat(200),
      summary: "s".repeat(70_000),
      annotations: [],
      detailsUrl: "https://example.com/x",
    };
    await client.putCheck(ref, { ...check, state: "running" }, signal);
    await client.putCheck(ref, { ...check, state: "running" }, signal);
    await client.putCheck(ref, { ...check, state: "attention", annotations }, signal);
    const last = host.state.checks.at(-1)!;
    expect(last.state).toBe(isApp ? "neutral" : id === "gitea" ? "warning" : "success");
    expect(last.annotations).toBe(isApp ? 120 : 0);
    // The next result is one of its own.
    await client.putCheck(ref, { ...check, state: "failed", annotations: annotations.slice(0, 1) }, signal);
    expect(host.state.checks.at(-1)).toMatchObject(isApp ? { annotations: 1, state: "failure" } : {});
  });

  test("open pull requests of all repositories, newest first, without drafts", async () => {
    host.addPull({ number: 8, isDraft: true });
    host.addPull({ number: 9, isOpen: false });
    host.addPull({ number: 3, repository: "octo-org/other", updatedAt: "2026-04-01T00:00:00Z" });
    for (let number = 100; number < 160; number++)
      host.addPull({ number, updatedAt: `2026-02-01T00:00:00Z` });
    const pulls = await client.openPulls(1_000, signal);
    expect(pulls.slice(0, 2).map((each) => [each.ref.repository, each.ref.number])).toEqual([
      ["octo-org/other", 3],
      ["octo-org/widgets", 7],
    ]);
    expect(pulls).toHaveLength(62);
    // A repository that is shut to us does not keep us from the others; a token that is no good does.
    const path = /other.*(pulls|merge_requests)$/;
    host.fail({ path, kind: "answer", answer: { status: 403, body: { message: "Disabled" } } });
    expect(await client.openPulls(1_000, signal)).toHaveLength(61);
    host.fail({ path, kind: "answer", times: isApp ? 2 : 1, answer: { status: 401, body: {} } });
    await expect(client.openPulls(1_000, signal)).rejects.toMatchObject({ code: "host-refused" });
    expect(pulls[0]!.ref.installation).toBe(isApp ? 42 : null);
    expect(await client.openPulls(1, signal)).toHaveLength(1);
  });

  test("who may write, and who is not known at all", async () => {
    expect(await client.mayWrite(ref, "maintainer", signal)).toBe(true);
    expect(await client.mayWrite(ref, "reader", signal)).toBe(false);
    expect(await client.mayWrite(ref, "nobody", signal)).toBe(false);
  });

  test("Git gets the token for this host's own addresses and for no other", async () => {
    const header = await client.cloneHeader(ref, `${host.url}/octo-org/widgets.git`, signal);
    const secret = Buffer.from(header!.replace("Basic ", ""), "base64").toString();
    expect(secret).toMatch(/:(ghp|ghs|glpat|gitea)[\w-]+$/);
    for (const other of [
      "https://evil.example/x.git",
      "http://127.0.0.1:1/x.git",
      "nonsense",
      "git@github.com:a/b.git",
    ])
      expect(await client.cloneHeader(ref, other, signal)).toBeNull();
  });

  test.each([
    [
      { kind: "answer", answer: { status: 403, body: { message: "Resource not accessible" } } },
      "host-refused",
    ],
    [{ kind: "answer", answer: { status: 404, body: {} } }, "pull-unknown"],
    [{ kind: "answer", answer: { status: 422, body: { message: "No" } } }, "host-rejected"],
    [{ kind: "answer", times: 9, answer: { status: 502, body: {} } }, "host-unreachable"],
    [{ kind: "answer", answer: { status: 429, headers: { "retry-after": "90" } } }, "host-rate-limited"],
    [
      { kind: "answer", answer: { status: 302, headers: { location: "http://127.0.0.1:1/steal" } } },
      "host-rejected",
    ],
    [{ kind: "reset", times: 9 }, "host-unreachable"],
  ] as const)("%j becomes %s", async (fault, code) => {
    host.fail({ method: "GET", path: /\/(pulls|merge_requests)\/7$/, ...fault });
    const failure = await client.pull(ref, signal).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect(JSON.stringify(failure) + String(failure)).not.toContain(host.token);
    expect(
      code === "host-rate-limited" ? (failure as { details: object }).details : { retryAfterMs: 90_000 },
    ).toMatchObject({ retryAfterMs: 90_000 });
  });

  test("what passes is tried again where it only reads, and nothing that writes is sent twice", async () => {
    const path = /\/(pulls|merge_requests)\/7$/;
    host.fail({ method: "GET", path, kind: "reset" });
    host.fail({ method: "GET", path, kind: "answer", answer: { status: 503, body: {} } });
    expect((await client.pull(ref, signal)).ref).toEqual(ref);
    host.fail({ method: "POST", path: /\/(comments|notes)$/, kind: "reset-after" });
    await expect(client.putSummary(ref, "Once.", null, signal)).rejects.toMatchObject({
      code: "host-unreachable",
    });
    expect(host.state.comments.get("octo-org/widgets#7")).toHaveLength(1);
    // A short wait that the host asks for is waited; then nothing of it had happened.
    host.fail({
      method: "POST",
      path: /\/(comments|notes)$/,
      kind: "answer",
      answer: { status: 429, headers: { "retry-after": "0" } },
    });
    await client.putSummary(ref, "Twice.", null, signal);
    expect(host.state.comments.get("octo-org/widgets#7")).toHaveLength(2);
  });

  test("a host that does not answer is left, by the limit or by whoever asked", async () => {
    host.fail({ method: "GET", path: /7$/, kind: "hang", times: 9 });
    const hasty = await clientOf({ "hosts.timeout": "40ms" });
    await expect(hasty.pull(ref, signal)).rejects.toMatchObject({ code: "host-unreachable" });
    const stopping = new AbortController();
    const asked = client.pull(ref, stopping.signal);
    setTimeout(() => stopping.abort(), 20);
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
  });

  test("a token that was revoked is said to be so, and is in no message", async () => {
    await client.pull(ref, signal);
    host.revoke();
    const outcome: unknown = await client.pull(ref, signal).catch((error: unknown) => error);
    // GitHub gives an App a new one.
    expect(outcome).toMatchObject(isApp ? { title: "Pull 7" } : { code: "host-refused" });
    expect(String(outcome)).not.toContain(host.token);
  });
});

describe("GitHub only", () => {
  const { signal } = new AbortController();

  test("what was not delivered is asked for again, once; with a token nothing can be", async () => {
    const host = await startFakeGithub({ isApp: true });
    const config = loadConfig({
      environment: { HOME: "/nowhere" },
      flags: { data_dir: "/nowhere", ...host.settings },
      cwd: "/",
    });
    const client = await composeCodeHosts(config.values).client("github");
    const at = (hour: number) => `2026-03-01T0${hour}:00:00Z`;
    host.deliveries.push(
      { id: 1, guid: "a", status_code: 502, delivered_at: at(5) },
      { id: 2, guid: "b", status_code: 202, delivered_at: at(5) },
      // Failed, and came through later.
      { id: 3, guid: "c", status_code: 500, delivered_at: at(5) },
      { id: 4, guid: "c", status_code: 202, delivered_at: at(6) },
      { id: 5, guid: "d", status_code: 0, delivered_at: at(6) },
      { id: 6, guid: "e", status_code: 500, delivered_at: at(1) },
      ...Array.from({ length: 150 }, (_, index) => ({
        id: 100 + index,
        guid: `ok${index}`,
        status_code: 200,
        delivered_at: at(7),
      })),
      { id: 7, guid: "f", status_code: 404, delivered_at: at(7) },
    );
    expect(await client.redeliver(new Date(at(4)), signal)).toBe(3);
    expect(host.redelivered).toEqual([1, 5, 7]);
    // Without being told of an installation it asks whose the repository is.
    const pull = host.addPull({ number: 7 });
    const ref = { host: "github", repository: pull.repository, number: 7, installation: null } as const;
    expect((await client.pull(ref, signal)).ref).toEqual(ref);
    await client.pull(ref, signal);
    expect([
      host.issued.length,
      host.requests.filter((each) => each.endsWith("/installation")).length,
    ]).toEqual([1, 1]);
    await host.close();
  });

  test("what GraphQL says against a query, in an answer that is a success", async () => {
    const host = await startFakeGithub();
    const config = loadConfig({
      environment: { HOME: "/nowhere" },
      flags: { data_dir: "/nowhere", ...host.settings },
      cwd: "/",
    });
    const client = await composeCodeHosts(config.values).client("github");
    const ref = { host: "github", repository: "octo-org/widgets", number: 7, installation: null } as const;
    await expect(client.posted(ref, signal)).rejects.toMatchObject({ code: "pull-unknown" });
    for (const [type, code] of [
      ["FORBIDDEN", "host-refused"],
      ["RATE_LIMITED", "host-rate-limited"],
      ["OTHER", "host-rejected"],
    ] as const) {
      // A short wait cannot be known here, so it is not waited.
      host.fail({
        path: /graphql/,
        kind: "answer",
        answer: { status: 200, body: { errors: [{ type, message: "x" }] } },
      });
      await expect(client.posted(ref, signal)).rejects.toMatchObject({ code });
    }
    await host.close();
  });
});

test("a mark counts only at the very end of a comment", () => {
  const mark = toMark({ kind: "finding", fingerprint: "abc-1" });
  expect(readMark(`text\n${mark}\n`)).toEqual({ kind: "finding", fingerprint: "abc-1" });
  for (const body of ["", "text", `${mark} text`, `\`${mark}\``, "<!-- repowright:other:x -->"])
    expect(readMark(body)).toBeNull();
});

test.each([
  [{ "hosts.tokens": "github=x", "hosts.addresses": "github=nonsense" }, "github", "config-invalid"],
  [
    { "hosts.tokens": "github=x", "hosts.addresses": "github=https://user:pass@host" },
    "github",
    "config-invalid",
  ],
  [{ "hosts.tokens": "gitea=x" }, "gitea", "host-unconfigured"],
  [{}, "github", "host-unconfigured"],
  [
    { "hosts.github_app_id": "1", "hosts.github_private_key": "/nowhere/key.pem" },
    "github",
    "config-invalid",
  ],
  [
    {
      "hosts.github_app_id": "1",
      "hosts.github_private_key": "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----",
    },
    "github",
    "config-invalid",
  ],
] as const)("%j: %s says %s", async (flags, id, code) => {
  const config = loadConfig({
    environment: { HOME: "/nowhere" },
    flags: { data_dir: "/nowhere", ...flags },
    cwd: "/",
  });
  const ask = async () => {
    const client = await composeCodeHosts(config.values).client(id);
    return client.pull(
      { host: id, repository: "a/b", number: 1, installation: 1 },
      new AbortController().signal,
    );
  };
  await expect(ask()).rejects.toMatchObject({ code });
});
