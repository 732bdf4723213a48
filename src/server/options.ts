import type { Log } from "../contracts/log.ts";
import type { Metrics } from "../contracts/metrics.ts";
import type { RouteDefinition } from "../contracts/route.ts";
import type { Services } from "../contracts/services.ts";
import type { Tracing } from "../contracts/tracing.ts";

export interface ServerOptions {
  /** Name of the API in its document. */
  readonly title: string;
  readonly version: string;
  readonly routes: readonly RouteDefinition[];
  readonly services: Services;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Address it will listen on: what may be asked of whom depends on it. */
  readonly host: string;
  /** Empty for none. */
  readonly token: string;
  /** Further tokens by caller. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Whether a request may name a path of this machine; `auto`: on loopback only. */
  readonly localSources: "auto" | "always" | "never";
  readonly limits: ServerLimits;
  /** For tests: an answer that does not fit its route's schema is a bug. */
  readonly checkResponses?: boolean;
}

export interface ServerLimits {
  readonly bodyBytes: number;
  /** Longest time for one request, streams aside. */
  readonly requestTimeoutMs: number;
  /** Requests under way, streams aside. */
  readonly maxRequests: number;
  readonly maxStreams: number;
  /** Time between comments in a quiet stream. */
  readonly heartbeatMs?: number;
  /** Time after which a stream whose client takes nothing is dropped. */
  readonly stallMs?: number;
}

export interface Server {
  /** Resolves to the address. @throws AppError `port-in-use`, `bind-refused`, `permission-denied` */
  listen(where: { readonly port: number }): Promise<string>;
  /** Takes no more, ends streams, lets requests under way finish, at most for their time limit. */
  close(): Promise<void>;
}
