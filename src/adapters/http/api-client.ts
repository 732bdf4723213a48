import { AppError, type ErrorCode, errorTable } from "../../base/errors.ts";

export interface ApiOptions {
  /** Address of a running server. */
  readonly url: string;
  /** Empty where the server asks for none. */
  readonly token: string;
  readonly fetch?: typeof fetch;
  /** Longest time for one answer, streams aside. */
  readonly timeoutMs?: number;
}

export interface ApiRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Given for streams, which have no time limit. */
  readonly signal?: AbortSignal;
}

const timeoutMs = 60_000;
const maxProblemChars = 2_000;

/** Sends requests to an API of ours. @throws AppError the problem it answers with, and `server-unreachable` */
export type CallApi = (request: ApiRequest) => Promise<Response>;

export function createApiClient(options: ApiOptions): CallApi {
  const send = options.fetch ?? fetch;
  return async ({ method, path, body, headers, signal }) => {
    let response: Response;
    try {
      response = await send(new URL(path, options.url), {
        method,
        headers: {
          accept: "application/json, text/event-stream",
          ...(options.token === "" ? {} : { authorization: `Bearer ${options.token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ?? AbortSignal.timeout(options.timeoutMs ?? timeoutMs),
        // The token is for this server only.
        redirect: "error",
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw unreachable(options.url, "does not answer", error);
    }
    if (response.ok) return response;
    throw await readProblem(response, options.url);
  };
}

/** What went wrong over there, as if it had gone wrong here. */
async function readProblem(response: Response, url: string): Promise<AppError> {
  const text = await response.text().catch(() => "");
  let problem: { readonly code?: unknown; readonly detail?: unknown; readonly requestId?: unknown };
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {
    problem = {};
  }
  const { code, detail, requestId } = problem;
  if (typeof code !== "string" || !Object.hasOwn(errorTable, code))
    return unreachable(url, `answers ${response.status}, and not as Repowright does`);
  return new AppError(code as ErrorCode, String(detail).slice(0, maxProblemChars), { requestId });
}

export function unreachable(url: string, what: string, cause?: unknown): AppError {
  return new AppError("server-unreachable", `The server at ${url} ${what}.`, {}, cause);
}
