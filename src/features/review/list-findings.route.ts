import { z } from "zod";
import { findingSchema, severities } from "../../contracts/finding.ts";
import { reviewResultSchema } from "../../contracts/review.ts";
import { defineRoute } from "../../contracts/route.ts";
import { reviewParams } from "./get-review.route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/reviews/:id/findings",
  summary: "What a review found, the most important first",
  tag: "reviews",
  access: "member",
  status: 200,
  params: reviewParams,
  query: z.object({
    severity: z.enum(severities).optional().describe("Only these"),
    path: z.string().max(4_096).optional().describe("Only in this file"),
  }),
  errors: ["review-unknown"],
  response: z.object({ items: z.array(findingSchema) }),
  async handle({ params, query, services }) {
    const { reviews } = (await services.platform()).stores;
    const { findings } = reviewResultSchema.parse(JSON.parse(await reviews.get(params.id)));
    const items = findings.filter(
      ({ severity, path }) =>
        (query.severity === undefined || severity === query.severity) &&
        (query.path === undefined || path === query.path),
    );
    return { body: { items } };
  },
});
