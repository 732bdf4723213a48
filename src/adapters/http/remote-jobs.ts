import { isAppError } from "../../base/errors.ts";
import type {
  Attempt,
  Job,
  JobCounts,
  JobEvent,
  JobFilter,
  Jobs,
  QueuePlace,
  Step,
} from "../../contracts/job.ts";
import { type ApiOptions, type CallApi, createApiClient, unreachable } from "./api-client.ts";
import { readEvents } from "./read-events.ts";

export interface RemoteJobsOptions extends ApiOptions {
  /** Wait before a broken stream is taken up again. */
  readonly retryMs?: number;
  /** Time after which a stream without even a comment is taken for broken. */
  readonly silenceMs?: number;
}

const retryMs = 2_000;
/** The server sends a comment every 15 seconds. */
const silenceMs = 45_000;
/** In a row; a server that restarts is back long before. */
const maxFailures = 30;
const mostEvents = 1_000;

interface JobDetails extends Job {
  readonly place: QueuePlace | null;
  readonly attempts: readonly Attempt[];
  readonly steps: readonly Step[];
}

interface MetricsBody {
  readonly queue_length: number;
  readonly processed_today: number;
  readonly failed_today: number;
  readonly oldest_waiting_seconds: number | null;
  readonly duration_seconds: JobCounts["durationSeconds"];
  readonly workers: number;
  readonly by_kind: JobCounts["byKind"];
}

/** The jobs of a running server, over its API. */
export function createRemoteJobs(options: RemoteJobsOptions): Jobs {
  const call = createApiClient(options);
  const read = async <T>(request: Parameters<CallApi>[0]): Promise<T> =>
    (await (await call(request)).json()) as T;
  const path = (id: string, more = ""): string => `/v1/jobs/${encodeURIComponent(id)}${more}`;
  const details = (id: string): Promise<JobDetails> => read({ method: "GET", path: path(id) });

  return {
    async start({ kind, source, rev, options: jobOptions, priority }, context) {
      const response = await call({
        method: "POST",
        path: "/v1/jobs",
        body: { kind, source, rev, options: jobOptions, priority },
        headers: {
          ...(context.delivery ? { "idempotency-key": context.delivery.key } : {}),
          ...(context.requestId ? { "x-request-id": context.requestId } : {}),
          ...(context.traceParent ? { traceparent: context.traceParent } : {}),
        },
      });
      const isNew = response.headers.get("idempotency-replayed") !== "true";
      return { job: toJob((await response.json()) as Job), isNew };
    },
    async list(filter, { limit, cursor }) {
      const page = await read<{ items: Job[]; nextCursor: string | null }>({
        method: "GET",
        path: `/v1/jobs?${toQuery(filter, limit, cursor)}`,
      });
      return { items: page.items.map(toJob), nextCursor: page.nextCursor };
    },
    get: async (id) => toJob(await details(id)),
    place: async (job) => (await details(job.id)).place,
    async attempts(id) {
      const { attempts, steps } = await details(id);
      return { attempts, steps };
    },
    result: async (id) => (await call({ method: "GET", path: path(id, "/result") })).text(),
    async events(id, after, limit) {
      const query = `?follow=false&after=${after}&limit=${Math.min(limit, mostEvents)}`;
      return (await read<{ items: JobEvent[] }>({ method: "GET", path: path(id, `/events${query}`) })).items;
    },
    follow: (id, after, signal) => follow({ ...options, call, path: path(id, "/events") }, after, signal),
    retry: async (id) => toJob(await read<Job>({ method: "POST", path: path(id, "/retry") })),
    cancel: async (id) => toJob(await read<Job>({ method: "POST", path: path(id, "/cancel") })),
    async delete(id) {
      await call({ method: "DELETE", path: path(id) });
    },
    decide: async (id, { isApproved, comment }) =>
      toJob(
        await read<Job>({
          method: "POST",
          path: path(id, "/decision"),
          body: { approved: isApproved, comment },
        }),
      ),
    async counts() {
      const body = await read<MetricsBody>({
        method: "GET",
        path: "/metrics",
        headers: { accept: "application/json" },
      });
      return {
        byKind: body.by_kind,
        ready: body.queue_length,
        oldestReadySeconds: body.oldest_waiting_seconds,
        processedToday: body.processed_today,
        failedToday: body.failed_today,
        durationSeconds: body.duration_seconds,
        workers: body.workers,
      };
    },
  };
}

/** Takes a broken stream up where it broke; ends with the job, when it is deleted, and with `signal`. */
async function* follow(
  { call, path, url, ...options }: RemoteJobsOptions & { readonly call: CallApi; readonly path: string },
  after: number,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  let last = after;
  let isEnded = false;
  let isFirst = true;
  for (let failures = 0; !signal.aborted;) {
    let cause: unknown;
    const connection = new AbortController();
    try {
      const response = await call({
        method: "GET",
        path,
        headers: { accept: "text/event-stream", "last-event-id": String(last) },
        signal: AbortSignal.any([signal, connection.signal]),
      });
      isFirst = false;
      if (response.status === 204 || response.body === null) return;
      for await (const { event, data } of readEvents(response.body, options.silenceMs ?? silenceMs)) {
        // What went wrong over there is in its log; trying again may help.
        if (event === "problem") break;
        const next = JSON.parse(data) as JobEvent;
        if (next.seq <= last) continue;
        failures = 0;
        last = next.seq;
        if (next.type === "state")
          isEnded = /^(completed|failed|cancelled)$/.test(String(next.data["status"]));
        yield next;
      }
      if (isEnded) return;
    } catch (error) {
      if (signal.aborted) return;
      if (isAppError(error, "job-unknown") && !isFirst) return;
      // A refusal stays one; what is only for now, and what broke, may get better.
      if (isFirst || isAppError(error, "unauthorized", "request-invalid")) throw error;
      cause = error;
    } finally {
      connection.abort();
    }
    if (++failures > maxFailures) throw unreachable(url, "keeps breaking the stream of events", cause);
    await pause(options.retryMs ?? retryMs, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
  });
}

function toQuery(filter: JobFilter, limit: number, cursor: string | undefined): string {
  const { status, kind, caller, repositoryId: repository } = filter;
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries({ status, kind, caller, repository, cursor }))
    if (value !== undefined) query.set(name, value);
  return query.toString();
}

/** The job alone, as the database gives it: without the API's links and details. */
function toJob(view: Job): Job {
  const { links: _, place: __, attempts: ___, steps: ____, ...job } = view as Job & Record<string, unknown>;
  return job;
}
