import { createRequire } from "node:module";
import { sign } from "@octokit/webhooks-methods";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canRun, startMode, type TestMode } from "./support/platforms.ts";
import { hmac, pullPayload, secrets, sha, startWebhooks } from "./support/webhooks.ts";

let mode: TestMode;
let open: (given?: Parameters<typeof startWebhooks>[1]) => ReturnType<typeof startWebhooks>;

beforeAll(async () => {
  mode = await startMode(canRun("postgres") ? "postgres" : "embedded");
  const shared: { server?: Awaited<ReturnType<typeof startWebhooks>> } = {};
  void shared;
  open = (given) => startWebhooks(mode, given);
}, 60_000);
afterAll(() => mode.close());

interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}
const examples = createRequire(import.meta.url)("@octokit/webhooks-examples") as readonly Example[];

test("every sample of GitHub's documentation is answered with 202, and becomes what it should", async () => {
  const { url, jobs } = await open();
  const kinds: Record<string, number> = {};
  let count = 0;
  for (const { name, examples: payloads } of examples)
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
