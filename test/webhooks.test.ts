import { createHmac } from "node:crypto";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import examples from "@octokit/webhooks-examples" with { type: "json" };
import { sign } from "@octokit/webhooks-methods";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Platform } from "../src/contracts/platform.ts";
import { eventually } from "./support/eventually.ts";
import { startMode, type TestMode } from "./support/platforms.ts";
import { hmac, openWebhookPlatform, pullPayload, secrets, sha, startWebhooks } from "./support/webhooks.ts";

let mode: TestMode;
let platform: Platform;
const open = (given?: Parameters<typeof startWebhooks>[2]) => startWebhooks(mode, platform, given);

beforeAll(async () => {
  mode = await startMode("embedded");
  platform = await openWebhookPlatform(mode);
}, 60_000);
afterAll(() => mode.close());

interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}
const samples = examples as unknown as readonly Example[];

test("every sample of GitHub's documentation is answered with 202, and becomes what it should", async () => {
  const { url, jobs } = await open();
  const kinds: Record<string, number> = {};
  let count = 0;
  for (const { name, examples: payloads } of samples)
    for (const payload of payloads) {
      const body = JSON.stringify(payload);
      const response = await fetch(`${url}/webhook`, {
        method: "POST",
        body,
        headers: {
          "content-type": "application/json",
          "x-github-event": name,
          "x-github-delivery": `sample-${++count}`,
          // Signed by GitHub's own code, not by ours.
          "x-hub-signature-256": await sign(secrets.github, body),
        },
      });
      expect([name, response.status]).toEqual([name, 202]);
      const { accepted, reason } = (await response.json()) as { accepted: boolean; reason: string | null };
      const says = accepted ? "a job" : reason!.replaceAll(/"[^"]*"/g, "…");
      const key = `${name.startsWith("pull_request") || name === "ping" || name === "issue_comment" ? name : "other"}: ${says}`;
      kinds[key] = (kinds[key] ?? 0) + 1;
    }
  expect(count).toBe(329);
  expect(kinds).toMatchInlineSnapshot(`
    {
      "issue_comment: it is about an issue, not a pull request": 9,
      "other: deliveries of … are not of interest": 275,
      "ping: a ping; deliveries arrive": 4,
      "pull_request: a job": 7,
      "pull_request: something newer is known already": 3,
      "pull_request: there is nothing to review any more": 5,
      "pull_request: … of a pull request changes nothing in its code": 14,
      "pull_request_review: deliveries of … are not of interest": 4,
      "pull_request_review_comment: only new comments can be commands": 2,
      "pull_request_review_comment: the comment does not begin with /repowright": 3,
      "pull_request_review_thread: a job": 3,
    }
  `);
  expect((await jobs()).map((job) => job.kind).toSorted()).toMatchInlineSnapshot(`
    [
      "review",
      "review",
      "review-thread",
      "review-thread",
      "review-thread",
    ]
  `);
});

