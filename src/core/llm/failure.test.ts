import { APICallError, EmptyResponseBodyError, InvalidResponseDataError } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { errorTable } from "../../base/errors.ts";
import { decideOnFailure } from "./decide.ts";
import { failureCodes, toFailure } from "./failure.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

function answered(
  status: number,
  body: unknown = "",
  responseHeaders: Record<string, string> = {},
): APICallError {
  return new APICallError({
    message: "Bad",
    url: "http://x",
    requestBodyValues: {},
    statusCode: status,
    responseHeaders,
    responseBody: typeof body === "string" ? body : JSON.stringify(body),
  });
}
const says = (message: string): unknown => ({ error: { message } });

/** What went wrong → what it is taken for → what is done. The whole policy in one table. */
test.each([
  // status, body, headers → kind, action, wait
  [answered(400, says("max_tokens must be positive")), "rejected", "stop", null],
  [answered(400, says("maximum context length is 8192 tokens")), "overflow", "fallback", null],
  [answered(400, says("prompt is too long: 212000 tokens > 200000 maximum")), "overflow", "fallback", null],
  [answered(400, says("The input token count (1200000) exceeds the maximum")), "overflow", "fallback", null],
  [answered(400, { error: { code: "content_filter", message: "x" } }), "filtered", "stop", null],
  [answered(400, says("Your credit balance is too low")), "quota", "cool-down", 60_000],
  [answered(401), "key", "fallback", null],
  [answered(402), "quota", "cool-down", 60_000],
  [answered(403), "key", "fallback", null],
  [answered(404, says("model not found")), "unknown-model", "fallback", null],
  [answered(408), "unreachable", "retry", null],
  [answered(409), "rejected", "stop", null],
  [answered(413), "overflow", "fallback", null],
  [answered(422), "rejected", "stop", null],
  [answered(429), "overloaded", "retry", null],
  [answered(429, "", { "retry-after": "2" }), "overloaded", "retry", 2_000],
  [answered(429, "", { "retry-after": "20" }), "overloaded", "cool-down", 20_000],
  [answered(429, "", { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }), "overloaded", "cool-down", 30_000],
  [answered(429, "", { "retry-after": "999999" }), "overloaded", "cool-down", 3_600_000],
  [answered(429, { error: { details: [{ retryDelay: "17s" }] } }), "overloaded", "cool-down", 17_000],
  [answered(429, says("You exceeded your current quota")), "quota", "cool-down", 60_000],
  [answered(500), "unreachable", "retry", null],
  [answered(502), "unreachable", "retry", null],
  [answered(503), "overloaded", "retry", null],
  [answered(503, "", { "retry-after": "60" }), "overloaded", "cool-down", 60_000],
  [answered(504), "unreachable", "retry", null],
  [answered(529), "overloaded", "retry", null],
  [new TypeError("fetch failed"), "unreachable", "retry", null],
  [
    new APICallError({ message: "Cannot connect", url: "", requestBodyValues: {} }),
    "unreachable",
    "retry",
    null,
  ],
  [new EmptyResponseBodyError(), "invalid", "retry", null],
  [new InvalidResponseDataError({ data: {} }), "invalid", "retry", null],
  [answered(200, "<html>"), "invalid", "retry", null],
  // In the middle of a stream.
  [{ type: "overloaded_error", message: "Overloaded" }, "overloaded", "retry", null],
  ["Rate limit reached, try again in 1.5s", "overloaded", "retry", 1_500],
  [{ type: "api_error", message: "Internal" }, "interrupted", "retry", null],
])("%j is %s: %s", (error, kind, action, waitMs) => {
  const failure = toFailure(error, now);
  expect(failure.kind).toBe(kind);
  const decision = decideOnFailure(failure.kind, failure.retryAfterMs);
  expect(decision.action).toBe(action);
  expect("waitMs" in decision ? decision.waitMs : "coolDownMs" in decision ? decision.coolDownMs : null).toBe(
    waitMs,
  );
});

test.each([
  ["cancelled", "stop"],
  ["filtered", "stop"],
  ["rejected", "stop"],
  ["timeout", "fallback"],
  ["malformed", "fallback"],
] as const)("%s: %s", (kind, action) => {
  expect(decideOnFailure(kind, null).action).toBe(action);
});

test("what may pass by itself is what jobs try again", () => {
  const wrong = Object.entries(failureCodes).filter(([kind, code]) => {
    const { action } = decideOnFailure(kind as keyof typeof failureCodes, null);
    return (action === "stop" && errorTable[code].retry) || (action === "retry" && !errorTable[code].retry);
  });
  expect(wrong).toEqual([]);
});

test("a message is the provider's sentence, short, and on one line", () => {
  expect(toFailure(answered(400, says("a\n b")), now).message).toBe("400: a b");
  expect(toFailure(answered(500, [{ error: { message: "in a list" } }]), now).message).toBe("500: in a list");
  expect(toFailure(answered(404, { error: "in a text" }), now).message).toBe("404: in a text");
  expect(toFailure(answered(400, says("x".repeat(9_999))), now).message.length).toBeLessThan(320);
});

test("only a refusal is known to have cost nothing", () => {
  expect(toFailure(answered(500), now).mayCost).toBe(false);
  expect(toFailure(new TypeError("fetch failed"), now).mayCost).toBe(false);
  expect(toFailure(answered(200, "<html>"), now).mayCost).toBe(true);
  expect(toFailure({ type: "api_error" }, now).mayCost).toBe(true);
});
