import { z } from "zod";
import { jobStatuses } from "../../contracts/job.ts";
import { defineRoute } from "../../contracts/route.ts";
import { cursorQuery, jobViewSchema, toJobView } from "./job-view.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/jobs",
  summary: "List jobs, the newest first",
  tag: "jobs",
  access: "member",
  status: 200,
  query: z.object({
    status: z.enum(jobStatuses).optional(),
    kind: z.string().optional(),
    caller: z.string().optional(),
    repository: z.string().optional().describe("Id of a repository"),
    ...cursorQuery,
  }),
  response: z.object({
    items: z.array(jobViewSchema),
    nextCursor: z.string().nullable().describe("Null at the end"),
  }),
  async handle({ query, services }) {
    const { status, kind, caller, repository: repositoryId, limit, cursor } = query;
    const { jobs } = await services.platform();
    const page = await jobs.list({ status, kind, caller, repositoryId }, { limit, cursor });
    return { body: { items: page.items.map(toJobView), nextCursor: page.nextCursor } };
  },
});
