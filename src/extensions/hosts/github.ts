import {
  type CommandOptions,
  defineHost,
  headRefOf,
  type HostEvent,
  type PullRef,
  type PullRequest,
} from "../../contracts/code-host.ts";
import {
  branchAt,
  commitAt,
  flagAt,
  idAt,
  isCommand,
  numberAt,
  repositoryAt,
  textAt,
  timeAt,
  valueAt,
} from "./reading/fields.ts";
import { fromHex, isSignedBy } from "./reading/signature.ts";

const deliveryPattern = /^[\w-]{1,100}$/;

export default defineHost({
  id: "github",
  title: "GitHub",
  asksBefore: [],
  recognises: (headers) => headers["x-github-event"] !== undefined,
  verify({ headers, body }, secrets) {
    const signature = headers["x-hub-signature-256"];
    return isSignedBy(secrets, [body], fromHex(/^sha256=(.*)$/.exec(signature ?? "")?.[1]));
  },
  deliveryKey(headers) {
    const key = headers["x-github-delivery"] ?? "";
    return deliveryPattern.test(key) ? key : null;
  },
  read(headers, payload) {
    const event = headers["x-github-event"] ?? "";
    if (event === "ping") return { kind: "ping" };
    if (event === "pull_request") return readPullRequest(payload);
    if (event === "issue_comment") return readIssueComment(payload);
    if (event === "pull_request_review_comment") return readLineComment(payload);
    if (event === "pull_request_review_thread") return readThread(payload);
    return ignored(`deliveries of ${JSON.stringify(event.slice(0, 60))} are not of interest`);
  },
});

function readPullRequest(payload: unknown): HostEvent {
  const action = textAt(payload, "action") ?? "";
  const ref = readRef(payload, numberAt(payload, "pull_request", "number") ?? numberAt(payload, "number"));
  const at = timeAt(payload, "pull_request", "updated_at");
  if (ref !== null && action === "closed")
    return {
      kind: "end",
      pull: ref,
      reason: flagAt(payload, "pull_request", "merged") ? "merged" : "closed",
      at,
    };
  if (ref !== null && action === "converted_to_draft") return { kind: "end", pull: ref, reason: "draft", at };
  const pull = ref === null ? null : readPull(payload, ref);
  if (pull === null) return ignored("it does not name repository, number, head and base of a pull request");
  const trigger =
    action === "edited" && valueAt(payload, "changes", "base") !== undefined
      ? "retargeted"
      : triggers.get(action);
  if (trigger === undefined)
    return ignored(`${JSON.stringify(action.slice(0, 60))} of a pull request changes nothing in its code`);
  if (pull.isDraft) return ignored("the pull request is a draft");
  if (!pull.isOpen) return ignored("the pull request is not open");
  const before = trigger === "pushed" ? commitAt(payload, "before") : null;
  return { kind: "review", pull, trigger, before };
}

const triggers = new Map([
  ["opened", "opened"],
  ["reopened", "reopened"],
  ["ready_for_review", "ready"],
  ["synchronize", "pushed"],
] as const) as ReadonlyMap<string, "opened" | "reopened" | "ready" | "pushed">;

function readPull(payload: unknown, ref: PullRef): PullRequest | null {
  const head = commitAt(payload, "pull_request", "head", "sha");
  const baseBranch = branchAt(payload, "pull_request", "base", "ref");
  // Not the fork's: it may be gone (`head.repo` is null then), while the base keeps the head.
  const cloneUrl = textAt(payload, "repository", "clone_url");
  if (head === null || baseBranch === null || cloneUrl === null) return null;
  return {
    ref,
    title: textAt(payload, "pull_request", "title") ?? "",
    body: textAt(payload, "pull_request", "body") ?? "",
    author: textAt(payload, "pull_request", "user", "login") ?? "",
    isOpen: textAt(payload, "pull_request", "state") !== "closed",
    isDraft: flagAt(payload, "pull_request", "draft"),
    head,
    base: commitAt(payload, "pull_request", "base", "sha"),
    baseBranch,
    cloneUrl,
    headRef: headRefOf(ref),
    url: textAt(payload, "pull_request", "html_url") ?? "",
    updatedAt: timeAt(payload, "pull_request", "updated_at"),
  };
}

function readRef(payload: unknown, number: number | null): PullRef | null {
  const repository = repositoryAt(payload, "repository", "full_name");
  if (repository === null || number === null) return null;
  return { host: "github", repository, number, installation: numberAt(payload, "installation", "id") };
}

function readIssueComment(payload: unknown): HostEvent {
  if (typeof valueAt(payload, "issue", "pull_request") !== "object")
    return ignored("it is about an issue, not a pull request");
  return readComment(payload, numberAt(payload, "issue", "number"), { isInThread: false, repliesTo: null });
}

function readLineComment(payload: unknown): HostEvent {
  return readComment(payload, numberAt(payload, "pull_request", "number"), {
    isInThread: true,
    repliesTo: idAt(payload, "comment", "in_reply_to_id"),
  });
}

function readComment(
  payload: unknown,
  number: number | null,
  place: Pick<CommandOptions, "isInThread" | "repliesTo">,
): HostEvent {
  if (textAt(payload, "action") !== "created") return ignored("only new comments can be commands");
  const text = textAt(payload, "comment", "body") ?? "";
  if (!isCommand(text)) return ignored("the comment does not begin with /repowright");
  const author = textAt(payload, "comment", "user", "login");
  const commentId = idAt(payload, "comment", "id");
  const pull = readRef(payload, number);
  if (pull === null || author === null || commentId === null)
    return ignored("it does not name the comment, its author and a pull request");
  const isByProgram =
    textAt(payload, "comment", "user", "type") === "Bot" ||
    textAt(payload, "sender", "type") === "Bot" ||
    author.endsWith("[bot]") ||
    typeof (valueAt(payload, "comment", "performed_via_github_app") ?? undefined) === "object";
  // Else two programs could keep each other busy.
  if (isByProgram) return ignored("the comment is a program's");
  // Members of the organisation need not have a right to this repository, and private members look like strangers.
  const mayWrite = textAt(payload, "comment", "author_association") === "OWNER" ? true : null;
  return { kind: "command", pull, text, author: author.slice(0, 400), mayWrite, commentId, ...place };
}

function readThread(payload: unknown): HostEvent {
  const action = textAt(payload, "action");
  const pull = readRef(payload, numberAt(payload, "pull_request", "number"));
  const comments = valueAt(payload, "thread", "comments");
  if (pull === null || !Array.isArray(comments) || (action !== "resolved" && action !== "unresolved"))
    return ignored("it does not name a thread of a pull request");
  const commentIds = comments.slice(0, 1_000).flatMap((comment) => idAt(comment, "id") ?? []);
  return { kind: "thread", pull, isResolved: action === "resolved", commentIds };
}

function ignored(reason: string): HostEvent {
  return { kind: "ignored", reason };
}
