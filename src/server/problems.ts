import { z } from "zod";
import { AppError, type ErrorCode, errorTable, toAppError } from "../base/errors.ts";

/** How every failure is told: RFC 9457, with our code and what to do. */
export const problemSchema = z
  .object({
    type: z.string().describe("`urn:repowright:error:` and the code"),
    title: z.string().describe("The code in words"),
    status: z.number().int(),
    detail: z.string().describe("What happened, with which value, and what was expected"),
    code: z.string().describe("Code of the error table (docs/reference/errors.md)"),
    help: z.string().describe("What to do now"),
    instance: z.string().describe("Path of the request"),
    requestId: z.string(),
    traceId: z.string().nullable(),
  })
  .meta({ id: "Problem" });
export type Problem = z.output<typeof problemSchema>;

export const problemType = "application/problem+json; charset=utf-8";

/** Seconds after which a refused request may be worth a second try. */
const retryAfterSeconds: Partial<Record<ErrorCode, number>> = { overloaded: 1, "shutting-down": 5 };
const usualRetryAfterSeconds = 5;

const maxDetail = 2_000;

/** Failures that the framework reports before a handler runs. */
const frameworkFailures: Readonly<
  Record<string, { readonly code: ErrorCode; readonly status?: number; readonly says?: string }>
> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: "body-too-large" },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: "request-invalid",
    status: 415,
    says: "The body must be JSON: send it with `Content-Type: application/json`.",
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: "request-invalid",
    says: "The body is not as long as its Content-Length says.",
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: "request-invalid", says: "The body is not JSON." },
  FST_ERR_BAD_URL: { code: "request-invalid", says: "The path holds a percent sign that encodes nothing." },
  FST_ERR_HANDLER_TIMEOUT: {
    code: "time-limit",
    says: "The answer was not ready within server.request_timeout.",
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: "request-invalid",
    status: 414,
    says: "A part of the path is too long.",
  },
};

export interface Translation {
  readonly error: AppError;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Whatever was thrown, as one error of the table with its HTTP status and headers. */
export function translate(thrown: unknown): Translation {
  const error = fromFramework(thrown) ?? toAppError(thrown);
  const special = error.details["httpStatus"];
  const status = typeof special === "number" ? special : errorTable[error.code].status;
  const headers: Record<string, string> = {};
  if (error.code === "unauthorized") headers["www-authenticate"] = "Bearer";
  if (status === 503 || status === 429) {
    const given = error.details["retryAfterSeconds"];
    const seconds =
      typeof given === "number" ? given : (retryAfterSeconds[error.code] ?? usualRetryAfterSeconds);
    headers["retry-after"] = String(seconds);
  }
  if (typeof error.details["allow"] === "string") headers["allow"] = error.details["allow"];
  return { error, status, headers };
}

/** What a request named by the thousand is not all told. */
function shorten(text: string): string {
  return text.length <= maxDetail ? text : `${text.slice(0, maxDetail).toWellFormed()} …`;
}

/** The body of the answer. A bug is not described to strangers: the log has it whole, under the request's id. */
export function describeProblem(
  { error, status }: Translation,
  about: { readonly instance: string; readonly requestId: string; readonly traceId: string | null },
): Problem {
  const words = error.code.replaceAll("-", " ");
  return {
    type: `urn:repowright:error:${error.code}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status,
    detail:
      error.code === "internal"
        ? "Something went wrong inside the server; its log has more under this request id."
        : shorten(error.message),
    code: error.code,
    help: error.help,
    ...about,
  };
}

function fromFramework(thrown: unknown): AppError | null {
  if (thrown instanceof AppError || !(thrown instanceof Error)) return null;
  const { code, statusCode, validation, validationContext } = thrown as {
    readonly code?: string;
    readonly statusCode?: number;
    readonly validation?: readonly { readonly instancePath: string; readonly message: string }[];
    readonly validationContext?: string;
  };
  if (validation !== undefined)
    return new AppError(
      "request-invalid",
      describeIssues(validation, validationContext ?? "request"),
      {},
      thrown,
    );
  const known = code === undefined ? undefined : frameworkFailures[code];
  if (known)
    return new AppError(
      known.code,
      known.says ?? thrown.message,
      known.status === undefined ? {} : { httpStatus: known.status },
      thrown,
    );
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError("request-invalid", thrown.message, { httpStatus: statusCode }, thrown);
  return null;
}

const places: Readonly<Record<string, string>> = { querystring: "query", params: "path" };
const mostIssues = 5;

/** `body.kind: Invalid input: expected string, received undefined; …` */
function describeIssues(
  issues: readonly { readonly instancePath: string; readonly message: string }[],
  context: string,
): string {
  const place = places[context] ?? context;
  const texts = issues
    .slice(0, mostIssues)
    .map(({ instancePath, message }) =>
      [`${place}${instancePath.replace(/\/$/, "").replaceAll("/", ".")}`, message].join(": "),
    );
  return `${texts.join("; ")}${issues.length > mostIssues ? `; and ${issues.length - mostIssues} more` : ""}.`;
}
