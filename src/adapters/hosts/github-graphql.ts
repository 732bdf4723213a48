import { AppError } from "../../base/errors.ts";
import { readMark } from "../../contracts/comment-mark.ts";
import type { PostedComment, PostedReview } from "../../contracts/code-host.ts";
import { arrayAt, idAt, textAt, valueAt } from "./read.ts";

/** Asks GitHub's other API. @throws AppError as `HostClient` says */
export type AskGraph = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<unknown>;

const mostPages = 50;

const commentsQuery = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    page: comments(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { databaseId body viewerDidAuthor }
    } } } }`;

const threadsQuery = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    page: reviewThreads(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id isResolved path comments(first: 1) { nodes { databaseId body viewerDidAuthor } } }
    } } } }`;

const resolveMutation = `mutation ($threadId: ID!) {
  resolveReviewThread(input: { threadId: $threadId }) { thread { id isResolved } } }`;

/** Everything of ours: only here GitHub says which threads are resolved, and what we wrote ourselves. */
export async function readPosted(ask: AskGraph, repository: string, number: number): Promise<PostedReview> {
  const [owner, name] = repository.split("/");
  const variables = { owner, name, number };
  const comments = (await readPages(ask, commentsQuery, variables)).filter(isOurs);
  const summary = comments.find((each) => readMark(textAt(each, "body") ?? "")?.kind === "summary");
  const threads = await readPages(ask, threadsQuery, variables);
  return {
    summary: summary ? { id: idAt(summary, "databaseId")!, body: textAt(summary, "body")! } : null,
    comments: threads.flatMap((thread): readonly PostedComment[] => {
      const first = arrayAt(thread, "comments", "nodes")[0];
      if (!isOurs(first)) return [];
      const mark = readMark(textAt(first, "body") ?? "");
      return [
        {
          id: idAt(first, "databaseId") ?? "",
          fingerprint: mark?.kind === "finding" ? mark.fingerprint : null,
          threadId: idAt(thread, "id"),
          isResolved: valueAt(thread, "isResolved") === true,
          path: textAt(thread, "path"),
        },
      ];
    }),
  };
}

export async function resolveThread(ask: AskGraph, threadId: string): Promise<void> {
  await ask(resolveMutation, { threadId });
}

/** What GraphQL says against a query, in an answer that is a success to HTTP. */
export function assertNoGraphErrors(data: unknown): void {
  const errors = arrayAt(data, "errors");
  if (errors.length === 0) return;
  const type = textAt(errors[0], "type");
  const words = errors
    .map((each) => textAt(each, "message") ?? "")
    .join("; ")
    .slice(0, 500);
  const message = `GitHub answered a query with: ${words}`;
  if (type === "NOT_FOUND") throw new AppError("pull-unknown", message);
  if (type === "FORBIDDEN" || type === "INSUFFICIENT_SCOPES") throw new AppError("host-refused", message);
  if (type === "RATE_LIMITED") throw new AppError("host-rate-limited", message, { retryAfterMs: 60_000 });
  if (type === null || /timeout|something went wrong/i.test(words))
    throw new AppError("host-unreachable", message);
  throw new AppError("host-rejected", message);
}

async function readPages(
  ask: AskGraph,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<readonly unknown[]> {
  const nodes: unknown[] = [];
  let after: string | null = null;
  for (let page = 0; page < mostPages; page++) {
    const data: unknown = await ask(query, { ...variables, after });
    const pull = valueAt(data, "data", "repository", "pullRequest");
    if (typeof pull !== "object" || pull === null)
      throw new AppError("pull-unknown", "GitHub knows no such pull request, or does not show it to us.");
    nodes.push(...arrayAt(pull, "page", "nodes"));
    after = textAt(pull, "page", "pageInfo", "endCursor");
    if (valueAt(pull, "page", "pageInfo", "hasNextPage") !== true || after === null) break;
  }
  return nodes;
}

function isOurs(comment: unknown): boolean {
  return valueAt(comment, "viewerDidAuthor") === true;
}
