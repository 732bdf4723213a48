import { AppError, type ErrorCode, isAppError } from "../../base/errors.ts";
import type { ApiRequest } from "./host-api.ts";
import { arrayAt, textAt } from "./read.ts";

const mostWords = 500;
/** A host that wants us to wait without saying how long. */
const usualWaitMs = 60_000;
const mostWaitMs = 60 * 60_000;

/** What a host's refusal means to us, with its words; none of what was sent is among them. */
export function describeRefusal(
  host: string,
  { method = "GET", path, headers: sent }: ApiRequest,
  answer: { readonly status: number; readonly headers: Headers; readonly text: string },
): AppError {
  const { status, headers } = answer;
  const words = redact(wordsOf(answer.text), Object.values(sent));
  const what = `${host} answered ${method} ${path} with ${status}${words === "" ? "" : `: ${words}`}.`;
  if (isRateLimit(status, headers, words))
    return new AppError("host-rate-limited", what, { retryAfterMs: retryAfterMs(headers), status });
  return new AppError(codeOf(status), what, { status });
}

/** How long a host asks to wait; null for anything else than a rate limit. */
export function rateLimitMs(error: unknown): number | null {
  const wait = isAppError(error, "host-rate-limited") ? error.details["retryAfterMs"] : null;
  return typeof wait === "number" ? wait : null;
}

/** Whether a failure is about one repository only, such as one without pull requests, so that others may be asked. */
export function isOfOneRepository(error: unknown): boolean {
  return isAppError(error, "host-refused", "pull-unknown") && error.details["status"] !== 401;
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return "host-refused";
  if (status === 404 || status === 410) return "pull-unknown";
  return status >= 500 || status === 408 ? "host-unreachable" : "host-rejected";
}

function isRateLimit(status: number, headers: Headers, words: string): boolean {
  if (status === 429) return true;
  return (
    status === 403 &&
    (headers.get("x-ratelimit-remaining") === "0" ||
      headers.has("retry-after") ||
      /rate limit|abuse detection/i.test(words))
  );
}

function retryAfterMs(headers: Headers): number {
  const seconds = headers.get("retry-after");
  if (seconds !== null && /^\d+$/.test(seconds)) return Math.min(mostWaitMs, Number(seconds) * 1_000);
  const reset = headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset");
  if (reset !== null && /^\d+$/.test(reset))
    return Math.min(mostWaitMs, Math.max(1_000, Number(reset) * 1_000 - Date.now()));
  return usualWaitMs;
}

function wordsOf(text: string): string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // A page of a proxy, most likely; its first words do.
    return text.replace(/<[^>]*>/g, " ");
  }
  const words = ["message", "error", "error_description"].flatMap((name) => textAt(data, name) ?? []);
  const errors = arrayAt(data, "errors").map((each) =>
    typeof each === "string" ? each : (textAt(each, "message") ?? JSON.stringify(each)),
  );
  const all = [...words, ...errors].join("; ");
  return all === "" ? text : all;
}

function redact(words: string, secrets: readonly string[]): string {
  let text = words;
  for (const secret of secrets.flatMap((each) => [each, each.replace(/^(bearer|token|basic)\s+/i, "")]))
    if (secret.length >= 8) text = text.replaceAll(secret, "********");
  // oxlint-disable-next-line no-control-regex -- they would reach terminals and logs
  text = text.replace(/[\u0000-\u001f\u007f\s]+/g, " ").trim();
  return text.length > mostWords ? `${text.slice(0, mostWords).toWellFormed()} …` : text.replace(/\.$/, "");
}
