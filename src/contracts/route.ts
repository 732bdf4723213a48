import type { z } from "zod";
import type { ErrorCode } from "../base/errors.ts";
import type { Services } from "./services.ts";

/**
 * Who may call a route. `public`: anyone who reaches the port. `member`: whoever carries a token, where one is set.
 * `signed`: whoever signed the raw body, which the handler sees to before it reads any of it.
 */
export type Access = "public" | "member" | "signed";

export interface Caller {
  /** `local` without tokens, `default` for server.token, else the name in server.tokens; `anonymous` on a public route without one. */
  readonly name: string;
}

/** What a handler gets: everything parsed and checked. */
export interface RouteRequest<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The body as it came, of a route with `rawBody`; empty for all others. */
  readonly rawBody: Uint8Array;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly caller: Caller;
  readonly requestId: string;
  readonly services: Services;
  /** What only the server knows. */
  readonly server: ServerFacts;
  /** Aborted when the client goes away and, for streams, when the server stops. */
  readonly signal: AbortSignal;
}

export interface ServerFacts {
  readonly version: string;
  /** Whether a request may name a path of this machine. */
  readonly allowsLocalSources: boolean;
  /** Whether being on this machine is permission enough: it listens on loopback, without tokens. */
  readonly trustsMachine: boolean;
  /** Whether the server is draining. */
  readonly isStopping: () => boolean;
}

export interface RouteAnswer<T> {
  /** The route's `status` unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON by the route's schema. */
  readonly body?: T;
  /** Sent as it is instead of a body. */
  readonly text?: { readonly type: string; readonly content: string };
  /** Server-sent events instead of a body. */
  readonly stream?: AsyncIterable<ServerEvent>;
}

export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** One route of the HTTP API. From it follow validation, OpenAPI, access and the docs. */
export interface RouteDefinition<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `:name` parameters. */
  readonly path: string;
  /** One line. */
  readonly summary: string;
  readonly description?: string;
  /** Group in the docs. */
  readonly tag: string;
  readonly access: Access;
  /** Status of success. */
  readonly status: number;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Takes a body of any content type, unread, up to so many bytes; instead of `body`. */
  readonly rawBody?: { readonly maxBytes: number; readonly description: string };
  /** Request headers it heeds, for the docs: name and meaning. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** Codes of the error table it may answer with, beside those that any route may. */
  readonly errors?: readonly ErrorCode[];
  /** Shape of the JSON answer; absent for text, streams and 204. */
  readonly response?: R;
  /** Other statuses that carry the same shape, e.g. 503 of a health check. */
  readonly otherStatuses?: readonly number[];
  /** Media type where the answer is not, or not only, JSON, for the docs. */
  readonly produces?: string;
  handle(request: RouteRequest<z.output<P>, z.output<Q>, z.output<B>>): Promise<RouteAnswer<z.input<R>>>;
}

/** Gives a definition its types. */
export function defineRoute<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUndefined,
>(definition: RouteDefinition<P, Q, B, R>): RouteDefinition<P, Q, B, R> {
  return definition;
}

/** Loads one route: an entry of the generated registry. */
export type RouteEntry = () => Promise<{ readonly default: RouteDefinition }>;
