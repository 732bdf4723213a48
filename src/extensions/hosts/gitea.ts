import {
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

/** Titles that make a draft of a pull request, unless the operator of Gitea chose others. */
const draftTitle = /^\s*(wip:|\[wip\]|draft:)/i;
const deliveryPattern = /^[\w-]{1,100}$/;

export default defineHost({
  id: "gitea",
  title: "Gitea and Forgejo",
  // Both send the headers of GitHub too.
  asksBefore: ["github"],
  recognises: (headers) => headers["x-gitea-event"] !== undefined || headers["x-forgejo-event"] !== undefined,
  verify: ({ headers, body }, secrets) =>
    isSignedBy(secrets, [body], fromHex(headers["x-forgejo-signature"] ?? headers["x-gitea-signature"])),
  deliveryKey(headers) {
    const key = headers["x-forgejo-delivery"] ?? headers["x-gitea-delivery"] ?? "";
    return deliveryPattern.test(key) ? key : null;
  },
  read(headers, payload) {
    const event = headers["x-forgejo-event"] ?? headers["x-gitea-event"] ?? "";
    // A push to a pull request has an event type of its own in some versions.
    if (event === "pull_request" || event === "pull_request_sync") return readPullRequest(payload);
    if (event === "issue_comment" || event === "pull_request_comment") return readComment(payload);
    return ignored(`deliveries of ${JSON.stringify(event.slice(0, 60))} are not of interest`);
  },
});

function readPullRequest(payload: unknown): HostEvent {
  const action = textAt(payload, "action") ?? "";
  const pull = readPull(payload);
  if (pull === null) return ignored("it does not name repository, number, head and base of a pull request");
  const at = pull.updatedAt;
  if (action === "closed")
    return {
      kind: "end",
      pull: pull.ref,
      reason: flagAt(payload, "pull_request", "merged") ? "merged" : "closed",
      at,
    };
  const titleBefore = textAt(payload, "changes", "title", "from");
  const wasDraft = titleBefore !== null && draftTitle.test(titleBefore);
  if (action === "edited" && pull.isDraft && titleBefore !== null && !wasDraft)
    return { kind: "end", pull: pull.ref, reason: "draft", at };
  const trigger =
    action === "edited"
      ? valueAt(payload, "changes", "ref", "from") !== undefined
        ? "retargeted"
        : wasDraft && !pull.isDraft
          ? "ready"
          : undefined
      : triggers.get(action);
  if (trigger === undefined)
    return ignored(`${JSON.stringify(action.slice(0, 60))} of a pull request changes nothing in its code`);
  if (pull.isDraft) return ignored("the pull request is a draft");
  if (!pull.isOpen) return ignored("the pull request is not open");
  return { kind: "review", pull, trigger, before: null };
}

const triggers = new Map([
  ["opened", "opened"],
  ["reopened", "reopened"],
  ["synchronized", "pushed"],
] as const) as ReadonlyMap<string, "opened" | "reopened" | "pushed">;

function readPull(payload: unknown): PullRequest | null {
  const ref = readRef(payload, numberAt(payload, "pull_request", "number") ?? numberAt(payload, "number"));
  const head = commitAt(payload, "pull_request", "head", "sha");
  const baseBranch = branchAt(payload, "pull_request", "base", "ref");
  const cloneUrl = textAt(payload, "repository", "clone_url");
  if (ref === null || head === null || baseBranch === null || cloneUrl === null) return null;
  const title = textAt(payload, "pull_request", "title") ?? "";
  return {
    ref,
    title,
    body: textAt(payload, "pull_request", "body") ?? "",
    author: textAt(payload, "pull_request", "user", "login") ?? "",
    isOpen: textAt(payload, "pull_request", "state") !== "closed",
    isDraft: flagAt(payload, "pull_request", "draft") || draftTitle.test(title),
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
  return repository === null || number === null
    ? null
    : { host: "gitea", repository, number, installation: null };
}

function readComment(payload: unknown): HostEvent {
  const isOfPull =
    flagAt(payload, "is_pull") ||
    typeof (valueAt(payload, "issue", "pull_request") ?? undefined) === "object";
  if (!isOfPull) return ignored("it is about an issue, not a pull request");
  if (textAt(payload, "action") !== "created") return ignored("only new comments can be commands");
  const text = textAt(payload, "comment", "body") ?? "";
  if (!isCommand(text)) return ignored("the comment does not begin with /repowright");
  const pull = readRef(payload, numberAt(payload, "issue", "number"));
  const author = textAt(payload, "comment", "user", "login");
  const commentId = idAt(payload, "comment", "id");
  if (pull === null || author === null || commentId === null)
    return ignored("it does not name the comment, its author and a pull request");
  // The users that Gitea itself acts as have no number of their own.
  const authorId = valueAt(payload, "comment", "user", "id");
  if (typeof authorId === "number" && authorId < 0) return ignored("the comment is a program's");
  return {
    kind: "command",
    pull,
    text,
    author: author.slice(0, 400),
    mayWrite: null,
    commentId,
    isInThread: false,
    repliesTo: null,
  };
}

function ignored(reason: string): HostEvent {
  return { kind: "ignored", reason };
}
