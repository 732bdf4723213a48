import { isAppError } from "../../../base/errors.ts";
import type { HostClient, PullRef, PullRequest } from "../../../contracts/code-host.ts";
import type { Diff } from "../../../contracts/diff.ts";
import type { JobContext } from "../../../contracts/job.ts";
import { type ReviewResult, reviewResultSchema } from "../../../contracts/review.ts";
import { planPosting, type PostingInput, type PostingPlan } from "./plan-posting.ts";

/** What became of it. */
export type Posting =
  | { readonly kind: "posted"; readonly comments: number; readonly resolved: number }
  /** There was nobody to tell. */
  | { readonly kind: "left"; readonly reason: string };

/** Earlier reviews of a pull request that are asked what the model said in them. */
const remembered = 5;

/**
 * Makes a pull request show a review: looks at what is there and does what is missing. It can be called again at any time,
 * after a crash as well as after another review, and does nothing twice.
 * @throws AppError of `HostClient`
 */
export async function postReview(
  review: ReviewResult,
  diff: Pick<Diff, "files">,
  context: JobContext,
): Promise<Posting> {
  const { pull: ref, head } = review;
  if (ref === null || head === null) return leave("it is not of a pull request", context);
  const { signal } = context;
  const client = await context.services.codeHosts.client(ref.host);
  const pull = await client.pull(ref, signal);
  const reason = reasonToLeave(pull, head);
  if (reason !== null) return leave(reason, context);
  const posted = await client.posted(ref, signal);
  const input: PostingInput = {
    review,
    commit: head,
    diff,
    posted,
    host: ref.host,
    url: pull.url,
    modelFindings: await findModelFindings(review, ref, context),
    takesComments: true,
  };
  let plan = planPosting(input);
  if (plan.comments.length > 0)
    try {
      await addComments(plan, head, ref, client, context);
    } catch (error) {
      if (!isAppError(error, "host-rejected")) throw error;
      // A push in between is the usual reason; then another review is on its way.
      const later = reasonToLeave(await client.pull(ref, signal), head);
      if (later !== null) return leave(later, context);
      context.log("warn", "the host refused comments on lines; the summary holds all findings", {
        comments: plan.comments.length,
        message: error.message,
      });
      plan = planPosting({ ...input, takesComments: false });
    }
  await writeSummary(plan, input, ref, client, context);
  for (const threadId of plan.resolve) await client.resolveThread(ref, threadId, signal);
  await putCheck(plan, ref, client, context);
  return { kind: "posted", comments: plan.comments.length, resolved: plan.resolve.length };
}

function reasonToLeave(pull: PullRequest, head: string): string | null {
  if (!pull.isOpen) return "the pull request is closed";
  if (pull.head !== null && pull.head !== head)
    return `the pull request is at ${pull.head.slice(0, 10)} by now`;
  return null;
}

export function leave(reason: string, context: JobContext): Posting {
  context.log("info", `the review is stored but not posted: ${reason}`);
  return { kind: "left", reason };
}

async function addComments(
  { comments, fingerprints }: PostingPlan,
  commit: string,
  ref: PullRef,
  client: HostClient,
  context: JobContext,
): Promise<void> {
  await context.step(
    "post comments",
    async (signal) => {
      await client.postReview(ref, { commit, body: "", comments }, signal);
      return true;
    },
    {
      input: [commit, fingerprints],
      async recover() {
        // All of them came at once.
        const { comments: there } = await client.posted(ref, context.signal);
        return there.some(({ fingerprint }) => fingerprint === fingerprints[0]) ? true : undefined;
      },
    },
  );
}

async function writeSummary(
  { summary }: PostingPlan,
  { posted, commit }: PostingInput,
  ref: PullRef,
  client: HostClient,
  context: JobContext,
): Promise<void> {
  if (summary === null) return;
  if (posted.summary !== null) return client.putSummary(ref, summary, posted.summary.id, context.signal);
  await context.step(
    "write summary",
    async (signal) => {
      await client.putSummary(ref, summary, null, signal);
      return true;
    },
    {
      input: [commit, summary],
      recover: async () => ((await client.posted(ref, context.signal)).summary === null ? undefined : true),
    },
  );
}

/** A token that may comment may have no right to checks: then the review is there without one. */
export async function putCheck(
  { check }: Pick<PostingPlan, "check">,
  ref: PullRef,
  client: HostClient,
  context: JobContext,
): Promise<void> {
  try {
    await client.putCheck(ref, check, context.signal);
  } catch (error) {
    if (!isAppError(error, "host-refused", "pull-unknown") || error.details["status"] === 401) throw error;
    context.log("warn", "the review is posted, but its check is not", { message: error.message });
  }
}

/** What the model said of this pull request before: where it cannot be asked, that is neither confirmed nor gone. */
async function findModelFindings(
  { model, findings }: ReviewResult,
  { host, repository, number }: PullRef,
  { id, services }: JobContext,
): Promise<ReadonlySet<string>> {
  const known = new Set(findings.map(({ fingerprint }) => fingerprint));
  if (model.state !== "away" && model.state !== "failed") return known;
  const { reviews } = await services.stores();
  const { items } = await reviews.list({ host, repository, number }, { limit: remembered });
  for (const earlier of items) {
    if (earlier.id === id || earlier.model !== "done") continue;
    const stored = reviewResultSchema.safeParse(JSON.parse(await reviews.get(earlier.id)));
    for (const { source, fingerprint } of stored.data?.findings ?? [])
      if (source === "model") known.add(fingerprint);
  }
  return known;
}
