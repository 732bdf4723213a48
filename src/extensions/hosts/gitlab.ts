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
import { isOneOf, isSignedBy } from "./reading/signature.ts";

const deliveryPattern = /^[\w.-]{1,100}$/;
/** Users that access tokens of projects and groups act as. */
const programName = /^(project|group)_\d+_bot/;

export default defineHost({
  id: "gitlab",
  title: "GitLab",
  asksBefore: [],
  recognises: (headers) => headers["x-gitlab-event"] !== undefined,
  verify({ headers, body }, secrets) {
    const signatures = headers["webhook-signature"];
    if (signatures === undefined) return isOneOf(secrets, headers["x-gitlab-token"] ?? "");
    // The newer way (Standard Webhooks): id, time and body are signed, and the secret itself is not sent.
    const signed = [`${headers["webhook-id"] ?? ""}.${headers["webhook-timestamp"] ?? ""}.`, body];
    return signatures
      .split(" ")
      .slice(0, 10)
      .map((each) => /^v1,([\w+/]{43}=)$/.exec(each)?.[1])
      .some(
        (each) => each !== undefined && isSignedBy(secrets.map(toKey), signed, Buffer.from(each, "base64")),
      );
  },
  deliveryKey(headers) {
    // The first two are the same when a delivery is tried again.
    const key = headers["idempotency-key"] ?? headers["webhook-id"] ?? headers["x-gitlab-event-uuid"] ?? "";
    return deliveryPattern.test(key) ? key : null;
  },
  read(_headers, payload) {
    const kind = textAt(payload, "object_kind");
    if (kind === "merge_request") return readMergeRequest(payload);
    if (kind === "note") return readNote(payload);
    return ignored(`deliveries of ${JSON.stringify(kind?.slice(0, 60) ?? null)} are not of interest`);
  },
});

function toKey(secret: string): string | Uint8Array {
  return secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : secret;
}

function readMergeRequest(payload: unknown): HostEvent {
  const action = textAt(payload, "object_attributes", "action") ?? "";
  const pull = readPull(payload);
  if (pull === null) return ignored("it does not name project, number, head and target of a merge request");
  const at = pull.updatedAt;
  if (action === "close" || action === "merge")
    return { kind: "end", pull: pull.ref, reason: action === "merge" ? "merged" : "closed", at };
  const becameDraft = valueAt(payload, "changes", "draft", "current");
  if (action === "update" && becameDraft === true)
    return { kind: "end", pull: pull.ref, reason: "draft", at };
  const before = commitAt(payload, "object_attributes", "oldrev");
  const trigger =
    action === "open"
      ? "opened"
      : action === "reopen"
        ? "reopened"
        : action !== "update"
          ? undefined
          : before !== null
            ? "pushed"
            : becameDraft === false
              ? "ready"
              : valueAt(payload, "changes", "target_branch") !== undefined
                ? "retargeted"
                : undefined;
  if (trigger === undefined)
    return ignored(`${JSON.stringify(action.slice(0, 60))} of a merge request changes nothing in its code`);
  if (pull.isDraft) return ignored("the merge request is a draft");
  if (!pull.isOpen) return ignored("the merge request is not open");
  return { kind: "review", pull, trigger, before };
}

function readPull(payload: unknown): PullRequest | null {
  const ref = readRef(payload, numberAt(payload, "object_attributes", "iid"));
  const head = commitAt(payload, "object_attributes", "last_commit", "id");
  const baseBranch = branchAt(payload, "object_attributes", "target_branch");
  const cloneUrl = textAt(payload, "project", "git_http_url");
  if (ref === null || head === null || baseBranch === null || cloneUrl === null) return null;
  return {
    ref,
    title: textAt(payload, "object_attributes", "title") ?? "",
    body: textAt(payload, "object_attributes", "description") ?? "",
    author: textAt(payload, "user", "username") ?? "",
    isOpen: /^(opened|locked)?$/.test(textAt(payload, "object_attributes", "state") ?? ""),
    isDraft:
      flagAt(payload, "object_attributes", "draft") ||
      flagAt(payload, "object_attributes", "work_in_progress"),
    head,
    base: null,
    baseBranch,
    cloneUrl,
    headRef: headRefOf(ref),
    url: textAt(payload, "object_attributes", "url") ?? "",
    updatedAt: timeAt(payload, "object_attributes", "updated_at"),
  };
}

function readRef(payload: unknown, number: number | null): PullRef | null {
  const repository = repositoryAt(payload, "project", "path_with_namespace");
  return repository === null || number === null
    ? null
    : { host: "gitlab", repository, number, installation: null };
}

function readNote(payload: unknown): HostEvent {
  if (textAt(payload, "object_attributes", "noteable_type") !== "MergeRequest")
    return ignored("it is not about a merge request");
  // Before GitLab 16 a note had no action, and was always new.
  if ((textAt(payload, "object_attributes", "action") ?? "create") !== "create")
    return ignored("only new comments can be commands");
  const text = textAt(payload, "object_attributes", "note") ?? "";
  if (!isCommand(text)) return ignored("the comment does not begin with /repowright");
  const pull = readRef(payload, numberAt(payload, "merge_request", "iid"));
  const author = textAt(payload, "user", "username");
  const commentId = idAt(payload, "object_attributes", "id");
  if (pull === null || author === null || commentId === null)
    return ignored("it does not name the comment, its author and a merge request");
  if (programName.test(author) || flagAt(payload, "object_attributes", "system"))
    return ignored("the comment is a program's");
  const isInThread = textAt(payload, "object_attributes", "type") !== null;
  return {
    kind: "command",
    pull,
    text,
    author: author.slice(0, 400),
    mayWrite: null,
    commentId,
    isInThread,
    repliesTo: isInThread ? idAt(payload, "object_attributes", "discussion_id") : null,
  };
}

function ignored(reason: string): HostEvent {
  return { kind: "ignored", reason };
}
