import { expect, test } from "vitest";
import { mayTryAgain } from "./run-attempt.ts";

test.each([
  ["network-unreachable", true, [true, true, true, true, false]],
  // What kills processes is likely to do it again.
  ["worker-lost", true, [true, true, false, false, false]],
  ["git-killed", true, [true, true, false, false, false]],
  ["git-failed", false, [false, false, false, false, false]],
])("after %s there is another attempt, up to a number of failures", (code, retry, expected) => {
  expect([1, 2, 3, 4, 5].map((failures) => mayTryAgain({ code, retry }, failures, 5))).toEqual(expected);
});
