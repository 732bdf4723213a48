import { z } from "zod";
import { AppError } from "../../base/errors.ts";
import { defineRoute } from "../../contracts/route.ts";
import { jobViewSchema, toJobView } from "./job-view.ts";

const idempotencyKey = /^[\x20-\x7e]{1,255}$/;

export default defineRoute({
  method: "POST",
  path: "/v1/jobs",
  summary: "Start a job",
  description:
    "The answer means that the job is stored: it will run, whatever crashes meanwhile. With an `Idempotency-Key` the same request sent again gives the same job, with the header `Idempotency-Replayed: true`.",
  tag: "jobs",
  access: "member",
  status: 202,
  requestHeaders: { "idempotency-key": "Sender's own id of this request, up to 255 characters" },
  errors: [
    "kind-unknown",
    "source-invalid",
    "source-refused",
    "idempotency-mismatch",
    "database-unavailable",
  ],
  body: z
    .strictObject({
      kind: z.string().min(1).max(100).describe("One of GET /v1/kinds"),
      source: z.string().min(1).max(4_096).nullish().describe("Address or path of the repository"),
      rev: z
        .string()
        .min(1)
        .max(500)
        .nullish()
        .describe("Branch, tag or commit; null for the default branch"),
      options: z.record(z.string(), z.unknown()).optional().describe("Of the kind"),
      priority: z.number().int().min(-100).max(100).optional().describe("Larger goes first"),
    })
    .meta({
      id: "StartJob",
      examples: [{ kind: "analyze", source: "https://github.com/sindresorhus/slugify" }],
    }),
  response: jobViewSchema,
  async handle({ body, headers, caller, requestId, services, server }) {
    const key = headers["idempotency-key"];
    if (key !== undefined && !idempotencyKey.test(key))
      throw new AppError(
        "request-invalid",
        "The Idempotency-Key header must be 1 to 255 printable ASCII characters.",
      );
    const { jobs } = await services.platform();
    const { job, isNew } = await jobs.start(body, {
      caller: caller.name,
      delivery: key === undefined ? undefined : { origin: `api:${caller.name}`, key },
      requestId,
      traceParent: services.tracing.current()?.traceParent ?? null,
      allowsLocalSources: server.allowsLocalSources,
    });
    const view = toJobView(job);
    return {
      headers: { location: view.links.self, ...(isNew ? {} : { "idempotency-replayed": "true" }) },
      body: view,
    };
  },
});
