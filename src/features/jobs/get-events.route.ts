import { z } from "zod";
import { AppError } from "../../base/errors.ts";
import { type JobEvent, jobEventSchema } from "../../contracts/job.ts";
import { defineRoute, type ServerEvent } from "../../contracts/route.ts";
import { isEnded } from "./job-text.ts";
import { jobParams, toJobId } from "./job-view.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/jobs/:id/events",
  summary: "What happens to a job, as it happens",
  description:
    "Server-sent events named `state`, `progress` and `log`, each with the event as JSON and its `seq` as id; the stream ends with the job. A client that comes again with `Last-Event-ID` gets what it missed, and 204 when nothing will follow. `follow=false` gives one page as JSON.",
  tag: "jobs",
  access: "member",
  status: 200,
  params: jobParams,
  query: z.object({
    after: z.coerce.number().int().min(0).default(0).describe("Only events with a larger `seq`"),
    follow: z.enum(["true", "false"]).default("true"),
    limit: z.coerce.number().int().min(1).max(1_000).default(100).describe("Most events of one page"),
  }),
  requestHeaders: { "last-event-id": "As `after`; wins over it" },
  errors: ["job-unknown"],
  response: z.object({ items: z.array(jobEventSchema) }),
  produces: "text/event-stream",
  async handle({ params, query, headers, services, signal }) {
    const id = toJobId(params);
    const after = toSeq(headers["last-event-id"]) ?? query.after;
    const { jobs } = await services.platform();
    if (query.follow === "false")
      return { body: { items: [...(await jobs.events(id, after, query.limit))] } };
    const job = await jobs.get(id);
    // An EventSource comes again until it is told that there is no more.
    if (isEnded(job) && (await jobs.events(id, after, 1)).length === 0) return { status: 204 };
    return { stream: toServerEvents(jobs.follow(id, after, signal)) };
  },
});

async function* toServerEvents(events: AsyncIterable<JobEvent>): AsyncGenerator<ServerEvent> {
  for await (const event of events) yield { id: String(event.seq), event: event.type, data: event };
}

function toSeq(header: string | undefined): number | null {
  if (header === undefined || header === "") return null;
  const seq = Number(header);
  if (Number.isSafeInteger(seq) && seq >= 0) return seq;
  throw new AppError(
    "request-invalid",
    `The Last-Event-ID ${JSON.stringify(header.slice(0, 100))} is none of ours: a whole number.`,
  );
}
