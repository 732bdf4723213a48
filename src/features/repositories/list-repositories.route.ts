import { z } from "zod";
import { repositorySchema } from "../../contracts/repository-record.ts";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/repositories",
  summary: "List the repositories that were named, the first first",
  tag: "repositories",
  access: "member",
  status: 200,
  query: z.object({
    limit: z.coerce.number().int().min(1).max(100).default(20).describe("Most items of one page"),
    cursor: z.string().max(500).optional().describe("`nextCursor` of the page before"),
  }),
  response: z.object({
    items: z.array(repositorySchema),
    nextCursor: z.string().nullable().describe("Null at the end"),
  }),
  async handle({ query, services }) {
    const { repositories } = await services.platform();
    const page = await repositories.list(query);
    return { body: { items: [...page.items], nextCursor: page.nextCursor } };
  },
});
