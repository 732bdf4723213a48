import { z } from "zod";
import type { HostId } from "../../contracts/code-host.ts";
import { defineRoute } from "../../contracts/route.ts";
import { receiveDelivery } from "./receive-delivery.ts";

/** The largest delivery that GitHub sends. */
const maxBytes = 25 * 2 ** 20;

export const receiptSchema = z
  .object({
    accepted: z.boolean().describe("Whether there is a job for it, new or not"),
    jobId: z.string().nullable(),
    reason: z.string().nullable().describe("Why nothing new was started"),
  })
  .meta({ id: "Receipt" });

/** The route of one host's webhooks, or of all. */
export function defineWebhook(
  host: HostId | null,
  about: { readonly path: string; readonly summary: string; readonly signature: string },
) {
  return defineRoute({
    method: "POST",
    path: about.path,
    summary: about.summary,
    description: `The answer means that what follows is stored. ${about.signature} Deliveries that lead to nothing are answered with 202 and the reason too.`,
    tag: "webhooks",
    access: "signed",
    status: 202,
    rawBody: { maxBytes, description: "What the host sends: JSON, or JSON in the field `payload` of a form" },
    response: receiptSchema,
    errors: ["webhook-refused", "webhook-invalid", "database-unavailable"],
    handle: async (request) => ({ body: await receiveDelivery(request, host) }),
  });
}
