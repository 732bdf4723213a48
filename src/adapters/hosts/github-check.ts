import type { HostCheck } from "../../contracts/code-host.ts";
import type { ApiAnswer, ApiRequest } from "./host-api.ts";
import { arrayAt, idAt, textAt } from "./read.ts";

export const checkName = "Repowright";
const mostAnnotations = 50;
const mostText = 65_535;
const mostDescription = 140;

type Send = (request: Pick<ApiRequest, "method" | "path" | "query" | "body">) => Promise<ApiAnswer>;

/** A check run, which only Apps can make. GitHub takes 50 annotations at a time and adds them to those that are there. */
export async function putCheckRun(send: Send, repository: string, check: HostCheck): Promise<void> {
  const known = await send({
    path: `/repos/${repository}/commits/${check.commit}/check-runs`,
    query: { check_name: checkName, filter: "latest" },
  });
  // One that is done keeps its annotations, so the next result is a run of its own.
  const open = arrayAt(known.data, "check_runs").find((run) => textAt(run, "status") !== "completed");
  const annotations = check.annotations.map((each) => ({
    path: each.path,
    start_line: each.line,
    end_line: each.endLine,
    annotation_level: { error: "failure", warning: "warning", info: "notice" }[each.severity],
    title: each.title.slice(0, 255).toWellFormed(),
    message: each.message.slice(0, mostText).toWellFormed(),
  }));
  const fields = (from: number, isLast: boolean) => ({
    ...(check.detailsUrl === null ? {} : { details_url: check.detailsUrl }),
    ...(isLast && check.state !== "running"
      ? {
          status: "completed",
          conclusion: { passed: "success", attention: "neutral", failed: "failure" }[check.state],
        }
      : { status: "in_progress" }),
    output: {
      title: check.title,
      summary: check.summary.slice(0, mostText).toWellFormed(),
      annotations: annotations.slice(from, from + mostAnnotations),
    },
  });
  let id = idAt(open, "id");
  for (let from = 0; from === 0 || from < annotations.length; from += mostAnnotations) {
    const body = fields(from, from + mostAnnotations >= annotations.length);
    if (id === null) {
      const made = await send({
        method: "POST",
        path: `/repos/${repository}/check-runs`,
        body: { name: checkName, head_sha: check.commit, ...body },
      });
      id = idAt(made.data, "id");
    } else await send({ method: "PATCH", path: `/repos/${repository}/check-runs/${id}`, body });
  }
}

/** What a token can make instead. */
export async function putCommitStatus(send: Send, repository: string, check: HostCheck): Promise<void> {
  await send({
    method: "POST",
    path: `/repos/${repository}/statuses/${check.commit}`,
    body: {
      context: checkName,
      // There is nothing between the two.
      state: { running: "pending", passed: "success", attention: "success", failed: "failure" }[check.state],
      description: check.title.slice(0, mostDescription).toWellFormed(),
      ...(check.detailsUrl === null ? {} : { target_url: check.detailsUrl }),
    },
  });
}