describe("what is refused", () => {
  const body = JSON.stringify(pullPayload({ number: 100 }));
  const github = { "x-github-event": "pull_request", "x-github-delivery": "refused" };
  const signed = (secret: string, text: string | Uint8Array = body) => ({
    ...github,
    "x-hub-signature-256": `sha256=${hmac(secret, text)}`,
  });

  test.each([
    ["no signature", body, github],
    ["another secret's", body, signed("github-secret-2")],
    ["of another body", body, signed(secrets.github, `${body} `)],
    ["without its name", body, { ...github, "x-hub-signature-256": hmac(secrets.github, body) }],
    ["of SHA-1", body, { ...github, "x-hub-signature": `sha1=${hmac(secrets.github, body).slice(0, 40)}` }],
    ["empty", body, { ...github, "x-hub-signature-256": "sha256=" }],
    ["that is no hex", body, { ...github, "x-hub-signature-256": `sha256=${"z".repeat(64)}` }],
    ["of broken JSON, wrong: it is not even read", "{ broken", signed("wrong", "{ broken")],
    ["of nothing, wrong", "", signed("wrong", "")],
    ["GitLab, wrong", body, { "x-gitlab-event": "Merge Request Hook", "x-gitlab-token": "wrong" }],
    ["GitLab, none", body, { "x-gitlab-event": "Merge Request Hook" }],
    [
      "GitLab, the token beside a wrong signature",
      body,
      { "x-gitlab-event": "Note Hook", "x-gitlab-token": secrets.gitlab, "webhook-signature": "v1,AAAA" },
    ],
    ["Gitea, wrong", body, { "x-gitea-event": "pull_request", "x-gitea-signature": hmac("wrong", body) }],
    [
      "Gitea, signed with GitHub's secret",
      body,
      { ...signed(secrets.github), "x-gitea-event": "pull_request" },
    ],
  ])("a signature %s: 401", async (_, text, headers) => {
    const { send, jobs } = await open();
    const before = (await jobs()).length;
    expect(await send("/webhook", text, headers as Record<string, string>)).toMatchObject({
      status: 401,
      code: "webhook-refused",
    });
    expect((await jobs()).length).toBe(before);
  });

  test.each([
    ["broken JSON", "{ broken"],
    ["an array", "[1, 2]"],
    ["a text", '"text"'],
    ["null", "null"],
    ["nothing", ""],
    ["JSON after bytes that are no UTF-8", Buffer.from([0xff, 0xfe, 0x7b, 0x7d])],
  ])("%s, well signed: 400", async (_, text) => {
    const { send } = await open();
    expect(await send("/webhooks/github", text, signed(secrets.github, text))).toMatchObject({
      status: 400,
      code: "webhook-invalid",
    });
  });

  test("another host's delivery at the address of one: 401, or 400 where it was signed for it", async () => {
    const { send } = await open();
    expect(await send("/webhooks/gitlab", body, signed(secrets.github))).toMatchObject({ status: 401 });
    const both = { ...signed(secrets.github), "x-gitlab-token": secrets.gitlab };
    expect(await send("/webhooks/gitlab", body, both)).toMatchObject({ status: 400 });
    expect(await send("/webhooks/gitlab", body, { "x-gitlab-token": secrets.gitlab })).toMatchObject({
      status: 400,
    });
  });

  test("25 MB are taken and one byte more is not, whatever content type it has", async () => {
    const { send } = await open();
    const payload = JSON.stringify(pullPayload({ number: 101 }));
    const limit = 25 * 2 ** 20;
    const full = payload + " ".repeat(limit - payload.length);
    const headers = { "content-type": "text/plain", ...signed(secrets.github, full) };
    expect(await send("/webhooks/github", full, headers)).toMatchObject({ status: 202 });
    const more = `${full} `;
    expect(
      await send("/webhooks/github", more, { ...headers, ...signed(secrets.github, more) }),
    ).toMatchObject({ status: 413, code: "body-too-large" });
  });

  test("strangers can make us hold ten large bodies; what is small is taken all the same", async () => {
    const { url, send, deliver } = await open();
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 10 }, () => {
      const socket = connect(Number(port), hostname);
      socket.write(`POST /webhook HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: ${25 * 2 ** 20}\r\n\r\n{`);
      return socket;
    });
    const large = () => send("/webhook", " ".repeat(2 ** 23));
    await eventually("it is refused", 5_000, async () => (await large()).status === 503);
    expect((await deliver("ping", {})).status).toBe(202);
    for (const socket of sockets) socket.destroy();
    await eventually(
      "it is taken again",
      5_000,
      async () => (await large()).status === 401 || (await large()).status === 400,
    );
  });

  test("without a secret: only what a machine of our own sends, or for the plain payload a token", async () => {
    const plain = { action: "opened", number: 1, pull_request: { title: "x", files: [] } };
    const none = { "webhooks.secrets": "" };
    const own = await open({ settings: none });
    expect(await own.send("/webhook", plain)).toMatchObject({ status: 202 });
    expect(await own.send("/webhook", body, github)).toMatchObject({ status: 202 });
    const shared = await open({ settings: none, server: { token: "server-token-123" } });
    expect(await shared.send("/webhook", plain)).toMatchObject({ status: 401, code: "webhook-refused" });
    expect(await shared.send("/webhook", body, github)).toMatchObject({ status: 401 });
    const authorization = "Bearer server-token-123";
    expect(await shared.send("/webhook", plain, { authorization })).toMatchObject({ status: 202 });
    // A token of ours is no host's signature.
    expect(await shared.send("/webhook", body, { ...github, authorization })).toMatchObject({ status: 401 });
  });
});

