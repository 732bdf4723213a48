import { onTestFinished } from "vitest";
import { createTracing } from "../../src/adapters/opentelemetry/tracing.ts";
import { AppError } from "../../src/base/errors.ts";
import { composeCodeHosts } from "../../src/composition/code-hosts.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { CodeHosts, HostClient, HostId } from "../../src/contracts/code-host.ts";
import type { JobContext, JobDefinition } from "../../src/contracts/job.ts";
import type { AttemptEnd, Checkpoint } from "../../src/contracts/job-runner.ts";
import type { Services } from "../../src/contracts/services.ts";
import type { Stores } from "../../src/contracts/stores.ts";
import { runAttempt } from "../../src/core/jobs/run-attempt.ts";
import { type FakeGithub, startFakeGithub } from "./fake-github.ts";
import { startFakeGitea } from "./fake-gitea.ts";
import { startFakeGitlab } from "./fake-gitlab.ts";
import { type FakeCodeHost, keyOf } from "./fake-host.ts";
import { testKind } from "./job-kinds.ts";
import { silentLog } from "./silent-log.ts";

const tracing = await createTracing({ endpoint: "", service: "test", version: "0" });

/** A fake GitHub over HTTP, and the product's own client to it. */
export async function startPostingHost(): Promise<{
  readonly github: FakeGithub;
  readonly codeHosts: CodeHosts;
}> {
  const github = await startFakeGithub();
  onTestFinished(() => github.close());
  return { github, codeHosts: connectTo(github.settings) };
}

const starts = { github: startFakeGithub, gitlab: startFakeGitlab, gitea: startFakeGitea } as const;

/** The same of any of the three. */
export async function startAnyHost(
  host: HostId,
): Promise<{ readonly fake: FakeCodeHost; readonly codeHosts: CodeHosts }> {
  const fake = await starts[host]();
  onTestFinished(() => fake.close());
  return { fake, codeHosts: connectTo(fake.settings) };
}

export function connectTo(settings: Readonly<Record<string, string>>): CodeHosts {
  const config = loadConfig({ environment: { HOME: "/" }, flags: settings, cwd: "/" });
  return composeCodeHosts(config.values);
}

/** Goes wrong at one of the steps that it is asked about: before it, or when it is done and nobody hears of it. */
export interface Trouble {
  around<T>(work: () => Promise<T>): Promise<T>;
  /** How often it was asked. */
  readonly count: () => number;
}

export function troubleAt(place: number, kind: "before" | "after"): Trouble {
  let count = 0;
  return {
    count: () => count,
    async around(work) {
      const isHere = ++count === place;
      const broken = new AppError("host-unreachable", `The connection broke at call ${place}.`);
      if (isHere && kind === "before") throw broken;
      const result = await work();
      if (isHere) throw broken;
      return result;
    },
  };
}

export const noTrouble = troubleAt(0, "before");

/** A job as a worker runs it, attempt by attempt, with its checkpoints kept in between. */
export function createTestJob(
  definition: JobDefinition,
  services: { readonly codeHosts: CodeHosts; readonly stores?: Partial<Stores> } & Partial<
    Omit<Services, "stores">
  >,
  task: { readonly options?: unknown; readonly source?: string | null; readonly rev?: string | null } = {},
) {
  const steps: Record<string, Checkpoint> = {};
  const logged: string[] = [];
  let attempt = 0;
  return {
    logged,
    /** Ends as the worker sees it. Trouble counts every call of the host and every checkpoint. */
    async attempt(trouble: Trouble = noTrouble, id = "job-1"): Promise<AttemptEnd> {
      attempt++;
      const { codeHosts } = services;
      const end = await runAttempt(
        definition,
        {
          id,
          kind: definition.kind,
          attempt,
          request: { source: task.source ?? null, rev: task.rev ?? null },
          options: task.options ?? {},
          timeoutMs: 10_000,
          steps: { ...steps },
          traceParent: null,
          requestId: null,
        },
        {
          log: silentLog,
          tracing,
          ...services,
          stores: async () => services.stores as Stores,
          codeHosts: {
            ...codeHosts,
            client: async (host) => troubled(await codeHosts.client(host), trouble),
          },
        } as Services,
        {
          progress() {},
          log: (_level, message) => void logged.push(message),
          saveStep: (name, checkpoint) => trouble.around(async () => void (steps[name] = checkpoint)),
          saveCommit: async () => {},
          recall: async () => null,
          remember: async () => {},
          store: async () => null,
        },
        new AbortController().signal,
      );
      return end;
    },
  };
}

/** A job that does nothing but what it is given. */
export function createTestRun(
  run: (context: JobContext) => Promise<unknown>,
  codeHosts: CodeHosts,
  stores?: Partial<Stores>,
) {
  return createTestJob(testKind("post", run), { codeHosts, ...(stores === undefined ? {} : { stores }) });
}

function troubled(client: HostClient, trouble: Trouble): HostClient {
  return new Proxy(client, {
    get(target, name) {
      const value = target[name as keyof HostClient];
      return typeof value === "function"
        ? (...args: readonly unknown[]) =>
            trouble.around(() => (value as (...args: readonly unknown[]) => Promise<unknown>)(...args))
        : value;
    },
  });
}

/** What a person sees on a pull request, without the ids. */
export function seenOn(
  { state }: FakeCodeHost,
  pull: { readonly repository: string; readonly number: number },
) {
  const key = keyOf(pull);
  return {
    comments: (state.comments.get(key) ?? []).map(({ body }) => body),
    lines: (state.lineComments.get(key) ?? [])
      .map(({ path, side, startLine, line, body, isResolved, replies }) => ({
        place: `${path}:${startLine}-${line} ${side}`,
        body,
        isResolved,
        replies: replies.map((reply) => reply.body),
      }))
      .toSorted((a, b) => (a.body < b.body ? -1 : 1)),
    check: state.checks.at(-1)?.state,
  };
}
