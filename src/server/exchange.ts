import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../base/errors.ts";
import type { Caller } from "../contracts/route.ts";
import { describeProblem, problemType, translate } from "./problems.ts";
import type { ServerOptions } from "./options.ts";

/** What is known of one request beside its content. */
export interface Exchange {
  readonly startedAt: number;
  caller: Caller;
  traceId: string | null;
  isStream: boolean;
}

/** The requests under way, and what is told about each one when it has ended. */
export interface Exchanges {
  begin(request: FastifyRequest, reply: FastifyReply): Exchange;
  of(request: FastifyRequest): Exchange;
  /** Turns a request into a stream. @throws AppError `overloaded` */
  becomeStream(request: FastifyRequest): void;
  /** Answers with a problem. */
  refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  readonly underWay: () => number;
}

export function createExchanges(options: ServerOptions): Exchanges {
  const { log, metrics, tracing, limits } = options;
  const known = new WeakMap<FastifyRequest, Exchange>();
  let requests = 0;
  let streams = 0;
  let onSettled: (() => void)[] = [];

  function end(request: FastifyRequest, reply: FastifyReply, exchange: Exchange): void {
    if (exchange.isStream) metrics.set("streams", --streams);
    else requests--;
    if (requests + streams === 0) {
      for (const resolve of onSettled) resolve();
      onSettled = [];
    }
    const durationMs = performance.now() - exchange.startedAt;
    const route = request.routeOptions.url ?? "unknown";
    const status = String(reply.raw.statusCode);
    if (!exchange.isStream)
      metrics.observe("http_request_duration_seconds", durationMs / 1000, {
        method: request.method,
        route,
        status,
      });
    log.info("request", {
      method: request.method,
      route,
      status: reply.raw.statusCode,
      duration_ms: Math.round(durationMs * 10) / 10,
      request_id: request.id,
      trace_id: exchange.traceId,
      caller: exchange.caller.name,
      // The client did not wait for the end of the answer.
      ...(reply.raw.writableFinished ? {} : { aborted: true }),
    });
  }

  const exchanges: Exchanges = {
    begin(request, reply) {
      const exchange: Exchange = {
        startedAt: performance.now(),
        caller: { name: "anonymous" },
        traceId: null,
        isStream: false,
      };
      known.set(request, exchange);
      requests++;
      // `close` comes once, also when the client went away before the end.
      reply.raw.once("close", () => end(request, reply, exchange));
      return exchange;
    },
    of: (request) => known.get(request)!,
    becomeStream(request) {
      if (streams >= limits.maxStreams) {
        metrics.count("requests_refused_total", { reason: "streams" });
        throw new AppError("overloaded", `${limits.maxStreams} event streams are open, as many as may be.`);
      }
      known.get(request)!.isStream = true;
      requests--;
      metrics.set("streams", ++streams);
    },
    async refuse(thrown, request, reply) {
      const translation = translate(thrown);
      const exchange = known.get(request);
      // What failed before its handler has no trace yet; with one, the problem can be found there too.
      const traceId =
        exchange?.traceId ??
        (await tracing.span(
          "HTTP refused",
          { parent: headerOf(request, "traceparent"), attributes: { "error.type": translation.error.code } },
          (span) => Promise.resolve(span.traceId),
        ));
      if (exchange) exchange.traceId = traceId;
      if (translation.status >= 500)
        log[translation.error.code === "internal" ? "error" : "warn"]("request failed", {
          request_id: request.id,
          trace_id: traceId,
          error: translation.error,
        });
      const problem = describeProblem(translation, {
        instance: request.url.split("?")[0]!,
        requestId: request.id,
        traceId,
      });
      return reply
        .code(translation.status)
        .headers({ ...translation.headers, "x-request-id": request.id, "cache-control": "no-store" })
        .type(problemType)
        .send(JSON.stringify(problem));
    },
    settled: () =>
      requests + streams === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            onSettled.push(resolve);
          }),
    underWay: () => requests,
  };
  return exchanges;
}

/** A header that comes once; null without it. */
export function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}
