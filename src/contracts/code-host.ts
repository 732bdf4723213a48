import { z } from "zod";

export const hostIds = ["github", "gitlab", "gitea"] as const;
/** Where pull requests (GitLab: merge requests) live. */
export type HostId = (typeof hostIds)[number];

/** Names one pull request. */
export const pullRefSchema = z.object({
  host: z.enum(hostIds),
  repository: z
    .string()
    .min(1)
    .max(400)
    .describe("Full name, e.g. `octo-org/octo-repo`, with subgroups where there are any"),
  number: z.number().int().min(1),
  installation: z
    .number()
    .int()
    .nullable()
    .default(null)
    .describe("Installation of our GitHub App that told us of it; null otherwise"),
});
export type PullRef = z.output<typeof pullRefSchema>;

/** Ref in the repository that a pull request goes into under which its head can be fetched, even when the fork is gone. */
export function headRefOf({ host, number }: Pick<PullRef, "host" | "number">): string {
  return host === "gitlab" ? `refs/merge-requests/${number}/head` : `refs/pull/${number}/head`;
}

/** A pull request as its host described it. Everything in it is what strangers wrote. */
export interface PullRequest {
  readonly ref: PullRef;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly isOpen: boolean;
  readonly isDraft: boolean;
  /** Commit ids; null where the host does not say. */
  readonly head: string | null;
  readonly base: string | null;
  readonly baseBranch: string;
  /** Address for Git of the repository that it wants to go into, without credentials. */
  readonly cloneUrl: string;
  /** As `headRefOf` gives it. */
  readonly headRef: string;
  readonly url: string;
  /** Last change by the host's clock, ISO 8601; null where it does not say. */
  readonly updatedAt: string | null;
}

/** A webhook request as it arrived. Header names in lower case. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What a delivery means to us. */
export type HostEvent =
  | { readonly kind: "ping" }
  | { readonly kind: "ignored"; readonly reason: string }
  | {
      readonly kind: "review";
      readonly pull: PullRequest;
      readonly trigger: ReviewTrigger;
      /** Of a push: the head that it replaced, where the host says so. */
      readonly before: string | null;
    }
  | {
      readonly kind: "end";
      readonly pull: PullRef;
      readonly reason: "closed" | "merged" | "draft";
      /** When, by the host's clock, ISO 8601. */
      readonly at: string | null;
    }
  | ({ readonly kind: "command" } & CommandOptions)
  | ({ readonly kind: "thread" } & ThreadOptions);

/** What made a review necessary. */
export type ReviewTrigger = "opened" | "reopened" | "ready" | "pushed" | "retargeted";

/** A comment that begins with `/repowright`; also what the job `review-command` is started with. */
export const commandOptionsSchema = z.strictObject({
  pull: pullRefSchema,
  text: z.string().max(70_000).describe("The comment whole"),
  author: z.string().max(400),
  mayWrite: z
    .boolean()
    .nullable()
    .describe("Whether its author may write to the repository, as far as the host says so; null: ask it"),
  commentId: z.string().max(100),
  isInThread: z.boolean().describe("Whether it stands on a line of the diff, not below the pull request"),
  repliesTo: z
    .string()
    .max(100)
    .nullable()
    .describe("The comment that its thread began with (GitLab: the thread's id); null when it began one"),
});
export type CommandOptions = z.output<typeof commandOptionsSchema>;

/** A thread that was resolved or opened again; also what the job `review-thread` is started with. */
export const threadOptionsSchema = z.strictObject({
  pull: pullRefSchema,
  isResolved: z.boolean(),
  commentIds: z.array(z.string().max(100)).max(1_000).describe("Ids of the comments in it"),
});
export type ThreadOptions = z.output<typeof threadOptionsSchema>;

/** One host's webhooks: pure functions of what arrived. One file in extensions/hosts. */
export interface HostDefinition {
  /** Same as the file name. */
  readonly id: HostId;
  readonly title: string;
  /** Whether these are the headers of one of its deliveries. Asked in the order of `asksBefore`. */
  recognises(headers: Delivery["headers"]): boolean;
  /** Hosts that send this one's headers too: they are asked first. */
  readonly asksBefore: readonly HostId[];
  /** Whether one of the secrets signed the raw body. In constant time for each secret. */
  verify(delivery: Delivery, secrets: readonly string[]): boolean;
  /** Sender's own id of the delivery; null when it gave none. */
  deliveryKey(headers: Delivery["headers"]): string | null;
  /** What the body means; `payload` is the parsed JSON. Never throws: what it does not know is `ignored`, with the reason. */
  read(headers: Delivery["headers"], payload: unknown): HostEvent;
}

