import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Cluster, request, startCluster } from "./fault-cluster.ts";
import { type FakeGithub, startFakeGithub } from "./fake-github.ts";
import { keyOf } from "./fake-host.ts";
import { openGitServer } from "./git-http-server.ts";
import type { Mode } from "./platforms.ts";
import { addCommit, createRepository, git } from "./repositories.ts";
import { descendants } from "./serving.ts";
import { pullPayload } from "./webhooks.ts";

/**
 * Pull requests on a GitHub of ours, whose webhooks come to real `serve` processes that review them. The ledger is what
 * that GitHub has, and which deliveries were answered with 202.
 */
export interface ReviewWorld {
  readonly cluster: Cluster;
  readonly github: FakeGithub;
  readonly cloneUrl: string;
  /** Job ids that a 202 named, by head. */
  readonly accepted: ReadonlyMap<string, ReadonlySet<string>>;
  /** Commits files on a branch of the pull request's own and tells GitHub. Resolves to the new head. */
  push(number: number, files: Readonly<Record<string, string>>): string;
  /** Sends a webhook once. */
  deliver(number: number, head: string, more?: DeliverOptions): Promise<Answer>;
  /** Sends it until somebody answers, as GitHub's redelivery does: the same id each time. */
  submit(number: number, head: string, more?: DeliverOptions): Promise<string>;
  /** Every page of GET /v1/reviews. */
  reviews(): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

export interface DeliverOptions {
  readonly id?: string;
  readonly action?: string;
  readonly before?: string;
  readonly at?: string;
  readonly cloneUrl?: string;
}

export const repository = "octo-org/widgets";
const secret = "the-hooks-secret";
const pageSize = 100;

/** A file with so many lines that get a comment each. */
export function debuggers(count: number, name = "load"): string {
  return `export function ${name}(id) {\n${"  debugger;\n".repeat(count)}  return store.get(id);\n}\n`;
}

export async function startReviewWorld(
  mode: Mode,
  settings: Readonly<Record<string, string>> = {},
  given: { readonly isApp?: boolean } = {},
): Promise<ReviewWorld> {
  const folder = mkdtempSync(join(tmpdir(), "repowright-reviews-"));
  const work = createRepository(join(folder, "work"), [
    { message: "Begin", files: { "src/load.js": debuggers(0), "README.md": "# Widgets\n" } },
  ]);
  const bare = join(folder, `served/${repository}.git`);
  git(folder, ["clone", "--quiet", "--bare", work, bare]);
  const gitServer = await openGitServer(join(folder, "served"));
  const cloneUrl = `${gitServer.url}/${repository}.git`;
  const github = await startFakeGithub(given);
  const hosts = Object.fromEntries(
    Object.entries(github.settings).map(([key, value]) => [
      `REPOWRIGHT_${key.replace(".", "_").toUpperCase()}`,
      value,
    ]),
  );
  const cluster = await startCluster(mode, {
    FAULT_KINDS: "real",
    REPOWRIGHT_WEBHOOKS_SECRETS: `github=${secret}`,
    REPOWRIGHT_WEBHOOKS_DEBOUNCE: "0s",
    REPOWRIGHT_GIT_PROTOCOLS: "http",
    REPOWRIGHT_GIT_ALLOW_PRIVATE_HOSTS: "true",
    ...hosts,
    ...settings,
  });
  const accepted = new Map<string, Set<string>>();
  const branches = new Set<number>();

  async function deliver(number: number, head: string, more: DeliverOptions = {}): Promise<Answer> {
    const member = [...cluster.members].find((each) => each.url !== null && each.isUp());
    if (!member) return { status: 0, headers: new Headers(), body: {}, ms: 0 };
    const { id = randomBytes(8).toString("hex"), cloneUrl: where = cloneUrl, ...changes } = more;
    const body = JSON.stringify(
      pullPayload({
        number,
        head,
        ...changes,
        more: { repository: { full_name: repository, clone_url: where } },
      }),
    );
    const answer = await request(`${member.url}/webhooks/github`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": id,
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      },
      body,
    });
    if (answer.status === 202 && typeof answer.body["jobId"] === "string") {
      const jobs = accepted.get(head) ?? new Set();
      accepted.set(head, jobs.add(answer.body["jobId"]));
    }
    return answer;
  }

  return {
    cluster,
    github,
    cloneUrl,
    accepted,
    push(number, files) {
      const branch = `pull-${number}`;
      git(work, ["checkout", "--quiet", ...(branches.has(number) ? [branch] : ["-b", branch, "main"])]);
      branches.add(number);
      const head = addCommit(work, { message: "Change", files });
      git(work, ["push", "--quiet", "--force", bare, `HEAD:refs/pull/${number}/head`]);
      const patch = git(work, ["diff", "main...HEAD"]);
      const base = git(work, ["rev-parse", "main"]).trim();
      github.addPull({ number, head, base, patch, cloneUrl });
      return head;
    },
    deliver,
    async submit(number, head, more = {}) {
      const id = more.id ?? randomBytes(8).toString("hex");
      for (;;) {
        const { status, body } = await deliver(number, head, { ...more, id });
        if (status === 202) return String(body["jobId"]);
        if (status !== 0 && status < 500)
          throw new Error(`Delivery ${id} was refused: ${JSON.stringify(body)}`);
        await sleep(50);
      }
    },
    async reviews() {
      const all: Record<string, unknown>[] = [];
      for (let cursor = ""; ;) {
        const { status, body } = await cluster.get(`/v1/reviews?limit=${pageSize}${cursor}`);
        if (status !== 200) throw new Error(`GET /v1/reviews: ${status} ${JSON.stringify(body)}`);
        all.push(...(body["items"] as Record<string, unknown>[]));
        const next = body["nextCursor"] as string | null;
        if (next === null) return all;
        cursor = `&cursor=${encodeURIComponent(next)}`;
      }
    },
    async close() {
      await cluster.close();
      await github.close();
      gitServer.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * What is wrong with what the ledger shows; empty when nothing is. `expected`: the head of each pull request, and how many
 * line comments it must have in all.
 */
export async function checkReviews(
  world: ReviewWorld,
  expected: ReadonlyMap<number, { readonly head: string; readonly comments: number }>,
): Promise<readonly string[]> {
  const { github, accepted } = world;
  const broken: string[] = [];
  const stored = await world.reviews();
  for (const [number, { head, comments }] of expected) {
    // A head that was replaced is answered with the job of what replaced it.
    const jobs = accepted.get(head)?.size ?? 0;
    if (jobs !== 1) broken.push(`#${number}: ${jobs} jobs of its head`);
    const of = stored.filter((review) => review["head"] === head && pullNumber(review) === number);
    if (of.length !== 1) broken.push(`#${number}: ${of.length} reviews of its head are stored`);
    const key = keyOf({ repository, number });
    const there = github.state.lineComments.get(key) ?? [];
    const marks = there.map(({ body }) => /<!--.*?-->/s.exec(body)?.[0] ?? body);
    if (new Set(marks).size !== marks.length) broken.push(`#${number}: a comment stands there twice`);
    if (there.length !== comments) broken.push(`#${number}: ${there.length} comments instead of ${comments}`);
    const summaries = github.state.comments.get(key) ?? [];
    if (summaries.length > 1) broken.push(`#${number}: ${summaries.length} summaries`);
    const posted = github.state.reviews.get(key) ?? [];
    const perHead = new Set(posted.map(({ commit }) => commit)).size;
    if (perHead !== posted.length)
      broken.push(`#${number}: ${posted.length} posted reviews of ${perHead} heads`);
    const check = github.state.checks.findLast(({ commit }) => commit === head);
    if (check === undefined || /pending|in_progress|queued/.test(check.state))
      broken.push(`#${number}: its check is ${check?.state ?? "missing"}`);
  }
  return broken;
}

/** Processes in which a server runs jobs. Only its children: what one of them is about to start still has its name. */
export function jobProcessesOf(server: number): number[] {
  return descendants(server).filter((pid) => {
    try {
      return (
        readFileSync(`/proc/${pid}/status`, "utf8").includes(`\nPPid:\t${server}\n`) &&
        readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("job-process")
      );
    } catch {
      return false;
    }
  });
}

function pullNumber(review: Record<string, unknown>): unknown {
  return (review["pull"] as { readonly number?: unknown } | null)?.number;
}
