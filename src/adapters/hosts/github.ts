import { isAppError } from "../../base/errors.ts";
import type { HostClient, PullRef, PullRequest } from "../../contracts/code-host.ts";
import { putCheckRun, putCommitStatus } from "./github-check.ts";
import { isOfOneRepository } from "./host-failures.ts";
import { createGithubTokens, type GithubAccess, githubBase } from "./github-access.ts";
import { assertNoGraphErrors, readPosted, resolveThread } from "./github-graphql.ts";
import { toPull } from "./github-pull.ts";
import { redeliverFailed } from "./github-redeliver.ts";
import {
  type ApiAnswer,
  type ApiRequest,
  createHostApi,
  listAll,
  listShown,
  toCloneHeader,
} from "./host-api.ts";
import { putSummary } from "./put-summary.ts";
import { byChange, encodePath, numberAt, textAt, valueAt } from "./read.ts";

type Asked = Pick<ApiRequest, "method" | "path" | "query" | "body">;
const versionHeaders = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
const mostRepositories = 200;

export function createGithubClient(access: GithubAccess): HostClient {
  const base = githubBase(access.address);
  const call = createHostApi("GitHub", { ...access, base });
  // GitHub Enterprise has it beside the other API, not below.
  const callGraph = createHostApi("GitHub", {
    ...access,
    base: base.replace(/\/v3$/, ""),
  });
  const tokens = createGithubTokens(access, call);
  const origin = access.address === "" ? "https://github.com" : new URL(base).origin;

  /** Sends as whoever has access to the repository. A token of an App that was revoked too early is replaced once. */
  async function sendAs(
    where: Pick<PullRef, "repository" | "installation">,
    send: (headers: Readonly<Record<string, string>>) => Promise<ApiAnswer>,
    signal: AbortSignal,
  ): Promise<ApiAnswer> {
    const withToken = async (isFresh: boolean): Promise<ApiAnswer> =>
      send({ ...versionHeaders, authorization: `Bearer ${await tokens.of(where, signal, isFresh)}` });
    try {
      return await withToken(false);
    } catch (error) {
      const isRevoked = tokens.isApp && isAppError(error, "host-refused") && error.details["status"] === 401;
      if (!isRevoked) throw error;
      return withToken(true);
    }
  }

  const sender =
    (ref: Pick<PullRef, "repository" | "installation">, signal: AbortSignal) =>
    (asked: Asked): Promise<ApiAnswer> =>
      sendAs(ref, (headers) => call({ ...asked, headers, signal }), signal);

  const asker =
    (ref: PullRef, signal: AbortSignal) =>
    async (query: string, variables: Readonly<Record<string, unknown>>): Promise<unknown> => {
      const request = { method: "POST", path: "/graphql", body: { query, variables }, signal } as const;
      const { data } = await sendAs(ref, (headers) => callGraph({ ...request, headers }), signal);
      assertNoGraphErrors(data);
      return data;
    };

  const repositoryOf = (ref: Pick<PullRef, "repository">): string => encodePath(ref.repository);
  const comment = async (ref: PullRef, body: string, signal: AbortSignal): Promise<void> => {
    const path = `/repos/${repositoryOf(ref)}/issues/${ref.number}/comments`;
    await sender(ref, signal)({ method: "POST", path, body: { body } });
  };

  return {
    id: "github",
    async pull(ref, signal) {
      const { data } = await sender(ref, signal)({ path: `/repos/${repositoryOf(ref)}/pulls/${ref.number}` });
      return toPull(data, ref);
    },
    async openPulls(limit, signal) {
      const found: PullRequest[] = [];
      for (const { repository, installation } of await listRepositories(signal)) {
        const where = { repository, installation };
        const pulls = await listShown(
          (request) => sendAs(where, (headers) => call({ ...request, headers }), signal),
          {
            path: `/repos/${encodePath(repository)}/pulls`,
            query: { state: "open", sort: "updated", direction: "desc", per_page: 100 },
            headers: {},
            signal,
          },
          { limit },
        );
        for (const data of pulls) {
          const number = numberAt(data, "number");
          const pull = toPull(data, { host: "github", repository, number, installation });
          if (!pull.isDraft && number > 0) found.push(pull);
        }
      }
      return found.toSorted(byChange).slice(0, limit);
    },
    posted: (ref, signal) => readPosted(asker(ref, signal), ref.repository, ref.number),
    async postReview(ref, review, signal) {
      await sender(
        ref,
        signal,
      )({
        method: "POST",
        path: `/repos/${repositoryOf(ref)}/pulls/${ref.number}/reviews`,
        body: {
          commit_id: review.commit,
          event: "COMMENT",
          body: review.body,
          comments: review.comments.map((each) => {
            const side = each.side === "new" ? "RIGHT" : "LEFT";
            const start = each.line < each.endLine ? { start_line: each.line, start_side: side } : {};
            return { path: each.path, body: each.body, line: each.endLine, side, ...start };
          }),
        },
      });
    },
    putSummary: (ref, body, existing, signal) =>
      putSummary(
        existing,
        (id) =>
          sender(
            ref,
            signal,
          )({
            method: "PATCH",
            path: `/repos/${repositoryOf(ref)}/issues/comments/${id}`,
            body: { body },
          }),
        () => comment(ref, body, signal),
      ),
    putCheck: (ref, check, signal) =>
      (tokens.isApp ? putCheckRun : putCommitStatus)(sender(ref, signal), repositoryOf(ref), check),
    resolveThread: (ref, threadId, signal) => resolveThread(asker(ref, signal), threadId),
    async reply(ref, commentId, isInThread, body, signal) {
      if (!isInThread) return comment(ref, body, signal);
      const path = `/repos/${repositoryOf(ref)}/pulls/${ref.number}/comments/${encodeURIComponent(commentId)}/replies`;
      await sender(ref, signal)({ method: "POST", path, body: { body } });
    },
    async mayWrite(ref, user, signal) {
      const path = `/repos/${repositoryOf(ref)}/collaborators/${encodeURIComponent(user)}/permission`;
      try {
        const { data } = await sender(ref, signal)({ path });
        return /^(admin|write|maintain)$/.test(textAt(data, "permission") ?? "");
      } catch (error) {
        if (isAppError(error, "pull-unknown")) return false;
        throw error;
      }
    },
    async cloneHeader(ref, cloneUrl, signal) {
      if (toCloneHeader(cloneUrl, origin, "", "") === null) return null;
      return toCloneHeader(cloneUrl, origin, "x-access-token", await tokens.of(ref, signal));
    },
    async redeliver(since, signal) {
      if (!tokens.isApp) return 0;
      const headers = { ...versionHeaders, authorization: `Bearer ${await tokens.ofApp()}` };
      return redeliverFailed((request) => call({ ...request, headers, signal }), since, signal);
    },
  };

  async function listRepositories(
    signal: AbortSignal,
  ): Promise<readonly { readonly repository: string; readonly installation: number | null }[]> {
    const perPage = { per_page: 100 };
    const named = (items: readonly unknown[], installation: number | null) =>
      items.flatMap((item) => {
        const repository = textAt(item, "full_name");
        return repository === null || valueAt(item, "archived") === true
          ? []
          : [{ repository, installation }];
      });
    if (!tokens.isApp) {
      const headers = { ...versionHeaders, authorization: `Bearer ${access.token}` };
      const query = { ...perPage, sort: "pushed" };
      const request = { path: "/user/repos", query, headers, signal };
      return named(await listAll(call, request, { limit: mostRepositories }), null);
    }
    const headers = { ...versionHeaders, authorization: `Bearer ${await tokens.ofApp()}` };
    const installations = await listAll(call, {
      path: "/app/installations",
      query: perPage,
      headers,
      signal,
    });
    const found: { readonly repository: string; readonly installation: number | null }[] = [];
    for (const each of installations) {
      const installation = numberAt(each, "id");
      const token = await tokens.of({ repository: "", installation }, signal).catch((error: unknown) => {
        // Somebody suspended it.
        if (isOfOneRepository(error)) return null;
        throw error;
      });
      if (token === null) continue;
      const items = await listAll(
        call,
        {
          path: "/installation/repositories",
          query: perPage,
          headers: { ...versionHeaders, authorization: `Bearer ${token}` },
          signal,
        },
        { limit: mostRepositories, itemsOf: (data) => valueAt(data, "repositories") },
      );
      found.push(...named(items, installation));
    }
    return found;
  }
}
