import { APICallError } from "@ai-sdk/provider";
import type { ModelConnection } from "../../../contracts/llm-provider.ts";

/** Sends one request to Ollama's own API. @throws APICallError unless it is taken */
export async function postToOllama(
  path: string,
  { baseUrl, apiKey, fetch }: ModelConnection,
  body: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const url = `${baseUrl}${path}`;
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  if (response.ok) return response;
  throw failure(url, response, await response.text());
}

/** An answer that is none: it has a status, so that it counts as an answer. */
export function failure(url: string, response: Response, responseBody: string): APICallError {
  return new APICallError({
    message: response.ok ? "The answer cannot be read as JSON." : responseBody,
    url,
    // The prompt has no place in an error.
    requestBodyValues: {},
    statusCode: response.status,
    responseHeaders: Object.fromEntries(response.headers),
    responseBody,
    isRetryable: false,
  });
}

/** @throws APICallError for what is no JSON */
export async function readJson<T>(response: Response): Promise<T> {
  const text = await response.text();
  try {
    return JSON.parse(text) as T;
  } catch {
    throw failure(response.url, response, text);
  }
}
