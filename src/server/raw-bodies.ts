import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../base/errors.ts";
import type { Metrics } from "../contracts/metrics.ts";

/** Who signed a body is known only when it is here whole, so strangers can make us hold this much, and no more. */
const mostBytesAtOnce = 256 * 2 ** 20;

/** Makes the routes of a scope take bodies of any type, as bytes. */
export function acceptRawBodies(scope: FastifyInstance, metrics: Metrics): void {
  const held = new WeakMap<FastifyRequest, number>();
  let heldBytes = 0;
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
  scope.addHook("preParsing", (request, reply, payload, done) => {
    const limit = request.routeOptions.bodyLimit;
    const declared = Number(request.headers["content-length"] ?? limit);
    const bytes = Math.min(Number.isFinite(declared) ? declared : limit, limit);
    if (heldBytes + bytes > mostBytesAtOnce) {
      metrics.count("requests_refused_total", { reason: "bytes" });
      done(new AppError("overloaded", "Too many large requests are under way."));
      return;
    }
    heldBytes += bytes;
    held.set(request, bytes);
    reply.raw.once("close", () => {
      heldBytes -= held.get(request) ?? 0;
      held.delete(request);
    });
    done(null, payload);
  });
}
