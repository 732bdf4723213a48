import { expect, test } from "vitest";
import { readRetryAfter } from "./retry-after.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

test.each([
  [{ "retry-after": "3" }, "", 3_000],
  [{ "retry-after": "0.25" }, "", 250],
  [{ "retry-after-ms": "40", "retry-after": "3" }, "", 40],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" }, "", 5_000],
  [{ "retry-after": "Wed, 31 Dec 2025 00:00:05 GMT" }, "", 0],
  [{ "retry-after": "soon" }, "", null],
  [{}, '{"retryDelay":"1.5s"}', 1_500],
  [{}, '{"retry_after": 2}', 2_000],
  [{}, '{"retry_after_ms":"70"}', 70],
  [{}, "Please try again in 20ms.", 20],
  [{}, "Please try again in 1m30s", 90_000],
  [{}, "retry after 4 s", 4_000],
  [{}, "try again tomorrow", null],
  [{}, "", null],
] as const)("%j %s: %s ms", (headers, body, milliseconds) => {
  expect(readRetryAfter(headers, body, now)).toBe(milliseconds);
});