describe("what is taken", () => {
  test.each([
    ["the old secret while it is being changed", { number: 110 }, { secret: "github-secret-0" }],
    ["a fork", { number: 111 }, {}],
    ["a fork that is gone", { number: 112, more: {} }, {}],
    ["Git's longer ids", { number: 113, head: "b".repeat(64) }, {}],
    ["an installation", { number: 114, more: { installation: { id: 42 } } }, {}],
  ])("%s: a review", async (name, changes, more) => {
    const { deliver } = await open();
    const payload = pullPayload(changes);
    if (name === "a fork that is gone")
      (payload["pull_request"] as { head: { repo: unknown } }).head.repo = null;
    const { status, receipt } = await deliver("pull_request", payload, more);
    expect([status, receipt]).toEqual([202, { accepted: true, jobId: expect.any(String), reason: null }]);
    const job = await platform.jobs.get(receipt.jobId!);
    expect(job).toMatchObject({
      kind: "review",
      source: "https://github.com/octo-org/widgets.git",
      rev: (changes as { head?: string }).head ?? sha(1),
      caller: "github:octo-org/widgets",
      options: {
        pull: {
          host: "github",
          repository: "octo-org/widgets",
          number: changes.number,
          installation: name === "an installation" ? 42 : null,
        },
        base: "refs/heads/main",
        title: "Make widgets rounder",
        post: false,
        isForced: false,
      },
    });
  });

  test("a form, as GitHub sends it where that was chosen", async () => {
    const { send, deliver } = await open();
    const form = new URLSearchParams({ payload: JSON.stringify(pullPayload({ number: 120 })) }).toString();
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "x-github-event": "pull_request",
      "x-hub-signature-256": `sha256=${hmac(secrets.github, form)}`,
    };
    expect((await send("/webhook", form, headers)).receipt).toMatchObject({ accepted: true });
    // `curl --data-binary` says that it is a form, whatever it is.
    const form2 = { "content-type": "application/x-www-form-urlencoded" };
    const tricky = pullPayload({ number: 123, more: { x: '&payload={"action":"closed"}' } });
    expect((await deliver("pull_request", tricky, { headers: form2 })).receipt).toMatchObject({
      accepted: true,
    });
  });

  test("what is missing, of another type or named like parts of objects is ignored, with the reason", async () => {
    const { deliver } = await open();
    const good = pullPayload({ number: 121 });
    const wrongs: unknown[] = [];
    for (const value of [null, 7, "x", [], {}, { __proto__: null, constructor: { name: "x" } }]) {
      wrongs.push({ ...good, pull_request: value });
      wrongs.push({ ...good, repository: value });
      wrongs.push({ ...good, action: value });
      for (const field of ["head", "base"])
        wrongs.push({ ...good, pull_request: { ...(good["pull_request"] as object), [field]: value } });
    }
    wrongs.push({ ...good, number: 1e99, pull_request: { ...(good["pull_request"] as object), number: -1 } });
    wrongs.push({ ...good, repository: { full_name: "../../etc/passwd", clone_url: "x" } });
    wrongs.push({
      ...good,
      pull_request: { ...(good["pull_request"] as object), base: { ref: "--upload-pack=x" } },
    });
    for (const wrong of wrongs) {
      const { status, receipt } = await deliver("pull_request", wrong);
      expect([status, receipt.accepted, typeof receipt.reason]).toEqual([202, false, "string"]);
    }
    const deep = (value: string) => `{"action":"opened","pull_request":${value},"x":${value}}`;
    for (const text of [
      deep(`${"[".repeat(1e6)}${"]".repeat(1e6)}`),
      deep(`${'{"a":'.repeat(1e5)}1${"}".repeat(1e5)}`),
    ])
      expect((await deliver("pull_request", text)).receipt).toMatchObject({ accepted: false });
    const polluting = '{"__proto__":{"action":"opened"},"constructor":{"prototype":{"polluted":1}}}';
    expect((await deliver("pull_request", polluting)).receipt.accepted).toBe(false);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const strange = pullPayload({ number: 122 });
    const { receipt } = await deliver("pull_request", {
      ...strange,
      repository: { full_name: "octo-org/widgets", clone_url: "file:///etc" },
    });
    expect(receipt).toMatchObject({ accepted: false, jobId: null });
    expect(
      (
        await deliver("pull_request", {
          ...strange,
          pull_request: { ...(strange["pull_request"] as object), title: "a\0b\ud800" },
        })
      ).receipt.accepted,
    ).toBe(true);
  });

  test("drafts wait until they are ready; comments that name us are commands unless a program wrote them", async () => {
    const { deliver, jobs } = await open();
    const number = 130;
    expect((await deliver("pull_request", pullPayload({ number, draft: true }))).receipt).toMatchObject({
      accepted: false,
      reason: "the pull request is a draft",
    });
    expect(
      (await deliver("pull_request", pullPayload({ number, action: "ready_for_review" }))).receipt.accepted,
    ).toBe(true);
    const comment = (changes: object, issue: object = { pull_request: {} }) => ({
      action: "created",
      issue: { number, ...issue },
      comment: {
        id: 900,
        body: "/repowright review",
        user: { login: "monalisa", type: "User" },
        author_association: "OWNER",
        performed_via_github_app: null,
        ...changes,
      },
      repository: { full_name: "octo-org/widgets" },
    });
    const verdicts = [
      await deliver("issue_comment", comment({})),
      await deliver("issue_comment", comment({ body: "  /repowright" })),
      await deliver("issue_comment", comment({ body: "/repowrighting" })),
      await deliver("issue_comment", comment({ body: "see /repowright help" })),
      await deliver("issue_comment", comment({ user: { login: "x[bot]", type: "Bot" } })),
      await deliver("issue_comment", comment({ performed_via_github_app: { id: 1 } })),
      await deliver("issue_comment", comment({}, {})),
      await deliver("issue_comment", { ...comment({}), action: "edited" }),
      await deliver("pull_request_review_comment", {
        ...comment({ in_reply_to_id: 800, author_association: "NONE" }),
        pull_request: { number },
      }),
    ].map(({ receipt }) => receipt.accepted);
    expect(verdicts).toEqual([true, true, false, false, false, false, false, false, true]);
    const commands = (await jobs()).filter((job) => job.kind === "review-command");
    expect(commands.map((job) => job.options).reverse()).toEqual([
      expect.objectContaining({
        text: "/repowright review",
        mayWrite: true,
        commentId: "900",
        isInThread: false,
        repliesTo: null,
      }),
      expect.objectContaining({ text: "  /repowright" }),
      expect.objectContaining({ mayWrite: null, isInThread: true, repliesTo: "800" }),
    ]);
  });

  test("the plain payload becomes the review of a patch, and file names stay names", async () => {
    const { send } = await open();
    const { receipt } = await send("/webhook", {
      action: "opened",
      number: 456,
      pull_request: {
        title: "Plain",
        files: [
          { filename: "src/app.js", patch: "@@ -1,1 +1,2 @@\n const a = 1;\n+debugger;" },
          { filename: "new.js", patch: "@@ -0,0 +1 @@\n+one" },
          { filename: 'odd"\n+++ b/evil', patch: "@@ -1 +1 @@\n-a\n+b" },
          { filename: "picture.png" },
          { filename: "cut.js", patch: "@@ -1,4 +" },
        ],
      },
    });
    const job = await platform.jobs.get(receipt.jobId!);
    expect(job.options).toMatchObject({ title: "Plain", pull: null });
    expect(job.options["patch"]).toMatchInlineSnapshot(`
      "diff --git a/src/app.js b/src/app.js
      --- a/src/app.js
      +++ b/src/app.js
      @@ -1,1 +1,2 @@
       const a = 1;
      +debugger;
      diff --git a/new.js b/new.js
      new file mode 100644
      --- /dev/null
      +++ b/new.js
      @@ -0,0 +1 @@
      +one
      diff --git "a/odd\\"\\n+++ b/evil" "b/odd\\"\\n+++ b/evil"
      --- "a/odd\\"\\n+++ b/evil"
      +++ "b/odd\\"\\n+++ b/evil"
      @@ -1 +1 @@
      -a
      +b
      diff --git a/picture.png b/picture.png
      diff --git a/cut.js b/cut.js
      --- a/cut.js
      +++ b/cut.js
      "
    `);
    for (const wrong of [
      {},
      { pull_request: {} },
      { pull_request: { files: [{}] } },
      { pull_request: { files: "x" } },
    ])
      expect(await send("/webhook", wrong)).toMatchObject({ status: 400, code: "webhook-invalid" });
    expect((await send("/webhook", { action: "closed", pull_request: { files: [] } })).receipt.accepted).toBe(
      false,
    );
  });
});

