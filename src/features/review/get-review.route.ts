import { z } from "zod";
import { reviewResultSchema } from "../../contracts/review.ts";
import { defineRoute } from "../../contracts/route.ts";

export const reviewParams = z.object({ id: z.string().max(100).describe("Id of the review: of its job") });

export default defineRoute({
  method: "GET",
  path: "/v1/reviews/:id",
  summary: "A review, whole",
  description:
    "There as soon as the part that needs no model is done; `model.state` says whether more follows.",
  tag: "reviews",
  access: "member",
  status: 200,
  params: reviewParams,
  errors: ["review-unknown"],
  response: reviewResultSchema,
  async handle({ params, services }) {
    const { reviews } = (await services.platform()).stores;
    return {
      text: { type: "application/json; charset=utf-8", content: await reviews.get(params.id) },
    };
  },
});
