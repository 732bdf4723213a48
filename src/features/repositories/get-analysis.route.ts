import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/repositories/:id/analysis",
  summary: "The newest analysis of a repository",
  tag: "repositories",
  access: "member",
  status: 200,
  params: z.object({ id: z.string().describe("Id of the repository") }),
  query: z.object({
    commit: z
      .string()
      .regex(/^([\da-f]{40}|[\da-f]{64})$/, "expected a full commit id")
      .optional()
      .describe("Of this commit"),
  }),
  errors: ["repository-unknown", "analysis-unknown"],
  response: z.unknown().describe("docs/reference/analysis.schema.json"),
  async handle({ params, query, services }) {
    const { repositories } = await services.platform();
    const content = await repositories.analysis(params.id, query.commit ?? null);
    return { text: { type: "application/json; charset=utf-8", content } };
  },
});
