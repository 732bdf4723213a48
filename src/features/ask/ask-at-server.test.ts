import { expect, test } from "vitest";
import { AppError } from "../../base/errors.ts";
import type { Job, JobEvent, Jobs } from "../../contracts/job.ts";
import type { Progress } from "../../contracts/repository.ts";
import { askAtServer } from "./ask-at-server.ts";
import type { AskResult } from "./ask-result.ts";

const answer: AskResult = {
  question: "where?",
  rev: "0".repeat(40),
  by: "places",
  answer: "Nowhere.",
  fact: null,
  places: [],
  citations: [],
  isSupported: true,
  model: null,
  notes: [],
  complete: true,
  conversation: [{ question: "where?", answer: "Nowhere." }],
  tookMs: 1,
};

interface Story {
  readonly job?: Partial<Job>;
  readonly events?: readonly Partial<JobEvent>[];
  readonly place?: { readonly reason: string };
  readonly onFollow?: () => void;
}

/** A server with one job, and what was asked of it. */
function createServerJobs({ job = { status: "completed" }, events = [], place, onFollow }: Story): {
  readonly jobs: Jobs;
  readonly asked: unknown[];
} {
  const asked: unknown[] = [];
  const jobs = {
    async start(request: unknown) {
      asked.push(request);
      return { job: { id: "j1" }, isNew: true };
    },
    place: async () => place ?? null,
    get: async () => ({ id: "j1", error: null, ...job }),
    async *follow(_: string, __: number, signal: AbortSignal) {
      for (const event of events) yield event;
      onFollow?.();
      signal.throwIfAborted();
    },
    result: async () => JSON.stringify(answer),
    async cancel(id: string) {
      asked.push(`cancel ${id}`);
    },
  } as unknown as Jobs;
  return { jobs, asked };
}

function ask(
  jobs: Jobs,
  signal = new AbortController().signal,
  onProgress: (progress: Progress) => void = () => {},
): Promise<AskResult> {
  return askAtServer(
    {
      question: "where?",
      source: "/r",
      revision: "v1",
      model: "ollama/a",
      conversation: answer.conversation,
      cwd: "/",
      onProgress,
      signal,
    },
    jobs,
  );
}

test("the question is a job, whose progress is shown and whose result is the answer", async () => {
  const { jobs, asked } = createServerJobs({
    events: [
      { type: "progress", data: { fraction: 0.5, message: "Reading" } },
      { type: "state", data: { status: "running" } },
    ],
  });
  const shown: Progress[] = [];
  expect(await ask(jobs, undefined, (progress) => shown.push(progress))).toEqual(answer);
  expect(shown).toEqual([{ stage: "job", fraction: 0.5, message: "Reading" }]);
  expect(asked).toEqual([
    {
      kind: "ask",
      source: "/r",
      rev: "v1",
      options: { question: "where?", model: "ollama/a", conversation: answer.conversation },
    },
  ]);
});

test("a job that fails says why", async () => {
  const { jobs, asked } = createServerJobs({
    job: {
      status: "failed",
      error: { code: "time-limit", message: "It took too long." } as NonNullable<Job["error"]>,
    },
  });
  await expect(ask(jobs)).rejects.toMatchObject({
    code: "job-state",
    message: "Job j1 of the server is failed: It took too long.",
  });
  expect(asked).toHaveLength(1);
});

test("a job that nobody would do is taken back", async () => {
  const { jobs, asked } = createServerJobs({ place: { reason: "no-worker" } });
  await expect(ask(jobs)).rejects.toMatchObject({ code: "worker-missing" });
  expect(asked.at(-1)).toBe("cancel j1");
});

test("who gives up takes the job with them", async () => {
  const givenUp = new AbortController();
  const { jobs, asked } = createServerJobs({
    onFollow: () => givenUp.abort(new AppError("cancelled", "Cancelled.")),
  });
  await expect(ask(jobs, givenUp.signal)).rejects.toMatchObject({ code: "cancelled" });
  expect(asked.at(-1)).toBe("cancel j1");
});
