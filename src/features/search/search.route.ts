import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";
import { fileSearchResultSchema, searchResultSchema } from "../../contracts/search.ts";
import { openRegistered } from "../../core/index/search/open-registered.ts";
import { searchFiles, searchUnits } from "../../core/index/search/search.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/repositories/:id/search",
  summary: "Find the places in a repository that a query is about",
  description:
    "Searches the repository as it was fetched last. Where files were not read yet, an `index` job is started, `complete` is false and `jobId` names it; what is there is searched. A text in quotation marks is found as it stands, `/…/` is a regular expression.",
  tag: "repositories",
  access: "member",
  status: 200,
  params: z.object({ id: z.string().describe("Id of the repository") }),
  query: z.object({
    q: z.string().min(1).max(20_000).describe("The query"),
    rev: z.string().min(1).max(1_000).optional().describe("Commit, branch or tag; default: HEAD"),
    files: z.enum(["true", "false"]).default("false").describe("Whole files instead of places"),
    limit: z.coerce.number().int().min(1).max(200).default(10).describe("Most hits"),
  }),
  errors: ["repository-unknown", "repository-unfetched", "repository-empty", "revision-unknown", "usage"],
  response: z
    .union([searchResultSchema, fileSearchResultSchema])
    .and(z.object({ jobId: z.string().nullable().describe("The job that reads what is missing") })),
  async handle({ params, query, services, caller, server, requestId, signal }) {
    const { opened, jobId } = await openRegistered(
      {
        id: params.id,
        revision: query.rev ?? null,
        caller: caller.name,
        allowsLocalSources: server.allowsLocalSources,
        requestId,
        signal,
      },
      services,
    );
    const request = { query: query.q, limit: query.limit, signal };
    const result =
      query.files === "true"
        ? await searchFiles(opened, request, services.git)
        : await searchUnits(opened, request, services.git);
    return { body: { ...result, jobId } };
  },
});
