import { v7 as createId } from "uuid";
import { AppError } from "../../src/base/errors.ts";
import type {
  Attempt,
  Job,
  JobCounts,
  JobEvent,
  Jobs,
  JobStatus,
  QueuePlace,
  Step,
} from "../../src/contracts/job.ts";

interface Kept {
  job: Job;
  readonly events: JobEvent[];
  result: string | null;
}

export interface FakeJobs extends Jobs {
  /** Puts a job in a state, with an event, as a worker would. */
  become(id: string, status: JobStatus, more?: Partial<Job> & { readonly result?: string }): void;
  /** A progress event. */
  progress(id: string, fraction: number | null, message: string): void;
  readonly calls: string[];
  readonly size: () => number;
}

/** The contract of jobs in memory: stores, lists, tells events and changes states; runs nothing. */
export function createFakeJobs(kinds: readonly string[] = ["analyze"]): FakeJobs {
  const kept = new Map<string, Kept>();
  const deliveries = new Map<string, { readonly id: string; readonly request: string }>();
  const calls: string[] = [];
  let wake = Promise.withResolvers<void>();

  function find(id: string): Kept {
    const found = kept.get(id);
    if (!found) throw new AppError("job-unknown", `There is no job ${JSON.stringify(id)}.`);
    return found;
  }
  function tell(entry: Kept, type: JobEvent["type"], data: JobEvent["data"]): void {
    entry.events.push({ seq: entry.events.length + 1, at: new Date().toISOString(), type, data });
    wake.resolve();
    wake = Promise.withResolvers();
  }
  function become(
    id: string,
    status: JobStatus,
    more: Partial<Job> & { readonly result?: string } = {},
  ): void {
    const entry = find(id);
    const { result, ...changes } = more;
    const isFinal = ["completed", "failed", "cancelled"].includes(status);
    const now = new Date().toISOString();
    entry.job = {
      ...entry.job,
      ...(status === "processing" ? { attempt: entry.job.attempt + 1, startedAt: now } : {}),
      finishedAt: isFinal ? now : null,
      ...changes,
      status,
    };
    if (result !== undefined) entry.result = result;
    const { attempt, error } = entry.job;
    tell(entry, "state", { status, attempt, ...(error === null ? {} : { error }) });
  }
  function need(id: string, ...statuses: readonly JobStatus[]): Kept {
    const entry = find(id);
    if (!statuses.includes(entry.job.status))
      throw new AppError("job-state", `Job ${id} is ${entry.job.status}, not ${statuses.join(" or ")}.`);
    return entry;
  }
  async function record<T>(call: string, work: () => T): Promise<T> {
    calls.push(call);
    return work();
  }

  return {
    calls,
    size: () => kept.size,
    become,
    progress(id, fraction, message) {
      const entry = find(id);
      entry.job = { ...entry.job, progress: { fraction, message } };
      tell(entry, "progress", { fraction, message, attempt: entry.job.attempt });
    },
    start: (request, context) =>
      record("start", () => {
        if (!kinds.includes(request.kind))
          throw new AppError(
            "kind-unknown",
            `There is no kind ${request.kind}; there is ${kinds.join(", ")}.`,
          );
        const key = JSON.stringify(context.delivery);
        const text = JSON.stringify(request);
        const earlier = context.delivery && deliveries.get(key);
        if (earlier) {
          if (earlier.request !== text)
            throw new AppError("idempotency-mismatch", "The key was used for another request.");
          return { job: find(earlier.id).job, isNew: false };
        }
        const id = createId();
        if (context.delivery) deliveries.set(key, { id, request: text });
        const now = new Date().toISOString();
        const entry: Kept = {
          events: [],
          result: null,
          job: {
            id,
            kind: request.kind,
            status: "pending",
            source: request.source ?? null,
            rev: request.rev ?? null,
            commit: null,
            options: (request.options ?? {}) as Record<string, unknown>,
            repositoryId: null,
            caller: context.caller,
            priority: request.priority ?? 0,
            attempt: 0,
            maxAttempts: 3,
            progress: null,
            error: null,
            approval: null,
            createdAt: now,
            startedAt: null,
            finishedAt: null,
            runAt: now,
            requestId: context.requestId ?? null,
            traceId: context.traceParent?.split("-")[1] ?? null,
          },
        };
        kept.set(id, entry);
        tell(entry, "state", { status: "pending", attempt: 0 });
        return { job: entry.job, isNew: true };
      }),
    list: (filter, { limit, cursor }) =>
      record("list", () => {
        if (cursor !== undefined && !kept.has(cursor))
          throw new AppError("request-invalid", "The cursor is none of ours.");
        const all = [...kept.values()]
          .map((entry) => entry.job)
          .reverse()
          .filter(
            (job) =>
              (filter.status === undefined || job.status === filter.status) &&
              (filter.kind === undefined || job.kind === filter.kind) &&
              (filter.caller === undefined || job.caller === filter.caller) &&
              (filter.repositoryId === undefined || job.repositoryId === filter.repositoryId) &&
              (cursor === undefined || job.id < cursor),
          );
        const items = all.slice(0, limit);
        return { items, nextCursor: all.length > limit ? items.at(-1)!.id : null };
      }),
    get: (id) => record("get", () => find(id).job),
    place: (job) =>
      record("place", (): QueuePlace | null =>
        job.status === "pending"
          ? { reason: "next", message: "It is the next.", place: 1, estimateMs: 1_500 }
          : null,
      ),
    attempts: (id) =>
      record("attempts", () => {
        const { job } = find(id);
        const attempts: Attempt[] =
          job.attempt === 0 || job.startedAt === null
            ? []
            : [
                {
                  attempt: job.attempt,
                  workerId: "w1",
                  startedAt: job.startedAt,
                  finishedAt: job.finishedAt,
                  outcome:
                    job.status === "completed" ? "completed" : job.status === "failed" ? "failed" : null,
                  error: job.error,
                },
              ];
        const steps: Step[] = attempts.length === 0 ? [] : [{ name: "clone", attempt: 1, finishedAt: null }];
        return { attempts, steps };
      }),
    result: (id) => record("result", () => need(id, "completed").result ?? "null"),
    events: (id, after, limit) =>
      record("events", () =>
        find(id)
          .events.filter((event) => event.seq > after)
          .slice(0, limit),
      ),
    async *follow(id, after, signal) {
      calls.push(`follow ${after}`);
      const aborted = new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      for (let seq = after; !signal.aborted;) {
        const entry = kept.get(id);
        if (!entry) return;
        const woken = wake.promise;
        for (const event of entry.events.slice(seq)) {
          yield event;
          seq = event.seq;
        }
        if (["completed", "failed", "cancelled"].includes(entry.job.status)) return;
        await Promise.race([woken, aborted]);
      }
    },
    retry: (id) =>
      record("retry", () => {
        need(id, "failed");
        become(id, "pending", { error: null });
        return find(id).job;
      }),
    cancel: (id) =>
      record("cancel", () => {
        need(id, "pending", "processing", "waiting");
        become(id, "cancelled");
        return find(id).job;
      }),
    delete: (id) =>
      record("delete", () => {
        find(id);
        kept.delete(id);
        wake.resolve();
        wake = Promise.withResolvers();
      }),
    decide: (id, decision) =>
      record(`decide ${decision.isApproved} ${decision.comment}`, () => {
        need(id, "waiting");
        become(id, "pending", { approval: null });
        return find(id).job;
      }),
    counts: () =>
      record("counts", (): JobCounts => {
        const jobs = [...kept.values()].map((entry) => entry.job);
        const ready = jobs.filter((job) => job.status === "pending").length;
        return {
          byKind: Object.entries(Object.groupBy(jobs, (job) => job.status)).map(([status, those]) => ({
            kind: "analyze",
            status: status as JobStatus,
            count: those.length,
          })),
          ready,
          oldestReadySeconds: ready === 0 ? null : 12,
          processedToday: jobs.filter((job) => job.status === "completed").length,
          failedToday: jobs.filter((job) => job.status === "failed").length,
          durationSeconds: { p50: 1, p95: 2 },
          workers: 1,
        };
      }),
  };
}
