import { z } from "zod";
import { hostIds } from "../../contracts/code-host.ts";
import { reviewSummarySchema } from "../../contracts/review.ts";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/reviews",
  summary: "List reviews, the newest first",
  tag: "reviews",
  access: "member",
  status: 200,
  query: z.object({
    source: z.string().max(2_048).optional().describe("Of this repository: its address or path"),
    host: z.enum(hostIds).optional(),
    repository: z.string().max(400).optional().describe("Full name on the host, e.g. `octo-org/octo-repo`"),
    number: z.coerce.number().int().min(1).optional().describe("Number of the pull request"),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe("Most items of one page"),
    cursor: z.string().max(500).optional().describe("`nextCursor` of the page before"),
  }),
  response: z.object({
    items: z.array(reviewSummarySchema),
    nextCursor: z.string().nullable().describe("Null at the end"),
  }),
  async handle({ query, services }) {
    const { limit, cursor, ...filter } = query;
    const { reviews } = (await services.platform()).stores;
    const page = await reviews.list(filter, { limit, cursor });
    return { body: { items: [...page.items], nextCursor: page.nextCursor } };
  },
});