describe("GitLab and Gitea", () => {
  const mergeRequest = (changes: {
    iid: number;
    action?: string;
    oldrev?: string;
    more?: object;
    rest?: object;
  }) => ({
    object_kind: "merge_request",
    user: { username: "monalisa" },
    project: {
      path_with_namespace: "group/sub/widgets",
      git_http_url: "https://gitlab.com/group/sub/widgets.git",
    },
    object_attributes: {
      iid: changes.iid,
      title: "Rounder",
      description: "",
      target_branch: "main",
      state: "opened",
      draft: false,
      action: changes.action ?? "open",
      updated_at: "2026-03-01 10:00:00 UTC",
      last_commit: { id: sha(changes.action ?? "open").replace(/[^0-9a-f]/g, "0") },
      url: "https://gitlab.com/x",
      ...(changes.oldrev ? { oldrev: changes.oldrev } : {}),
      ...changes.more,
    },
    ...changes.rest,
  });
  const gitlab = { "x-gitlab-event": "Merge Request Hook", "x-gitlab-token": secrets.gitlab };

  test.each([
    ["open", mergeRequest({ iid: 1 }), true],
    ["reopen", mergeRequest({ iid: 2, action: "reopen" }), true],
    ["a push", mergeRequest({ iid: 3, action: "update", oldrev: sha(3) }), true],
    ["another title", mergeRequest({ iid: 4, action: "update", rest: { changes: { title: {} } } }), false],
    [
      "ready",
      mergeRequest({
        iid: 5,
        action: "update",
        rest: { changes: { draft: { previous: true, current: false } } },
      }),
      true,
    ],
    ["a draft", mergeRequest({ iid: 6, more: { work_in_progress: true } }), false],
    [
      "another target",
      mergeRequest({ iid: 7, action: "update", rest: { changes: { target_branch: {} } } }),
      true,
    ],
    ["close", mergeRequest({ iid: 8, action: "close" }), false],
    ["approval", mergeRequest({ iid: 9, action: "approved" }), false],
    ["no project", mergeRequest({ iid: 10, rest: { project: null } }), false],
  ])("GitLab: %s", async (_, payload, isReview) => {
    const { send } = await open();
    const { status, receipt } = await send("/webhooks/gitlab", payload, gitlab);
    const job = receipt.jobId === null ? null : await platform.jobs.get(receipt.jobId);
    const pull = job?.options["pull"] as { host: string; repository: string } | undefined;
    expect([status, receipt.accepted]).toEqual([202, isReview]);
    expect([job?.source, pull?.host, pull?.repository, job?.options["base"]]).toEqual(
      isReview
        ? ["https://gitlab.com/group/sub/widgets.git", "gitlab", "group/sub/widgets", "refs/heads/main"]
        : [undefined, undefined, undefined, undefined],
    );
  });

  test("GitLab: signed the newer way, and a note as command", async () => {
    const { send, jobs } = await open({
      settings: { "webhooks.secrets": `gitlab=old whsec_${Buffer.from("k".repeat(32)).toString("base64")}` },
    });
    const body = JSON.stringify({
      object_kind: "note",
      user: { username: "monalisa" },
      project: { path_with_namespace: "group/widgets" },
      merge_request: { iid: 20 },
      object_attributes: {
        id: 5,
        note: "/repowright help",
        noteable_type: "MergeRequest",
        type: "DiffNote",
        discussion_id: "d".repeat(40),
        action: "create",
      },
    });
    const stamp = { "webhook-id": "msg-1", "webhook-timestamp": "1772000000" };
    const signature = createHmac("sha256", "k".repeat(32))
      .update(`msg-1.1772000000.${body}`)
      .digest("base64");
    const headers = {
      "x-gitlab-event": "Note Hook",
      ...stamp,
      "webhook-signature": `v1,${"A".repeat(43)}= v1,${signature}`,
    };
    const first = await send("/webhook", body, headers);
    expect(first.receipt).toMatchObject({ accepted: true, reason: null });
    expect((await send("/webhook", body, headers)).receipt).toEqual({
      ...first.receipt,
      reason: "this delivery came before",
    });
    expect((await send("/webhook", body, { ...headers, "webhook-id": "msg-2" })).status).toBe(401);
    expect((await jobs()).find((job) => job.id === first.receipt.jobId)!.options).toMatchObject({
      pull: { host: "gitlab", number: 20 },
      isInThread: true,
      repliesTo: "d".repeat(40),
    });
  });

  test("Gitea: known before GitHub, whose headers it sends too", async () => {
    const { send } = await open();
    const payload = (action: string, number: number, more: object = {}, rest: object = {}) => ({
      ...pullPayload({ action, number, repository: "acme/widgets" }),
      repository: { full_name: "acme/widgets", clone_url: "https://gitea.example/acme/widgets.git" },
      ...rest,
      pull_request: { ...(pullPayload({ number })["pull_request"] as object), ...more },
    });
    const verdicts: unknown[] = [];
    let first: string | null = null;
    for (const [index, [action, event, more, rest]] of (
      [
        ["opened", "pull_request", {}, {}],
        ["synchronized", "pull_request_sync", { head: { sha: sha(2) } }, {}],
        ["edited", "pull_request", {}, { changes: { title: { from: "x" } } }],
        ["edited", "pull_request", {}, { changes: { ref: { from: "old" } } }],
        ["edited", "pull_request", {}, { changes: { title: { from: "WIP: x" } } }],
        ["edited", "pull_request", { title: "WIP: x" }, { changes: { title: { from: "x" } } }],
        ["opened", "pull_request", { title: "[WIP] x" }, {}],
        ["closed", "pull_request", { state: "closed", merged: true }, {}],
        ["label_updated", "pull_request", {}, {}],
      ] as const
    ).entries()) {
      const body = JSON.stringify(payload(action, 200 + index, more, rest));
      const { receipt } = await send("/webhook", body, {
        "x-github-event": "pull_request",
        "x-gitea-event": event,
        "x-gitea-delivery": `gitea-${index}`,
        "x-gitea-signature": hmac(secrets.gitea, body),
        "x-hub-signature-256": `sha256=${hmac(secrets.gitea, body)}`,
      });
      verdicts.push(receipt.accepted);
      first ??= receipt.jobId;
    }
    expect(await platform.jobs.get(first!)).toMatchObject({
      source: "https://gitea.example/acme/widgets.git",
      options: { pull: { host: "gitea", repository: "acme/widgets", number: 200 } },
    });
    expect(verdicts).toEqual([true, true, false, true, true, false, false, false, false]);
    const body = JSON.stringify({
      action: "created",
      is_pull: true,
      issue: { number: 200 },
      comment: { id: 3, body: "/repowright help", user: { login: "monalisa", id: 5 } },
      repository: { full_name: "acme/widgets" },
    });
    const { receipt } = await send("/webhooks/gitea", body, {
      "x-forgejo-event": "issue_comment",
      "x-forgejo-signature": hmac(secrets.gitea, body),
    });
    expect(receipt.accepted).toBe(true);
  });
});

describe("examples/README.md", () => {
  const folder = fileURLToPath(new URL("../examples", import.meta.url));
  const blocks = [...readFileSync(`${folder}/README.md`, "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].map(
    (each) => each[1]!,
  );

  test("has a line for each host and the plain payload", () => {
    expect(blocks.map((each) => /4000(\S+)/.exec(each)![1])).toEqual([
      "/webhook",
      "/webhooks/github",
      "/webhooks/gitlab",
      "/webhooks/gitea",
    ]);
  });

  test.each(blocks)("%s", async (block) => {
    const { url } = await open({
      settings: { "webhooks.secrets": "github=secret-1,gitlab=secret-2,gitea=secret-3" },
    });
    const { stdout } = await promisify(execFile)(
      "bash",
      ["-ec", block.replaceAll("http://127.0.0.1:4000", url)],
      { cwd: folder },
    );
    expect(JSON.parse(stdout)).toEqual({ accepted: true, jobId: expect.any(String), reason: null });
  });
});
