import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../base/errors.ts";
import type { Metrics } from "../contracts/metrics.ts";

/**
 * Who signed a body is known only when it is here whole, so strangers can make us hold this much in large bodies, and no
 * more. Most deliveries are far smaller, and are taken all the same while somebody tries.
 */
const mostBytesAtOnce = 256 * 2 ** 20;
const largeBytes = 2 ** 20;

/** Makes the routes of a scope take bodies of any type, as bytes. */
export function acceptRawBodies(scope: FastifyInstance, metrics: Metrics): void {
  let heldBytes = 0;
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
  scope.addHook("preParsing", (request, reply, payload, done) => {
    const bytes = announcedBytes(request);
    if (bytes > largeBytes) {
      if (heldBytes + bytes > mostBytesAtOnce) {
        metrics.count("requests_refused_total", { reason: "bytes" });
        done(new AppError("overloaded", "Too many large requests are under way."));
        return;
      }
      heldBytes += bytes;
      reply.raw.once("close", () => (heldBytes -= bytes));
    }
    done(null, payload);
  });
}

/** Without a length it may become as long as it may be; beyond that it is refused before it is read. */
function announcedBytes(request: FastifyRequest): number {
  const limit = request.routeOptions.bodyLimit;
  const length = Number(request.headers["content-length"] ?? limit);
  return Math.min(Number.isFinite(length) ? length : limit, limit);
}
