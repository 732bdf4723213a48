import { AppError, isAppError } from "../../base/errors.ts";
import type { HostClient, PostedComment, PullRef, PullRequest } from "../../contracts/code-host.ts";
import { readMark } from "../../contracts/comment-mark.ts";
import { toPull } from "./github-pull.ts";
import {
  type ApiAnswer,
  type ApiRequest,
  askOnce,
  createHostApi,
  type HostAccess,
  listAll,
  listShown,
  toBase,
  toCloneHeader,
} from "./host-api.ts";
import { putSummary } from "./put-summary.ts";
import { byChange, encodePath, idAt, numberAt, textAt, valueAt } from "./read.ts";

type Asked = Pick<ApiRequest, "method" | "path" | "query" | "body">;
const pageSize = { limit: 50 };
const mostRepositories = 200;
const mostDescription = 250;

/** Gitea and Forgejo. Threads cannot be resolved by their API, and reviews cannot be answered in place. */
export function createGiteaClient(access: HostAccess): HostClient {
  if (access.address === "")
    throw new AppError(
      "host-unconfigured",
      "Gitea has no address of its own: set it in hosts.addresses, e.g. gitea=https://codeberg.org.",
    );
  const base = toBase("Gitea", access.address, "/api/v1");
  const call = createHostApi("Gitea", { ...access, base });
  const headers = { authorization: `token ${access.token}` };
  const send = (asked: Asked, signal: AbortSignal): Promise<ApiAnswer> => call({ ...asked, headers, signal });
  const list = (path: string, signal: AbortSignal, limit = Infinity) =>
    listAll(call, { path, query: pageSize, headers, signal }, { limit });
  const repositoryOf = (ref: Pick<PullRef, "repository">): string => `/repos/${encodePath(ref.repository)}`;
  const whoAmI = askOnce(
    async (signal) => textAt((await send({ path: "/user" }, signal)).data, "login") ?? "",
  );
  const comment = async (ref: PullRef, body: string, signal: AbortSignal): Promise<void> => {
    const path = `${repositoryOf(ref)}/issues/${ref.number}/comments`;
    await send({ method: "POST", path, body: { body } }, signal);
  };

  return {
    id: "gitea",
    async pull(ref, signal) {
      const { data } = await send({ path: `${repositoryOf(ref)}/pulls/${ref.number}` }, signal);
      return toGiteaPull(data, ref);
    },
    async openPulls(limit, signal) {
      const found: PullRequest[] = [];
      for (const repository of await list("/user/repos", signal, mostRepositories)) {
        const name = textAt(repository, "full_name");
        if (name === null || valueAt(repository, "archived") === true) continue;
        const query = { ...pageSize, state: "open", sort: "recentupdate" };
        const path = `/repos/${encodePath(name)}/pulls`;
        for (const data of await listShown(call, { path, query, headers, signal }, { limit })) {
          const number = numberAt(data, "number");
          const pull = toGiteaPull(data, { host: "gitea", repository: name, number, installation: null });
          if (!pull.isDraft && number > 0) found.push(pull);
        }
      }
      return found.toSorted(byChange).slice(0, limit);
    },
    async posted(ref, signal) {
      const login = await whoAmI(signal);
      const isOurs = (each: unknown): boolean => textAt(each, "user", "login") === login;
      const below = (await list(`${repositoryOf(ref)}/issues/${ref.number}/comments`, signal)).filter(isOurs);
      const summary = below.find((each) => readMark(textAt(each, "body") ?? "")?.kind === "summary");
      const comments: PostedComment[] = [];
      const reviews = `${repositoryOf(ref)}/pulls/${ref.number}/reviews`;
      for (const review of (await list(reviews, signal)).filter(isOurs))
        for (const each of await list(`${reviews}/${idAt(review, "id")}/comments`, signal)) {
          const mark = readMark(textAt(each, "body") ?? "");
          comments.push({
            id: idAt(each, "id") ?? "",
            fingerprint: mark?.kind === "finding" ? mark.fingerprint : null,
            threadId: null,
            isResolved: (valueAt(each, "resolver") ?? null) !== null,
            path: textAt(each, "path"),
          });
        }
      return {
        summary: summary ? { id: idAt(summary, "id")!, body: textAt(summary, "body")! } : null,
        comments,
      };
    },
    async postReview(ref, review, signal) {
      await send(
        {
          method: "POST",
          path: `${repositoryOf(ref)}/pulls/${ref.number}/reviews`,
          body: {
            commit_id: review.commit,
            event: "COMMENT",
            body: review.body,
            comments: review.comments.map((each) => ({
              path: each.path,
              body: each.body,
              // Lines of the file, whatever their names say; one at a time.
              new_position: each.side === "new" ? each.endLine : 0,
              old_position: each.side === "old" ? each.endLine : 0,
            })),
          },
        },
        signal,
      );
    },
    putSummary: (ref, body, existing, signal) =>
      putSummary(
        existing,
        (id) =>
          send(
            { method: "PATCH", path: `${repositoryOf(ref)}/issues/comments/${id}`, body: { body } },
            signal,
          ),
        () => comment(ref, body, signal),
      ),
    async putCheck(ref, check, signal) {
      const state = { running: "pending", passed: "success", attention: "warning", failed: "failure" }[
        check.state
      ];
      const description = check.title.slice(0, mostDescription).toWellFormed();
      const target = check.detailsUrl === null ? {} : { target_url: check.detailsUrl };
      const path = `${repositoryOf(ref)}/statuses/${check.commit}`;
      await send(
        { method: "POST", path, body: { context: "Repowright", state, description, ...target } },
        signal,
      );
    },
    async resolveThread() {
      // There is nothing to ask for.
    },
    reply: (ref, _commentId, _isInThread, body, signal) => comment(ref, body, signal),
    async mayWrite(ref, user, signal) {
      const path = `${repositoryOf(ref)}/collaborators/${encodeURIComponent(user)}/permission`;
      try {
        const { data } = await send({ path }, signal);
        return /^(owner|admin|write)$/.test(textAt(data, "permission") ?? "");
      } catch (error) {
        if (isAppError(error, "pull-unknown")) return false;
        throw error;
      }
    },
    cloneHeader: async (_ref, cloneUrl) =>
      toCloneHeader(cloneUrl, new URL(base).origin, "oauth2", access.token),
    redeliver: async () => 0,
  };
}

/** Where nothing says so, a title makes a draft. */
function toGiteaPull(data: unknown, ref: PullRef): PullRequest {
  const pull = toPull(data, ref);
  return { ...pull, isDraft: pull.isDraft || /^\s*(wip:|\[wip\]|draft:)/i.test(pull.title) };
}
