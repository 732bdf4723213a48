import { z } from "zod";
import { toAppError } from "../../base/errors.ts";
import type { Analysis } from "../../contracts/analysis.ts";
import { defineRoute, type ServerEvent } from "../../contracts/route.ts";
import type { Services } from "../../contracts/services.ts";
import { openRegistered } from "../../core/index/search/open-registered.ts";
import { ask, type AskRequest } from "./ask.ts";
import { askResultSchema, maxTurns, turnSchema } from "./ask-result.ts";

export default defineRoute({
  method: "POST",
  path: "/v1/repositories/:id/ask",
  summary: "Answer a question about a repository",
  description:
    "With `Accept: text/event-stream`, or `stream: true`, server-sent events: `places` at once, `delta` with each piece of a model's answer, `restart` when it begins again, `answer` with the whole result, or `error`. Else the whole result as JSON. To go on with a conversation send the `conversation` of the last result along.",
  tag: "repositories",
  access: "member",
  status: 200,
  params: z.object({ id: z.string().describe("Id of the repository") }),
  body: z.strictObject({
    question: z.string().min(1).max(20_000),
    rev: z.string().min(1).max(1_000).optional().describe("Commit, branch or tag; default: HEAD"),
    model: z.string().min(1).max(400).optional().describe("`provider/name` instead of llm.models"),
    useModel: z.boolean().default(true).describe("Whether a model may be asked"),
    conversation: z.array(turnSchema).max(maxTurns).default([]).describe("Earlier turns, oldest first"),
    stream: z.boolean().default(false),
  }),
  requestHeaders: { accept: "`text/event-stream` for a stream" },
  errors: ["repository-unknown", "repository-unfetched", "repository-empty", "revision-unknown", "usage"],
  response: askResultSchema,
  produces: "text/event-stream",
  async handle({ params, body, headers, services, caller, server, requestId, signal }) {
    const { opened } = await openRegistered(
      {
        id: params.id,
        revision: body.rev ?? null,
        caller: caller.name,
        allowsLocalSources: server.allowsLocalSources,
        requestId,
        signal,
      },
      services,
    );
    const request: AskRequest = {
      question: body.question,
      conversation: body.conversation,
      model: body.model,
      usesModel: body.useModel,
      jobId: null,
      readAnalysis: () => storedAnalysis(params.id, opened.snapshot.commit, services),
      signal,
    };
    if (!body.stream && !(headers["accept"] ?? "").includes("text/event-stream"))
      return { body: await ask(opened, request, services, { onPlaces() {}, onModelEvent() {} }) };
    return {
      stream: streamAnswer((push) =>
        ask(opened, request, services, {
          onPlaces: (places, fact) => push("places", { places, fact }),
          onModelEvent: (event) => push(event.kind, event),
        }),
      ),
    };
  },
});

/** The report that a job has made of this commit; a server makes none itself. */
async function storedAnalysis(id: string, commit: string, services: Services): Promise<Analysis | null> {
  const { repositories } = await services.platform();
  return repositories.analysis(id, commit).then(
    (content) => JSON.parse(content) as Analysis,
    () => null,
  );
}

/** Events as they are pushed, then the answer or what went wrong. */
async function* streamAnswer(
  work: (push: (event: string, data: unknown) => void) => Promise<unknown>,
): AsyncGenerator<ServerEvent> {
  const waiting: { event: string; data: unknown }[] = [];
  let wake = (): void => {};
  let hasEnded = false;
  const push = (event: string, data: unknown): void => {
    waiting.push({ event, data });
    wake();
  };
  void work(push)
    .then(
      (result) => push("answer", result),
      (thrown: unknown) => {
        const { code, message, help } = toAppError(thrown);
        push("error", { code, message: code === "internal" ? "Unexpected failure." : message, help });
      },
    )
    .finally(() => {
      hasEnded = true;
      wake();
    });
  let id = 0;
  for (;;) {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      yield { id: String(++id), ...next };
    if (hasEnded) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (waiting.length > 0 || hasEnded) resolve();
    });
  }
}
