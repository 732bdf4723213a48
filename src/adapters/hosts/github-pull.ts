import { headRefOf, type PullRef, type PullRequest } from "../../contracts/code-host.ts";
import { idAt, textAt, timeAt, valueAt } from "./read.ts";

/** A pull request as GitHub describes it, and Gitea after it. */
export function toPull(data: unknown, ref: PullRef): PullRequest {
  return {
    ref,
    title: textAt(data, "title") ?? "",
    body: textAt(data, "body") ?? "",
    author: textAt(data, "user", "login") ?? "",
    isOpen: textAt(data, "state") === "open",
    isDraft: valueAt(data, "draft") === true,
    head: idAt(data, "head", "sha"),
    base: idAt(data, "base", "sha"),
    baseBranch: textAt(data, "base", "ref") ?? "",
    cloneUrl: textAt(data, "base", "repo", "clone_url") ?? "",
    headRef: headRefOf(ref),
    url: textAt(data, "html_url") ?? "",
    updatedAt: timeAt(data, "updated_at"),
  };
}
