import { AppError, isAppError } from "../../base/errors.ts";
import {
  headRefOf,
  type HostClient,
  type PostedComment,
  type PullRef,
  type PullRequest,
} from "../../contracts/code-host.ts";
import { readMark } from "../../contracts/comment-mark.ts";
import { createPositions, diffRefsOf, notesOf } from "./gitlab-positions.ts";
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
import { byChange, idAt, numberAt, textAt, timeAt, valueAt } from "./read.ts";

type Asked = Pick<ApiRequest, "method" | "path" | "query" | "body">;
const pageSize = { per_page: 100 };
const mostProjects = 200;
const mostDescription = 255;
/** Developer: the least that may push. */
const writingLevel = 30;

export function createGitlabClient(access: HostAccess): HostClient {
  const base = toBase("GitLab", access.address || "https://gitlab.com", "/api/v4");
  const call = createHostApi("GitLab", { ...access, base });
  const headers = { authorization: `Bearer ${access.token}` };
  const send = (asked: Asked, signal: AbortSignal): Promise<ApiAnswer> => call({ ...asked, headers, signal });
  const list = (path: string, signal: AbortSignal) =>
    listAll(call, { path, query: pageSize, headers, signal });
  const projectOf = (ref: Pick<PullRef, "repository">): string =>
    `/projects/${encodeURIComponent(ref.repository)}`;
  const pathOf = (ref: PullRef): string => `${projectOf(ref)}/merge_requests/${ref.number}`;
  const whoAmI = askOnce(async (signal) => idAt((await send({ path: "/user" }, signal)).data, "id") ?? "");
  const comment = async (ref: PullRef, body: string, signal: AbortSignal): Promise<void> => {
    await send({ method: "POST", path: `${pathOf(ref)}/notes`, body: { body } }, signal);
  };

  /** Drafts of ours that were never published: of a review that died half-way. */
  async function dropDrafts(ref: PullRef, signal: AbortSignal): Promise<void> {
    const path = `${pathOf(ref)}/draft_notes`;
    for (const draft of await list(path, signal))
      if (readMark(textAt(draft, "note") ?? "") !== null)
        await send({ method: "DELETE", path: `${path}/${idAt(draft, "id")}` }, signal).catch(
          (error: unknown) => {
            if (!isAppError(error, "pull-unknown")) throw error;
          },
        );
  }

  return {
    id: "gitlab",
    async pull(ref, signal) {
      const { data } = await send({ path: pathOf(ref) }, signal);
      const project = await send({ path: projectOf(ref) }, signal);
      return toPull(data, ref, textAt(project.data, "http_url_to_repo") ?? "");
    },
    async openPulls(limit, signal) {
      const found: PullRequest[] = [];
      const query = {
        ...pageSize,
        membership: "true",
        simple: "true",
        archived: "false",
        min_access_level: 20,
        order_by: "last_activity_at",
      };
      const projects = await listAll(
        call,
        { path: "/projects", query, headers, signal },
        { limit: mostProjects },
      );
      for (const project of projects) {
        const repository = textAt(project, "path_with_namespace");
        if (repository === null) continue;
        const path = `${projectOf({ repository })}/merge_requests`;
        const wanted = { ...pageSize, state: "opened", wip: "no", order_by: "updated_at", sort: "desc" };
        for (const data of await listShown(call, { path, query: wanted, headers, signal }, { limit })) {
          const number = numberAt(data, "iid");
          const ref = { host: "gitlab", repository, number, installation: null } as const;
          const pull = toPull(data, ref, textAt(project, "http_url_to_repo") ?? "");
          if (!pull.isDraft && number > 0) found.push(pull);
        }
      }
      return found.toSorted(byChange).slice(0, limit);
    },
    async posted(ref, signal) {
      const id = await whoAmI(signal);
      let summary: { readonly id: string; readonly body: string } | null = null;
      const comments: PostedComment[] = [];
      for (const discussion of await list(`${pathOf(ref)}/discussions`, signal)) {
        const note = notesOf(discussion)[0];
        const body = textAt(note, "body") ?? "";
        const mark = readMark(body);
        if (idAt(note, "author", "id") !== id || mark === null) continue;
        if (mark.kind === "summary") summary ??= { id: idAt(note, "id")!, body };
        else if (textAt(note, "type") === "DiffNote")
          comments.push({
            id: idAt(note, "id") ?? "",
            fingerprint: mark.kind === "finding" ? mark.fingerprint : null,
            threadId: idAt(discussion, "id"),
            isResolved: valueAt(note, "resolved") === true,
            path: textAt(note, "position", "new_path"),
          });
      }
      return { summary, comments };
    },
    async postReview(ref, review, signal) {
      const { data } = await send({ path: pathOf(ref) }, signal);
      const refs = diffRefsOf(data);
      if (refs === null || refs.head_sha !== review.commit)
        throw new AppError(
          "host-rejected",
          `The merge request is at ${refs?.head_sha ?? "no commit"} by now, not at ${review.commit}.`,
        );
      const toPosition = createPositions(await list(`${pathOf(ref)}/diffs`, signal));
      const notes = review.comments.map((each) => ({
        note: each.body,
        position: { ...refs, ...toPosition(each) },
      }));
      await dropDrafts(ref, signal);
      const path = `${pathOf(ref)}/draft_notes`;
      // Nobody sees a draft: they appear all together, or not at all.
      for (const note of notes) await send({ method: "POST", path, body: note }, signal);
      if (review.body !== "") await send({ method: "POST", path, body: { note: review.body } }, signal);
      if (notes.length > 0 || review.body !== "")
        await send({ method: "POST", path: `${path}/bulk_publish` }, signal);
    },
    putSummary: (ref, body, existing, signal) =>
      putSummary(
        existing,
        (id) => send({ method: "PUT", path: `${pathOf(ref)}/notes/${id}`, body: { body } }, signal),
        () => comment(ref, body, signal),
      ),
    async putCheck(ref, check, signal) {
      const state = { running: "running", passed: "success", attention: "success", failed: "failed" }[
        check.state
      ];
      const description = check.title.slice(0, mostDescription).toWellFormed();
      const target = check.detailsUrl === null ? {} : { target_url: check.detailsUrl };
      const path = `${projectOf(ref)}/statuses/${check.commit}`;
      try {
        await send(
          { method: "POST", path, body: { name: "Repowright", state, description, ...target } },
          signal,
        );
      } catch (error) {
        // It is in that state already.
        if (!isAppError(error, "host-rejected") || !/cannot transition/i.test(error.message)) throw error;
      }
    },
    async resolveThread(ref, threadId, signal) {
      const path = `${pathOf(ref)}/discussions/${encodeURIComponent(threadId)}`;
      await send({ method: "PUT", path, body: { resolved: true } }, signal);
    },
    async reply(ref, commentId, isInThread, body, signal) {
      if (!isInThread) return comment(ref, body, signal);
      // Here `commentId` is the discussion's.
      const path = `${pathOf(ref)}/discussions/${encodeURIComponent(commentId)}/notes`;
      await send({ method: "POST", path, body: { body } }, signal);
    },
    async mayWrite(ref, user, signal) {
      const query = { ...pageSize, query: user };
      const path = `${projectOf(ref)}/members/all`;
      const members = await listAll(call, { path, query, headers, signal });
      return members.some(
        (each) => textAt(each, "username") === user && numberAt(each, "access_level") >= writingLevel,
      );
    },
    cloneHeader: async (_ref, cloneUrl) =>
      toCloneHeader(cloneUrl, new URL(base).origin, "oauth2", access.token),
    redeliver: async () => 0,
  };
}

function toPull(data: unknown, ref: PullRef, cloneUrl: string): PullRequest {
  return {
    ref,
    title: textAt(data, "title") ?? "",
    body: textAt(data, "description") ?? "",
    author: textAt(data, "author", "username") ?? "",
    isOpen: textAt(data, "state") === "opened",
    isDraft: valueAt(data, "draft") === true || valueAt(data, "work_in_progress") === true,
    head: textAt(data, "sha"),
    base: textAt(data, "diff_refs", "base_sha"),
    baseBranch: textAt(data, "target_branch") ?? "",
    cloneUrl,
    headRef: headRefOf(ref),
    url: textAt(data, "web_url") ?? "",
    updatedAt: timeAt(data, "updated_at"),
  };
}
