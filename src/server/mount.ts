import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AppError, toAppError } from "../base/errors.ts";
import type {
  RouteAnswer,
  RouteDefinition,
  RouteRequest,
  ServerEvent,
  ServerFacts,
} from "../contracts/route.ts";
import { sendEvents } from "./events.ts";
import { type Exchanges, headerOf } from "./exchange.ts";
import { schemaOf } from "./openapi.ts";
import type { ServerOptions } from "./options.ts";
import { describeProblem, translate } from "./problems.ts";

const heartbeatMs = 15_000;
const stallMs = 30_000;
const retryMs = 2_000;
const noBytes = new Uint8Array();
/** Time for the last bytes of a stream. */
const farewellMs = 1_000;

export interface Mounting {
  readonly options: ServerOptions;
  readonly facts: ServerFacts;
  readonly exchanges: Exchanges;
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
}

/** Makes `app` answer one route: inside a span, with everything checked, whatever comes out translated. */
export function mountRoute(app: FastifyInstance, route: RouteDefinition, mounting: Mounting): void {
  const { options, exchanges } = mounting;
  const name = `HTTP ${route.method} ${route.path}`;
  const attributes = { "http.request.method": route.method, "http.route": route.path };

  app.route({
    method: route.method,
    url: route.path,
    schema: schemaOf(route),
    config: { access: route.access } as object,
    ...(route.rawBody === undefined ? {} : { bodyLimit: route.rawBody.maxBytes }),
    // So that a request that does not fit has its trace as any other.
    attachValidation: true,
    async handler(request, reply) {
      let failure: unknown;
      const parent = headerOf(request, "traceparent");
      const payload = await options.tracing.span(name, { parent, attributes }, async (span) => {
        exchanges.of(request).traceId = span.traceId;
        try {
          if (request.validationError) throw request.validationError;
          return await answer(request, reply);
        } catch (error) {
          const { status } = translate(error);
          span.set({ "http.response.status_code": status });
          if (status >= 500) throw error;
          // A refusal is no failure of the span, only of the request.
          failure = error;
          return undefined;
        }
      });
      if (failure !== undefined) throw failure;
      return payload;
    },
  });

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    let lifetime: AbortController | null = null;
    const lifetimeOf = (): AbortController =>
      (lifetime ??= createLifetime(reply, options.limits.requestTimeoutMs));
    const given: RouteRequest = {
      params: request.params,
      query: request.query,
      body: route.rawBody ? undefined : request.body,
      rawBody: route.rawBody && request.body instanceof Uint8Array ? request.body : noBytes,
      headers: request.headers as RouteRequest["headers"],
      caller: exchanges.of(request).caller,
      requestId: request.id,
      services: options.services,
      server: mounting.facts,
      // Most handlers ask for none, and it costs.
      get signal() {
        return lifetimeOf().signal;
      },
    };
    const found: RouteAnswer<unknown> = await route.handle(given);
    void reply.code(found.status ?? route.status);
    if (found.headers) void reply.headers(found.headers);
    if (found.stream) return stream(request, reply, found.stream, lifetimeOf());
    if (found.text) return reply.type(found.text.type).send(found.text.content);
    if (found.body === undefined) return reply.send();
    if (options.checkResponses) assertFits(route, found.body);
    return reply.type("application/json; charset=utf-8").send(JSON.stringify(found.body));
  }

  async function stream(
    request: FastifyRequest,
    reply: FastifyReply,
    events: AsyncIterable<ServerEvent>,
    lifetime: AbortController,
  ): Promise<FastifyReply> {
    exchanges.becomeStream(request);
    void reply.hijack();
    const { raw } = reply;
    const { signal } = lifetime;
    if (mounting.stopping.aborted) lifetime.abort();
    else mounting.stopping.addEventListener("abort", () => lifetime.abort(), { once: true, signal });
    raw.writeHead(reply.statusCode, {
      ...(reply.getHeaders() as Record<string, string>),
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
    // Resolves the handler; the span is the request's, not the hours that follow.
    void run();
    return reply;

    async function run(): Promise<void> {
      try {
        if (request.method !== "HEAD")
          await sendEvents(raw, events, signal, {
            heartbeatMs: options.limits.heartbeatMs ?? heartbeatMs,
            stallMs: options.limits.stallMs ?? stallMs,
            retryMs,
          });
        if (mounting.stopping.aborted && !raw.destroyed) raw.write(": the server stops\n\n");
      } catch (thrown) {
        const error = toAppError(thrown);
        if (signal.aborted || error.code === "cancelled") return;
        const { traceId } = exchanges.of(request);
        options.log[error.code === "internal" ? "error" : "warn"]("stream failed", {
          request_id: request.id,
          trace_id: traceId,
          error,
        });
        const problem = describeProblem(translate(error), {
          instance: request.url.split("?")[0]!,
          requestId: request.id,
          traceId,
        });
        raw.write(`event: problem\ndata: ${JSON.stringify(problem)}\n\n`);
      } finally {
        raw.end();
        // A client that does not read would keep the end from coming, and the server from closing.
        const giveUp = setTimeout(() => raw.destroy(), farewellMs);
        raw.once("close", () => clearTimeout(giveUp));
      }
    }
  }
}

/** Ends with the client's connection and with the time limit; hijacked replies have no time limit. */
function createLifetime(reply: FastifyReply, timeoutMs: number): AbortController {
  const lifetime = new AbortController();
  // Asked for after the client has gone: nothing would tell of it any more.
  if (reply.raw.destroyed) lifetime.abort();
  // Fastify's own signal, and its time limit, end as soon as the body of a request has been read (seen in 5.12).
  const timer = setTimeout(() => {
    if (!reply.sent)
      lifetime.abort(
        new AppError(
          "time-limit",
          `The answer took longer than ${Math.round(timeoutMs / 1000)} s (server.request_timeout).`,
        ),
      );
  }, timeoutMs);
  reply.raw.once("close", () => {
    clearTimeout(timer);
    lifetime.abort();
  });
  return lifetime;
}

function assertFits(route: RouteDefinition, body: unknown): void {
  const checked = route.response?.safeParse(body);
  if (checked?.success !== true)
    throw new AppError(
      "internal",
      `The answer of ${route.method} ${route.path} does not fit its schema: ${checked?.error.message ?? "it has none"}`,
    );
}
