import { setTimeout as sleep } from "node:timers/promises";
import { AppError, isAppError } from "../../base/errors.ts";
import { describeRefusal, isOfOneRepository, rateLimitMs } from "./host-failures.ts";

export interface HostAccess {
  readonly token: string;
  /** Empty for the host's own. */
  readonly address: string;
  /** Longest time of one request. */
  readonly timeoutMs: number;
  /** Wait before the second try of what only reads; four times that before the third. */
  readonly retryMs: number;
}

export interface ApiRequest {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** From the API's base; parts of it that strangers named are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; null without a body. */
  readonly data: unknown;
}

/** Sends one request. @throws AppError as `HostClient` says */
export type CallHost = (request: ApiRequest) => Promise<ApiAnswer>;

const mostBytes = 32 * 2 ** 20;
const mostRedirects = 3;
/** Further tries of a request that only reads. */
const readRetries = 2;
/** A host that asks to wait no longer than this is waited for; beyond it the job is put off. */
const patienceMs = 5_000;
const mostPages = 100;

/**
 * The one way to a host's API. What only reads is tried again after passing failures; what writes is not, because it may
 * have happened: whoever called looks first.
 */
export function createHostApi(
  host: string,
  { base, timeoutMs, retryMs }: Pick<HostAccess, "timeoutMs" | "retryMs"> & { readonly base: string },
): CallHost {
  return async function call(request) {
    const isRead = (request.method ?? "GET") === "GET";
    let waitedMs = 0;
    for (let failures = 0; ;) {
      try {
        return await attempt(request);
      } catch (error) {
        const limit = rateLimitMs(error);
        const isTransient = isRead && isAppError(error, "host-unreachable") && failures < readRetries;
        const waitMs =
          limit !== null && waitedMs + limit <= patienceMs
            ? limit
            : isTransient
              ? retryMs * 4 ** failures++
              : null;
        if (waitMs === null || request.signal.aborted) throw error;
        waitedMs += waitMs;
        await sleep(waitMs, undefined, { signal: request.signal }).catch(() => {});
        assertWanted(request.signal);
      }
    }
  };

  async function attempt(request: ApiRequest): Promise<ApiAnswer> {
    let url = toUrl(base, request);
    for (let redirects = 0; ; redirects++) {
      const response = await send(url, request);
      const { status, headers } = response;
      const location = headers.get("location");
      if (status >= 300 && status < 400 && location !== null && redirects < mostRedirects) {
        await response.body?.cancel();
        const next = new URL(location, url);
        // Repositories that were renamed. A token is shown to nobody else.
        if (next.origin !== url.origin)
          throw new AppError("host-rejected", `${host} redirects to ${next.origin}, which is not followed.`);
        url = next;
        continue;
      }
      const text = await readText(response, request.signal);
      if (status >= 200 && status < 300) return { status, headers, data: parse(text) };
      throw describeRefusal(host, request, { status, headers, text });
    }
  }

  async function send(url: URL, { method = "GET", body, headers, signal }: ApiRequest): Promise<Response> {
    assertWanted(signal);
    try {
      return await fetch(url, {
        method,
        redirect: "manual",
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        headers: {
          accept: "application/json",
          "user-agent": "repowright",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw unreachable(error, signal);
    }
  }

  async function readText(response: Response, signal: AbortSignal): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    try {
      for await (const chunk of response.body ?? []) {
        bytes += (chunk as Uint8Array).byteLength;
        if (bytes > mostBytes)
          throw new AppError("host-rejected", `The answer of ${host} is longer than ${mostBytes} bytes.`);
        text += decoder.decode(chunk as Uint8Array, { stream: true });
      }
    } catch (error) {
      throw unreachable(error, signal);
    }
    return text + decoder.decode();
  }

  function parse(text: string): unknown {
    if (text === "") return null;
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new AppError("host-unreachable", `${host} answered with something that is not JSON.`, {}, error);
    }
  }

  function unreachable(error: unknown, signal: AbortSignal): AppError {
    if (error instanceof AppError) return error;
    if (signal.aborted) return cancelled(signal);
    const isSlow = error instanceof Error && error.name === "TimeoutError";
    return new AppError(
      "host-unreachable",
      isSlow
        ? `${host} did not answer within ${Math.round(timeoutMs / 1000)} s (hosts.timeout).`
        : `${host} cannot be reached at ${base}.`,
      {},
      error,
    );
  }
}

/** Keeps the answer, not a failure. */
export function askOnce<T>(ask: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let asked: Promise<T> | null = null;
  return (signal) => {
    asked ??= ask(signal);
    asked.catch(() => (asked = null));
    return asked;
  };
}

/** Every item of a list that comes in pages, up to `limit`; the next page is where the `Link` header says. */
export async function listAll(
  call: CallHost,
  request: ApiRequest,
  options: { readonly limit?: number; readonly itemsOf?: (data: unknown) => unknown } = {},
): Promise<readonly unknown[]> {
  const { limit = Infinity, itemsOf = (data) => data } = options;
  const items: unknown[] = [];
  let next: ApiRequest | null = request;
  for (let page = 0; next !== null && items.length < limit && page < mostPages; page++) {
    const { data, headers }: ApiAnswer = await call(next);
    const found = itemsOf(data);
    if (!Array.isArray(found)) break;
    items.push(...(found as unknown[]));
    const link = /<([^>]+)>;\s*rel="?next"?/.exec(headers.get("link") ?? "")?.[1];
    next = link === undefined || !URL.canParse(link) ? null : { ...request, query: queryOf(new URL(link)) };
  }
  return items.slice(0, limit);
}

/** The same, but nothing of what we are not shown: a repository may have no pull requests at all, or be shut to us. */
export async function listShown(...given: Parameters<typeof listAll>): Promise<readonly unknown[]> {
  try {
    return await listAll(...given);
  } catch (error) {
    if (isOfOneRepository(error)) return [];
    throw error;
  }
}

/** Only the query of the next page's address is taken: where to ask is what the settings say. */
function queryOf(url: URL): Readonly<Record<string, string>> {
  return Object.fromEntries(url.searchParams);
}

function toUrl(base: string, { path, query }: ApiRequest): URL {
  const url = new URL(`${base}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
  return url;
}

function assertWanted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(signal);
}

function cancelled(signal: AbortSignal): AppError {
  return signal.reason instanceof AppError ? signal.reason : new AppError("cancelled", "Cancelled.");
}

/** The base of an API from what the settings say; `path` where the setting has none. @throws AppError `config-invalid` */
export function toBase(host: string, address: string, path: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "")
    throw new AppError(
      "config-invalid",
      `Setting hosts.addresses: the address of ${host} must be of the form https://host, without credentials.`,
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, "") || path}`;
}

/** `Authorization` for Git with a token, at this origin only. */
export function toCloneHeader(cloneUrl: string, origin: string, user: string, token: string): string | null {
  return URL.canParse(cloneUrl) && new URL(cloneUrl).origin === origin
    ? `Basic ${Buffer.from(`${user}:${token}`).toString("base64")}`
    : null;
}
