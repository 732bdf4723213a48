import { createBatch } from "../../base/batch.ts";
import { isAppError } from "../../base/errors.ts";
import type { PullRequest } from "../../contracts/code-host.ts";
import type { Database } from "../../contracts/database.ts";
import type { JobDefinitions } from "../../contracts/job.ts";
import type { Metrics } from "../../contracts/metrics.ts";
import type { PullContext, PullNews, Pulls } from "../../contracts/pulls.ts";
import type { Broadcast } from "../../contracts/queue.ts";
import { toNewJob } from "../jobs/new-job.ts";
import type { NewJob } from "../jobs/store-jobs.ts";
import type { Tickets } from "../jobs/tickets.ts";
import { type NewsItem, receiveNews, type Received, toKnown } from "./receive-news.ts";

export interface PullsDependencies {
  readonly database: Database;
  readonly broadcast: Broadcast;
  readonly kinds: JobDefinitions;
  readonly protocols: readonly string[];
  readonly tickets: Tickets;
  /** @throws AppError `overloaded` while too many wait */
  readonly assertRoom: () => Promise<void>;
  readonly metrics: Metrics;
  readonly debounceMs: number;
}

const maxItems = 200;
const maxTitle = 2_000;

/** The pull requests of one database. */
export function createPulls(dependencies: PullsDependencies): Pulls {
  const { database, broadcast, tickets } = dependencies;
  // While one waits for the disk, another can be made; embedded they take turns, so that one larger one costs less.
  const concurrency = database.engine === "embedded" ? 1 : 2;
  // What the database says of the items is no AppError; that it is away, or full, is of all of them.
  const mayBeOfOne = (error: unknown): boolean => !isAppError(error);
  const receive = createBatch({ maxItems, concurrency, mayBeOfOne }, async (items: readonly NewsItem[]) => {
    const received = await database.transaction((transaction) => receiveNews(transaction, items));
    tell(received);
    return received.outcomes;
  });

  function tell({ started, cancelled }: Received): void {
    for (const id of cancelled) {
      broadcast.publish("cancel", id);
      broadcast.publish("events", id);
    }
    for (const job of started) {
      dependencies.metrics.count("jobs_accepted_total", { kind: job.kind });
      tickets(job.kind, job.delayMs);
    }
  }

  return {
    async receive(news, context) {
      const { host, repository, number } = news.kind === "end" ? news.pull : news.pull.ref;
      const job = news.kind === "end" ? null : toReviewJob(news, context, dependencies);
      // An end needs no room, but waits for the answer too, or it would overtake what came before it.
      const refusal = await dependencies.assertRoom().then(
        () => null,
        (error: unknown) => error,
      );
      if (job !== null && refusal !== null) throw refusal;
      return receive({ news, host, repository, number, deliveryKey: context.deliveryKey, job });
    },
    async get({ host, repository, number }) {
      const [row] = await database.query<Parameters<typeof toKnown>[0]>(
        `select state, head, base_branch, changed_at, past, job_id from pulls
         where host = $1 and repository = $2 and number = $3 and state is not null`,
        [host, repository, number],
      );
      if (!row) return null;
      const { state, head, baseBranch, changedAt, jobId } = toKnown(row);
      return {
        state: state!,
        head,
        baseBranch,
        jobId,
        changedAt: changedAt === null ? null : new Date(changedAt).toISOString(),
      };
    },
  };
}

function toReviewJob(
  news: PullNews & { kind: "review" },
  context: PullContext,
  { kinds, protocols, debounceMs }: PullsDependencies,
): NewJob {
  const { pull } = news;
  const options = {
    pull: pull.ref,
    // Not the commit that the host names: GitHub's stays what it was when the pull request was opened.
    base: `refs/heads/${pull.baseBranch}`,
    title: pull.title.slice(0, maxTitle).toWellFormed(),
    post: news.isPosted,
    isForced: news.isForced,
  };
  const job = toNewJob(
    { kind: "review", source: pull.cloneUrl, rev: pull.head, options },
    {
      caller: callerOf(pull),
      requestId: context.requestId,
      traceParent: context.traceParent,
      allowsLocalSources: false,
    },
    kinds,
    protocols,
  );
  // What is known of the pull request says whether there is a twin.
  return { ...job, dedupeKey: null, delayMs: news.trigger === "pushed" && !news.isForced ? debounceMs : 0 };
}

/** Repositories get fair shares of the workers, whoever pushes to them. */
function callerOf({ ref }: PullRequest): string {
  return `${ref.host}:${ref.repository}`;
}
