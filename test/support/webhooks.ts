import { createHmac, randomUUID } from "node:crypto";
import { composeCodeHosts } from "../../src/composition/code-hosts.ts";
import { loadConfig } from "../../src/config/load.ts";
import { commandOptionsSchema, threadOptionsSchema } from "../../src/contracts/code-host.ts";
import type { Job, JobDefinition } from "../../src/contracts/job.ts";
import { reviewOptionsSchema } from "../../src/contracts/review.ts";
import { routes } from "../../src/features/registry.generated.ts";
import { type GivenServer, startServer } from "./api-server.ts";
import { kindsOf, testKind } from "./job-kinds.ts";
import type { Platform } from "../../src/contracts/platform.ts";
import type { TestMode } from "./platforms.ts";

export const secrets = { github: "github-secret-1", gitlab: "gitlab-secret-1", gitea: "gitea-secret-1" };
const settings = {
  "webhooks.secrets": `github=${secrets.github} github-secret-0,gitlab=${secrets.gitlab},gitea=${secrets.gitea}`,
  "webhooks.debounce": "60ms",
};

/** Kinds with the options of the real ones, that do nothing unless told. */
export function reviewKinds(run: JobDefinition["run"] = async () => null) {
  return kindsOf(
    testKind("review", run, { options: reviewOptionsSchema }),
    testKind("review-command", async () => null, { options: commandOptionsSchema }),
    testKind("review-thread", async () => null, { options: threadOptionsSchema }),
  );
}

export interface Receipt {
  readonly accepted: boolean;
  readonly jobId: string | null;
  readonly reason: string | null;
}

/** A platform that takes webhooks in. */
export function openWebhookPlatform(mode: TestMode, kinds = reviewKinds()): Promise<Platform> {
  return mode.open(kinds, settings);
}

/** The webhook routes of the product on a real port, over a real database. */
export async function startWebhooks(
  mode: TestMode,
  platform: Platform,
  given: {
    readonly settings?: Readonly<Record<string, string>>;
    readonly server?: GivenServer;
  } = {},
) {
  const all = { ...mode.settings, ...settings, ...given.settings };
  const kinds = reviewKinds();
  const config = loadConfig({ environment: { HOME: mode.folder }, flags: all, cwd: mode.folder });
  const definitions = (await Promise.all(routes.map(async (load) => (await load()).default))).filter(
    (route) => route.path.startsWith("/webhook"),
  );
  const started = await startServer(
    definitions,
    {
      config,
      platform: async () => platform,
      jobKinds: async () => kinds,
      codeHosts: composeCodeHosts(config.values),
    },
    given.server,
  );

  async function send(
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly receipt: Receipt; readonly code: string }> {
    const text =
      typeof body === "string" || body instanceof Uint8Array
        ? (body as string | Uint8Array<ArrayBuffer>)
        : JSON.stringify(body);
    const response = await fetch(started.url + path, {
      method: "POST",
      body: text,
      headers: { "content-type": "application/json", ...headers },
    });
    const answer = (await response.json()) as Receipt & { code: string };
    return { status: response.status, receipt: answer, code: answer.code };
  }

  const deliver = (
    event: string,
    payload: unknown,
    more: {
      readonly id?: string;
      readonly secret?: string;
      readonly path?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) => {
    const body = typeof payload === "string" ? payload : JSON.stringify(payload);
    return send(more.path ?? "/webhooks/github", body, {
      "x-github-event": event,
      "x-github-delivery": more.id ?? randomUUID(),
      "x-hub-signature-256": `sha256=${hmac(more.secret ?? secrets.github, body)}`,
      ...more.headers,
    });
  };
  const jobs = async (): Promise<readonly Job[]> => (await platform.jobs.list({}, { limit: 1_000 })).items;
  return { ...started, platform, send, deliver, jobs };
}

export function hmac(secret: string, body: string | Uint8Array): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/** A commit id that is easy to tell from others. */
export function sha(digit: number | string): string {
  return String(digit).padStart(2, "0").padStart(40, "a1");
}

/** A payload of GitHub's `pull_request`, with what matters to us. */
export function pullPayload(changes: {
  readonly action?: string;
  readonly number?: number;
  readonly head?: string;
  readonly before?: string;
  readonly at?: string;
  readonly draft?: boolean;
  readonly base?: string;
  readonly more?: object;
  readonly repository?: string;
}): Record<string, unknown> {
  const repository = changes.repository ?? "octo-org/widgets";
  const number = changes.number ?? 7;
  return {
    action: changes.action ?? "opened",
    number,
    ...(changes.before === undefined ? {} : { before: changes.before, after: changes.head }),
    pull_request: {
      number,
      state: changes.action === "closed" ? "closed" : "open",
      draft: changes.draft ?? false,
      title: "Make widgets rounder",
      body: null,
      html_url: `https://github.com/${repository}/pull/${number}`,
      updated_at: changes.at ?? "2026-03-01T10:00:00Z",
      user: { login: "monalisa", type: "User" },
      head: { sha: changes.head ?? sha(1), ref: "rounder", repo: { full_name: "fork/widgets" } },
      base: { sha: sha("b"), ref: changes.base ?? "main" },
      merged: false,
    },
    repository: { full_name: repository, clone_url: `https://github.com/${repository}.git` },
    sender: { login: "monalisa", type: "User" },
    ...changes.more,
  };
}
