import { AppError, isAppError } from "../../base/errors.ts";
import {
  headRefOf,
  type HostClient,
  type PostedComment,
  type PullRef,
  type PullRequest,
} from "../../contracts/code-host.ts";
import { readMark } from "../../contracts/comment-mark.ts";
import {
  type ApiAnswer,
  type ApiRequest,
  createHostApi,
  type HostAccess,
  listAll,
  listShown,
  toBase,
  toCloneHeader,
} from "./host-api.ts";
import { byChange, encodePath, idAt, numberAt, textAt, timeAt, valueAt } from "./read.ts";

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
  let me: Promise<string> | null = null;
  const whoAmI = (signal: AbortSignal): Promise<string> => {
    me ??= send({ path: "/user" }, signal).then(({ data }) => textAt(data, "login") ?? "");
    me.catch(() => (me = null));
    return me;
  };
  const comment = async (ref: PullRef, body: string, signal: AbortSignal): Promise<void> => {
    const path = `${repositoryOf(ref)}/issues/${ref.number}/comments`;
    await send({ method: "POST", path, body: { body } }, signal);
  };

  return {
    id: "gitea",
    async pull(ref, signal) {
      const { data } = await send({ path: `${repositoryOf(ref)}/pulls/${ref.number}` }, signal);
      return toPull(data, ref);
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
          const pull = toPull(data, { host: "gitea", repository: name, number, installation: null });
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
    async putSummary(ref, body, existing, signal) {
      if (existing === null) return comment(ref, body, signal);
      try {
        const path = `${repositoryOf(ref)}/issues/comments/${encodeURIComponent(existing)}`;
        await send({ method: "PATCH", path, body: { body } }, signal);
      } catch (error) {
        // Somebody deleted it meanwhile.
        if (!isAppError(error, "pull-unknown")) throw error;
        await comment(ref, body, signal);
      }
    },
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

function toPull(data: unknown, ref: PullRef): PullRequest {
  const title = textAt(data, "title") ?? "";
  return {
    ref,
    title,
    body: textAt(data, "body") ?? "",
    author: textAt(data, "user", "login") ?? "",
    isOpen: textAt(data, "state") === "open",
    isDraft: valueAt(data, "draft") === true || /^\s*(wip:|\[wip\]|draft:)/i.test(title),
    head: textAt(data, "head", "sha"),
    base: textAt(data, "base", "sha"),
    baseBranch: textAt(data, "base", "ref") ?? "",
    cloneUrl: textAt(data, "base", "repo", "clone_url") ?? "",
    headRef: headRefOf(ref),
    url: textAt(data, "html_url") ?? "",
    updatedAt: timeAt(data, "updated_at"),
  };
}
