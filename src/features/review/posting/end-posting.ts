import { readMark } from "../../../contracts/comment-mark.ts";
import type { JobContext } from "../../../contracts/job.ts";
import type { ReviewResult } from "../../../contracts/review.ts";
import { planPosting } from "./plan-posting.ts";
import { leave, type Posting, putCheck } from "./post-review.ts";

/** Later reviews of a pull request that are looked through for one of the same commit. */
const laterReviews = 20;

/**
 * Of a posted review that nobody goes on with: its check ends, also where the pull request is closed or has moved on, and
 * its summary no longer promises anything. Nothing is added. Can be called again at any time.
 * @throws AppError of `HostClient`
 */
export async function endPosting(id: string, review: ReviewResult, context: JobContext): Promise<Posting> {
  const { pull: ref, head } = review;
  if (ref === null || head === null) return leave("it is not of a pull request", context);
  const { services, signal } = context;
  const { reviews } = await services.stores();
  const { items } = await reviews.list(ref, { limit: laterReviews });
  if (items.some((later) => later.id > id && later.head === head))
    return leave("a later review of the same commit speaks for it", context);
  const client = await services.codeHosts.client(ref.host);
  const pull = await client.pull(ref, signal);
  const posted = await client.posted(ref, signal);
  const plan = planPosting({
    review,
    commit: head,
    diff: { files: [] },
    posted,
    host: ref.host,
    url: pull.url,
    modelFindings: new Set(),
    takesComments: false,
  });
  const { summary } = posted;
  // That of a newer head is the newer review's.
  const isOurs = (pull.head ?? head) === head && readMark(summary?.body ?? "")?.fingerprint === head;
  if (isOurs && summary !== null && plan.summary !== null)
    await client.putSummary(ref, plan.summary, summary.id, signal);
  await putCheck(plan, ref, client, context);
  return { kind: "posted", comments: 0, resolved: 0 };
}
