import { onTestFinished } from "vitest";
import type { RouteDefinition } from "../../src/contracts/route.ts";
import type { Services } from "../../src/contracts/services.ts";
import type { ServerOptions } from "../../src/server/options.ts";
import { createServer } from "../../src/server/server.ts";
import { recordTelemetry } from "./telemetry.ts";

export interface GivenServer extends Partial<Omit<ServerOptions, "limits">> {
  readonly limits?: Partial<ServerOptions["limits"]>;
}

/** A server on a port of its own that goes away with the test; every answer is held to its schema. */
export async function startServer(
  routes: readonly RouteDefinition[],
  services: Partial<Services>,
  given: GivenServer = {},
  port = 0,
) {
  const telemetry = await recordTelemetry();
  const server = await createServer({
    title: "Test",
    version: "1.2.3",
    routes,
    host: "127.0.0.1",
    token: "",
    tokens: {},
    localSources: "auto",
    checkResponses: true,
    ...telemetry,
    services: { ...telemetry, ...services } as Services,
    ...given,
    limits: {
      bodyBytes: 2 ** 16,
      requestTimeoutMs: 5_000,
      maxRequests: 100,
      maxStreams: 10,
      ...given.limits,
    },
  });
  const url = await server.listen({ port });
  onTestFinished(() => server.close());
  return { ...telemetry, server, url };
}