export function defineHost(definition: HostDefinition): HostDefinition {
  return definition;
}

/** A comment on lines of a pull request's diff. */
export interface LineComment {
  readonly path: string;
  /** Path before the change where it differs; GitLab wants both. */
  readonly oldPath: string | null;
  readonly side: "new" | "old";
  /** First and last line on that side; the same for one line. Both lie in one hunk. */
  readonly line: number;
  readonly endLine: number;
  readonly body: string;
}

/** A comment of ours that is on the host already. */
export interface PostedComment {
  readonly id: string;
  /** Of its finding, read from the mark in its body; null when there is none. */
  readonly fingerprint: string | null;
  readonly threadId: string | null;
  readonly isResolved: boolean;
  readonly path: string | null;
}

/** Everything of ours that is on a pull request. */
export interface PostedReview {
  /** The one comment below the pull request that is updated; null when there is none. */
  readonly summary: { readonly id: string; readonly body: string } | null;
  readonly comments: readonly PostedComment[];
}

export interface CheckAnnotation {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly severity: "error" | "warning" | "info";
  readonly title: string;
  readonly message: string;
}

/** State of a commit that the host shows beside it: GitHub's check runs, elsewhere a commit status. */
export interface HostCheck {
  readonly commit: string;
  readonly state: "running" | "passed" | "attention" | "failed";
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
  readonly detailsUrl: string | null;
}

/**
 * What is asked of a host. Every call that writes can be made again after a crash: the caller looks first (`posted`).
 * @throws AppError `host-unreachable`, `host-refused` (token, permission), `host-rate-limited` (details.retryAfterMs), `pull-unknown`,
 * `host-rejected` (it does not accept what was sent), `host-unconfigured`, `cancelled`
 */
export interface HostClient {
  readonly id: HostId;
  pull(ref: PullRef, signal: AbortSignal): Promise<PullRequest>;
  /** Open pull requests that are no drafts, of every repository that we were given, most recently changed first; at most `limit`. */
  openPulls(limit: number, signal: AbortSignal): Promise<readonly PullRequest[]>;
  /** Everything of ours on a pull request. */
  posted(ref: PullRef, signal: AbortSignal): Promise<PostedReview>;
  /** One review with all its comments: it is there whole or not at all. */
  postReview(
    ref: PullRef,
    review: { readonly commit: string; readonly body: string; readonly comments: readonly LineComment[] },
    signal: AbortSignal,
  ): Promise<void>;
  /** Makes the summary comment, or changes the one that is there. */
  putSummary(ref: PullRef, body: string, existing: string | null, signal: AbortSignal): Promise<void>;
  putCheck(ref: PullRef, check: HostCheck, signal: AbortSignal): Promise<void>;
  resolveThread(ref: PullRef, threadId: string, signal: AbortSignal): Promise<void>;
  /**
   * Answers a comment: in its thread where it has one, else below the pull request. In a thread `commentId` is what that
   * thread began with: `repliesTo` of a command, or the comment itself where it began one.
   */
  reply(
    ref: PullRef,
    commentId: string,
    isInThread: boolean,
    body: string,
    signal: AbortSignal,
  ): Promise<void>;
  /** Whether someone may write to the repository. */
  mayWrite(ref: PullRef, user: string, signal: AbortSignal): Promise<boolean>;
  /**
   * `Authorization` header with which Git may fetch `cloneUrl`; null where none is known, and for an address that is not
   * this host's own: a webhook may name any, and the token must not follow it there.
   */
  cloneHeader(ref: PullRef, cloneUrl: string, signal: AbortSignal): Promise<string | null>;
  /** Asks the host to send again what could not be delivered since then; resolves to how many. 0 where it cannot. */
  redeliver(since: Date, signal: AbortSignal): Promise<number>;
}

/** The hosts we know, as the settings have them. */
export interface CodeHosts {
  /** In the order in which they are asked whether a delivery is theirs; loaded with the first call. */
  definitions(): Promise<readonly HostDefinition[]>;
  /** Of webhooks.secrets; empty where none is set. */
  secretsOf(host: HostId): readonly string[];
  /** Whether we were given access, so that something can be posted there. */
  isConfigured(host: HostId): boolean;
  /** @throws AppError `host-unconfigured` without access, `config-invalid` for an address or a key that cannot be one */
  client(host: HostId): Promise<HostClient>;
}
