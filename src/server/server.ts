import swaggerUi from "@fastify/swagger-ui";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { v7 as createId } from "uuid";
import { AppError } from "../base/errors.ts";
import type { Access as RouteAccess } from "../contracts/route.ts";
import { type Access, assertBindable, assertLocalRequest, createAccess, isLoopback } from "./access.ts";
import { answerBrokenRequest } from "./broken-request.ts";
import { createExchanges, type Exchanges, headerOf } from "./exchange.ts";
import { mountRoute } from "./mount.ts";
import { acceptRawBodies } from "./raw-bodies.ts";
import { registerOpenApi } from "./openapi.ts";
import type { Server, ServerOptions } from "./options.ts";

const maxParamLength = 500;
/** Beyond requests and streams: connections that are kept for the next request. */
const spareConnections = 1_000;
const keepAliveMs = 72_000;
const requestIdPattern = /^[\w.:-]{1,128}$/;

/** Swagger UI brings its own scripts and styles; nothing comes from elsewhere. */
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** An HTTP server that answers `routes`, and /openapi.json and /docs about them. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { limits, metrics } = options;
  const access = createAccess(options.token, options.tokens);
  const exchanges = createExchanges(options);
  const stopping = new AbortController();
  const app: FastifyInstance = Fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    handlerTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers["x-request-id"];
      return typeof given === "string" && requestIdPattern.test(given) ? given : createId();
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength },
    frameworkErrors: (error, request, reply) =>
      void exchanges.refuse(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: answerBrokenRequest,
  });
  app.server.maxConnections = limits.maxRequests + limits.maxStreams + spareConnections;
  acceptOnlyJson(app);
  guard(app, options, access, exchanges, stopping.signal);
  app.setErrorHandler((error, request, reply) => exchanges.refuse(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    exchanges.refuse(routeUnknown(request, options), request, reply),
  );

  await registerOpenApi(app, { title: options.title, version: options.version });
  const facts = {
    version: options.version,
    allowsLocalSources:
      options.localSources === "always" || (options.localSources === "auto" && isLoopback(options.host)),
    trustsMachine: trustsMachine(options, access),
    isStopping: () => stopping.signal.aborted,
  };
  const mounting = { options, facts, exchanges, stopping: stopping.signal };
  for (const route of options.routes) if (!route.rawBody) mountRoute(app, route, mounting);
  await app.register(async (scope) => {
    acceptRawBodies(scope, metrics);
    for (const route of options.routes) if (route.rawBody) mountRoute(scope, route, mounting);
  });
  app.get("/openapi.json", { schema: { hide: true } }, (_, reply) =>
    reply.header("access-control-allow-origin", "*").send(app.swagger()),
  );
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: docsPolicy,
    theme: { title: options.title },
    // Without the bar that carries another project's mark.
    uiConfig: { layout: "BaseLayout" },
  });
  await app.ready();

  return {
    async listen({ port }) {
      const { host } = options;
      assertBindable(host, access.hasTokens);
      try {
        return await app.listen({ host, port });
      } catch (error) {
        throw listenFailure(error, host, port);
      }
    },
    async close() {
      stopping.abort();
      const closed = new Promise<void>((resolve) => {
        if (app.server.listening) app.server.close(() => resolve());
        else resolve();
      });
      await exchanges.settled();
      app.server.closeIdleConnections();
      // Whoever has sent half a request will not send the rest to us.
      setTimeout(() => app.server.closeAllConnections(), 1_000).unref();
      await closed;
      await app.close();
    },
  };
}

function trustsMachine(options: ServerOptions, access: Access): boolean {
  return !access.hasTokens && isLoopback(options.host);
}

/** What every request must pass before its handler: ids, draining, limits, and who it comes from. */
function guard(
  app: FastifyInstance,
  options: ServerOptions,
  access: Access,
  exchanges: Exchanges,
  stopping: AbortSignal,
): void {
  const { limits, metrics } = options;
  const isTrusting = trustsMachine(options, access);
  app.addHook("onRequest", (request, reply, done) => {
    const exchange = exchanges.begin(request, reply);
    void reply.headers({
      "x-request-id": request.id,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
      "cache-control": "no-store",
    });
    try {
      const { access: rule } = request.routeOptions.config as { access?: RouteAccess };
      if (stopping.aborted) {
        metrics.count("requests_refused_total", { reason: "shutting-down" });
        throw new AppError("shutting-down", "The server is shutting down.");
      }
      // Public routes are answered under any load: an orchestrator must not take a busy process for a dead one.
      if ((rule === "member" || rule === "signed") && exchanges.underWay() > limits.maxRequests) {
        metrics.count("requests_refused_total", { reason: "requests" });
        throw new AppError("overloaded", `${limits.maxRequests} requests are under way, as many as may be.`);
      }
      // No table takes it, and no address of ours has one.
      if (request.url.includes("%00"))
        throw new AppError("request-invalid", "The address has a NUL (%00) in it.");
      if (isTrusting) assertLocalRequest(request.headers);
      const caller = access.identify(headerOf(request, "authorization") ?? undefined);
      if (caller) exchange.caller = caller;
      else if (rule === "member")
        throw new AppError(
          "unauthorized",
          request.headers.authorization === undefined
            ? "This request needs a token."
            : "The token is not one of this server's.",
        );
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook("onSend", (_, reply, payload, done) => {
    if (stopping.aborted) void reply.header("connection", "close");
    done(null, payload);
  });
}

/** JSON and nothing else; an empty body is none, so that `curl -X POST` with a content type works too. */
function acceptOnlyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body as string, done);
  });
}

/** A path that is known under other methods says so. */
function routeUnknown(request: FastifyRequest, options: ServerOptions): AppError {
  const path = request.url.split("?")[0]!.replace(/(.)\/$/, "$1");
  const methods = options.routes
    .filter((route) => new RegExp(`^${route.path.replace(/:\w+/g, "[^/]+")}$`).test(path))
    .map((route) => route.method);
  if (methods.length === 0)
    return new AppError("route-unknown", `There is no route ${request.method} ${path}.`);
  return new AppError("route-unknown", `${path} knows ${methods.join(", ")}, not ${request.method}.`, {
    httpStatus: 405,
    allow: methods.join(", "),
  });
}

function listenFailure(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === "EADDRINUSE")
    return new AppError("port-in-use", `Something listens on ${host}:${port} already.`, {}, error);
  if (code === "EACCES")
    return new AppError("permission-denied", `This user may not listen on port ${port}.`, {}, error);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new AppError("bind-refused", `${host} is no address of this machine.`, {}, error);
  return error;
}
