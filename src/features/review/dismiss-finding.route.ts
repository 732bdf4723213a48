import { z } from "zod";
import { dismissalSchema } from "../../contracts/review.ts";
import { defineRoute } from "../../contracts/route.ts";
import { reviewParams } from "./get-review.route.ts";

export default defineRoute({
  method: "POST",
  path: "/v1/reviews/:id/findings/:fingerprint/dismiss",
  summary: "Dismiss a finding with a reason; it stays dismissed in this repository",
  tag: "reviews",
  access: "member",
  status: 200,
  params: reviewParams.extend({
    fingerprint: z
      .string()
      .min(4)
      .max(64)
      .describe("Fingerprint, or so much of its beginning that it is the only one"),
  }),
  body: z
    .strictObject({ reason: z.string().trim().min(1).max(1_000) })
    .meta({ id: "DismissRequest", examples: [{ reason: "The key is that of the documentation." }] }),
  errors: ["review-unknown", "finding-unknown"],
  response: dismissalSchema,
  async handle({ params, body, caller, services }) {
    const { reviews } = (await services.platform()).stores;
    return { body: await reviews.dismiss(params.id, params.fingerprint, body.reason, caller.name) };
  },
});
