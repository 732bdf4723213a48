import type { ErrorCode } from "../../base/errors.ts";
import type { TokenUsage } from "../../contracts/model-call.ts";
import { readRetryAfter } from "./retry-after.ts";

/**
 * What went wrong with one call:
 * unreachable (no connection, 5xx) · overloaded (429, 503, 529) · quota (paid or free allowance used up) · timeout ·
 * interrupted (ended too soon) · invalid (no answer that can be read) · malformed (not of the form asked for, also after
 * the repair) · overflow (too long for the model) · key · unknown-model · rejected (400 and the like) · filtered ·
 * cancelled.
 */
export type FailureKind =
  | "unreachable"
  | "overloaded"
  | "quota"
  | "timeout"
  | "interrupted"
  | "invalid"
  | "malformed"
  | "overflow"
  | "key"
  | "unknown-model"
  | "rejected"
  | "filtered"
  | "cancelled";

export interface Failure {
  readonly kind: FailureKind;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  /** What happened, in the provider's words where it has some; short, and without the prompt. */
  readonly message: string;
  /** Whether tokens may have been used up for it. */
  readonly mayCost: boolean;
}

/** A failure on its way through code that throws. */
export class ModelFailure extends Error {
  readonly failure: Failure;
  /** What it took, where that was told all the same. */
  readonly usage: TokenUsage | null;

  constructor(failure: Failure, cause?: unknown, usage: TokenUsage | null = null) {
    super(failure.message, cause === undefined ? undefined : { cause });
    this.name = "ModelFailure";
    this.failure = failure;
    this.usage = usage;
  }
}

export const failureCodes: Readonly<Record<FailureKind, ErrorCode>> = {
  unreachable: "model-unavailable",
  overloaded: "model-overloaded",
  quota: "model-overloaded",
  timeout: "model-unavailable",
  interrupted: "model-unavailable",
  invalid: "model-unavailable",
  malformed: "model-output-invalid",
  overflow: "model-context-exceeded",
  key: "model-key-invalid",
  "unknown-model": "model-unknown",
  rejected: "model-rejected",
  filtered: "model-refused",
  cancelled: "cancelled",
};

const mostMessage = 300;
const overflowWords =
  /context[ _-]?(length|window|size)|maximum context|prompt is too long|input (token count|is too long)|too many (input )?tokens|exceeds? the (maximum|available|model)|request too large|reduce the length/i;
const filterWords = /content[ _]?(filter|policy|management)|safety (system|settings|policy)|responsibleai/i;
const quotaWords =
  /insufficient_quota|exceeded your current quota|billing|credit balance|insufficient (credits|funds)/i;
const overloadWords = /overload|rate.?limit|resource_exhausted|too many requests|at capacity/i;

/** What the providers' packages throw, understood by its shape: status, headers and body where there was an answer. */
export function toFailure(error: unknown, now: number): Failure {
  if (error instanceof ModelFailure) return error.failure;
  const shape = (typeof error === "object" && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly message?: unknown;
    readonly statusCode?: unknown;
    readonly responseHeaders?: unknown;
    readonly responseBody?: unknown;
    readonly data?: unknown;
    readonly cause?: unknown;
  };
  if (shape.cause instanceof ModelFailure) return shape.cause.failure;
  const status = typeof shape.statusCode === "number" ? shape.statusCode : null;
  const name = typeof shape.name === "string" ? shape.name : "";
  const body = bodyOf(error, shape);
  const headers = (shape.responseHeaders ?? {}) as Readonly<Record<string, string | undefined>>;
  const message = describe(shape.message, body, status);
  if (status !== null && status >= 400) {
    const kind = kindOfStatus(status, body);
    return { kind, status, retryAfterMs: readRetryAfter(headers, body, now), message, mayCost: false };
  }
  // An answer that began well and says later that something is wrong.
  if (body !== "" && name === "") {
    const kind = kindOfWords(body);
    return { kind, status, retryAfterMs: readRetryAfter({}, body, now), message, mayCost: true };
  }
  const hadAnswer = status !== null || /parse|validation|response|content/i.test(name);
  return hadAnswer
    ? { kind: "invalid", status, retryAfterMs: null, message, mayCost: true }
    : {
        kind: "unreachable",
        status,
        retryAfterMs: null,
        message: withCause(message, shape.cause),
        mayCost: false,
      };
}

function kindOfStatus(status: number, body: string): FailureKind {
  if (status === 401 || status === 403) return filterWords.test(body) ? "filtered" : "key";
  if (status === 402) return "quota";
  if (status === 404) return "unknown-model";
  if (status === 413) return "overflow";
  if (status === 429) return quotaWords.test(body) ? "quota" : "overloaded";
  if (status === 503 || status === 529) return "overloaded";
  if (status === 408 || status >= 500) return "unreachable";
  if (filterWords.test(body)) return "filtered";
  if (overflowWords.test(body)) return "overflow";
  return quotaWords.test(body) ? "quota" : "rejected";
}

function kindOfWords(body: string): FailureKind {
  if (filterWords.test(body)) return "filtered";
  if (quotaWords.test(body)) return "quota";
  if (overloadWords.test(body)) return "overloaded";
  return overflowWords.test(body) ? "overflow" : "interrupted";
}

function bodyOf(error: unknown, shape: { readonly responseBody?: unknown; readonly data?: unknown }): string {
  if (typeof shape.responseBody === "string") return shape.responseBody;
  if (typeof error === "string") return error;
  if (typeof error === "object" && error !== null && !(error instanceof Error)) return JSON.stringify(error);
  return "";
}

function describe(message: unknown, body: string, status: number | null): string {
  const said = wordsOf(body) ?? (typeof message === "string" && message !== "" ? message : "no reason given");
  const short = said.replaceAll(/\s+/g, " ").trim().slice(0, mostMessage);
  return status === null || status < 400 ? short : `${status}: ${short}`;
}

/** The sentence inside a JSON error, wherever the provider puts it. */
function wordsOf(body: string): string | null {
  try {
    const parsed = JSON.parse(body) as unknown;
    const first = (Array.isArray(parsed) ? parsed[0] : parsed) as Readonly<Record<string, unknown>> | null;
    const error = first?.["error"] ?? first;
    const words = typeof error === "string" ? error : (error as { readonly message?: unknown })?.message;
    return typeof words === "string" && words !== "" ? words : null;
  } catch {
    return null;
  }
}

function withCause(message: string, cause: unknown): string {
  const inner = cause as
    | { readonly code?: unknown; readonly cause?: { readonly code?: unknown } }
    | undefined;
  const code = inner?.cause?.code ?? inner?.code;
  return typeof code === "string" ? `${message} (${code})` : message;
}
