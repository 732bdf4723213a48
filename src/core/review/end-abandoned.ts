import type { Database } from "../../contracts/database.ts";
import type { JobDefinitions, JobStatus } from "../../contracts/job.ts";
import type { ReviewResult } from "../../contracts/review.ts";
import { toNewJob } from "../jobs/new-job.ts";
import { insertJobs } from "../jobs/store-jobs.ts";

/** An attempt that was told to stop may still write for a moment, here and at the host. */
export const endingMs = 10_000;
const mostAtOnce = 50;

interface Row {
  readonly id: string;
  readonly content: string;
  /** Null when somebody deleted the job. */
  readonly status: JobStatus | null;
  readonly message: string | null;
  readonly is_posted: boolean;
}

/**
 * Reviews that wait for a model while their job has ended without a last word: cancelled, deleted, or given up because its
 * workers died. They are stored as they are from now on, and where they were posted a job says so there. Found by what is
 * stored, not by what ended them, so that none is missed. Resolves to their ids.
 */
export async function endAbandonedReviews(
  { database, kinds }: { readonly database: Database; readonly kinds: JobDefinitions },
  { afterMs }: { readonly afterMs: number },
): Promise<readonly string[]> {
  return database.transaction(async (transaction) => {
    const rows = await transaction.query<Row>(
      `select reviews.id, content, jobs.status, jobs.error ->> 'message' as message,
         coalesce((jobs.input -> 'options' ->> 'post')::boolean, exists (
           select from pulls where pulls.host = reviews.host and pulls.repository = reviews.repository
             and pulls.number = reviews.number and pulls.job_id = reviews.id)) as is_posted
       from reviews left join jobs on jobs.id = reviews.id
       where model_state = 'awaited' and (jobs.id is null or jobs.status in ('cancelled', 'failed'))
         and coalesce(jobs.finished_at, reviews.updated_at) < now() - $1::integer * interval '1 millisecond'
       order by reviews.id limit ${mostAtOnce} for update of reviews skip locked`,
      [afterMs],
    );
    const ended = rows.map((row) => ({ ...row, review: withoutModel(row) }));
    for (const { id, review } of ended)
      await transaction.query(
        "update reviews set model_state = $2, content = $3, updated_at = now() where id = $1",
        [id, review.model.state, JSON.stringify(review)],
      );
    const posted = ended.filter(({ is_posted: isPosted, review }) => isPosted && review.pull !== null);
    if (posted.length > 0)
      await insertJobs(
        transaction,
        posted.map(({ id, review: { pull } }) =>
          toNewJob(
            { kind: "review-end", options: { review: id } },
            { caller: `${pull!.host}:${pull!.repository}`, allowsLocalSources: false },
            kinds,
            [],
          ),
        ),
      );
    return rows.map(({ id }) => id);
  });
}

function withoutModel({ content, status, message }: Row): ReviewResult {
  const review = JSON.parse(content) as ReviewResult;
  const reason =
    status === "failed" && message !== null
      ? message
      : `The review was ${status === null ? "deleted" : "cancelled"} before a model had answered.`;
  return { ...review, model: { ...review.model, state: "failed", message: reason } };
}
