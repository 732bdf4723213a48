import { isAppError } from "../../../base/errors.ts";
import type { CommandOptions, HostClient, PullRequest } from "../../../contracts/code-host.ts";
import type { JobContext } from "../../../contracts/job.ts";
import type { Dismissal, ReviewSummary } from "../../../contracts/review.ts";
import type { Progress } from "../../../contracts/repository.ts";
import type { Stores } from "../../../contracts/stores.ts";
import { code, escapeBlock, escapeText } from "../formats/markdown.ts";
import { openPull } from "../open-pull.ts";
import { shownDigits } from "./comment-body.ts";
import { createLineLinks } from "./line-links.ts";
import type { ReviewCommand } from "./read-command.ts";

export interface CommandCase {
  readonly command: ReviewCommand;
  readonly options: CommandOptions;
  readonly client: HostClient;
  readonly context: JobContext;
}

const maxAnswer = 60_000;
/** Reviews of a pull request in which a finding is looked for. */
const searched = 10;

/** Does what a comment asks for, if its author may ask for it. Gives the answer, as Markdown. */
export async function runCommand(given: CommandCase): Promise<string> {
  const { command, options, client, context } = given;
  if (command.name === "help") return help;
  if (command.name === "unknown") return `There is no command ${code(command.word.slice(0, 40))}.\n\n${help}`;
  const pull = await client.pull(options.pull, context.signal);
  const isByAuthor = pull.author !== "" && pull.author.toLowerCase() === options.author.toLowerCase();
  const isForAuthors = command.name === "review" || command.name === "ask";
  const isAllowed =
    (isForAuthors && isByAuthor) ||
    (options.mayWrite ?? (await client.mayWrite(options.pull, options.author, context.signal)));
  if (!isAllowed)
    return `Sorry, ${code(command.name)} is for people who may write to this repository${isForAuthors ? ", and for the author of the pull request" : ""}.`;
  if (command.name === "ask") return answerQuestion(command.question, pull, given);
  if (!pull.isOpen && command.name === "review")
    return "The pull request is closed, so there is nothing to review.";
  const stores = await context.services.stores();
  if (command.name === "review") {
    await startReview(pull, stores, options);
    return `A review of ${code((pull.head ?? "its head").slice(0, 10))} has been started.`;
  }
  const fingerprint = command.fingerprint ?? (await findOfThread(given));
  if (fingerprint === null)
    return `Which finding? Answer in its thread, or say ${code(`/repowright ${command.name} fingerprint${command.name === "dismiss" ? " reason" : ""}`)}.`;
  if (command.name === "dismiss" && command.reason === "")
    return `A reason is needed, for those who come later: ${code(`/repowright dismiss ${fingerprint.slice(0, shownDigits)} reason`)}.`;
  const { items } = await stores.reviews.list(
    { host: options.pull.host, repository: options.pull.repository, number: options.pull.number },
    { limit: searched },
  );
  const changed =
    command.name === "dismiss"
      ? await dismiss(items, fingerprint, command.reason, options.author, stores)
      : await restore(items, fingerprint, stores);
  if (changed === null)
    return `No finding of this pull request ${command.name === "dismiss" ? "" : "that was dismissed "}begins with ${code(fingerprint)}, or more than one does.`;
  // The summary, the thread and the check follow from a review, so that there is one way in which they do.
  if (pull.isOpen) await startReview(pull, stores, options);
  const what = `${code(changed.rule)} in ${code(changed.path)}`;
  return command.name === "dismiss"
    ? `Dismissed in the whole repository: ${what}, because: ${escapeText(changed.reason)}\n\nTo take it back: ${code(`/repowright restore ${changed.fingerprint.slice(0, shownDigits)}`)}.`
    : `No longer dismissed: ${what}.`;
}

const help = [
  "What I can do here:",
  "",
  "- `/repowright review`: review the pull request again",
  "- `/repowright ask question`: answer a question about the repository, as it would be with this pull request",
  "- `/repowright dismiss fingerprint reason`: never show a finding again in this repository; in its thread without the fingerprint",
  "- `/repowright restore fingerprint`: take that back",
  "- `/repowright help`: this",
].join("\n");

/** Answers about the head, from our own clone. */
async function answerQuestion(
  question: string,
  pull: PullRequest,
  { options, client, context }: CommandCase,
): Promise<string> {
  if (question === "") return `What is the question? ${code("/repowright ask question")}`;
  const { services, signal } = context;
  const onProgress = ({ fraction, message }: Progress): void => context.progress(fraction, message);
  const { repository, head } = await openPull(
    {
      pull: options.pull,
      known: {
        cloneUrl: pull.cloneUrl,
        head: pull.head,
        base: `refs/heads/${pull.baseBranch}`,
        title: pull.title,
        body: pull.body,
      },
    },
    services,
    { onProgress, signal },
  );
  const answer = await services.answer({ repository, commit: head }, question, {
    jobId: context.id,
    onProgress,
    signal,
  });
  const linkTo = createLineLinks(client.id, pull.url, { head, base: null, files: [] });
  const places = answer.places.map(({ path, startLine, endLine }) => {
    const text = code(`${path}:${startLine}-${endLine}`);
    const link = linkTo({ path, side: "new", line: startLine, endLine });
    return `- ${link === null ? text : `[${text}](${link})`}`;
  });
  return [
    answer.by === "places" ? "Most likely here:" : escapeBlock(answer.text),
    answer.by === "facts" ? null : places.join("\n"),
    answer.by === "facts"
      ? null
      : `<sub>${escapeText(`Of ${head.slice(0, 10)}. ${answer.notes.join(" ")}`)}</sub>`,
  ]
    .filter((part) => part !== null && part !== "")
    .join("\n\n")
    .slice(0, maxAnswer);
}

async function startReview(
  pull: PullRequest,
  { pulls }: Stores,
  { commentId }: CommandOptions,
): Promise<void> {
  await pulls.receive(
    { kind: "review", pull, trigger: "opened", before: null, isForced: true, isPosted: true },
    // However often this is attempted, one comment starts one review.
    { deliveryKey: `comment-${commentId}`, requestId: null, traceParent: null },
  );
}

/** The finding whose thread the comment stands in. */
async function findOfThread({ options, client, context }: CommandCase): Promise<string | null> {
  const { repliesTo } = options;
  if (repliesTo === null) return null;
  const { comments } = await client.posted(options.pull, context.signal);
  return comments.find(({ id, threadId }) => id === repliesTo || threadId === repliesTo)?.fingerprint ?? null;
}

/** Null when it is in none of the reviews. */
async function dismiss(
  candidates: readonly ReviewSummary[],
  fingerprint: string,
  reason: string,
  by: string,
  { reviews }: Stores,
): Promise<Dismissal | null> {
  for (const { id } of candidates)
    try {
      return await reviews.dismiss(id, fingerprint, reason, by);
    } catch (error) {
      if (!isAppError(error, "finding-unknown", "review-unknown")) throw error;
    }
  return null;
}

/** Null when none was dismissed that begins like that, or several were. */
async function restore(
  candidates: readonly ReviewSummary[],
  fingerprint: string,
  { reviews }: Stores,
): Promise<Dismissal | null> {
  for (const source of new Set(candidates.flatMap((review) => review.source ?? []))) {
    const found = (await reviews.dismissals(source)).filter((each) =>
      each.fingerprint.startsWith(fingerprint),
    );
    if (found.length > 1) return null;
    if (found[0] === undefined) continue;
    await reviews.restore(source, found[0].fingerprint);
    return found[0];
  }
  return null;
}
