import stringWidth from "string-width";
import { expect, test } from "vitest";
import { cutText, formatColumns } from "../../base/columns.ts";
import { formatAge, formatSpan } from "./job-text.ts";

test.each([
  [850, "850 ms"],
  [1_500, "2 s"],
  [99_000, "99 s"],
  [100_000, "2 min"],
  [5_999_000, "100 min"],
  [6_000_000, "2 h"],
  [172_800_000, "2 d"],
])("%i ms are %s", (span, text) => {
  expect(formatSpan(span)).toBe(text);
});

test("an age is told from now, in both directions", () => {
  const now = Date.parse("2026-01-01T12:00:00Z");
  expect(formatAge("2026-01-01T11:59:30Z", now)).toBe("30 s ago");
  expect(formatAge("2026-01-01T12:05:00Z", now)).toBe("in 5 min");
  expect(formatAge("2026-01-01T12:00:00.4Z", now)).toBe("now");
});

test("columns are aligned in any script, and the last one is cut", () => {
  const text = formatColumns(
    [
      ["a", "日本", "x".repeat(50)],
      ["bcd", "é\u001b[2J", "日本".repeat(30)],
    ],
    40,
  );
  const lines = text.trimEnd().split("\n");
  expect(lines[0]!.indexOf("x")).toBeGreaterThan(0);
  for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  expect(stringWidth(lines[0]!.split("x")[0]!)).toBe(stringWidth(lines[1]!.split("日")[0]!));
  expect(text).not.toContain("\u001b");
});

test("a text is cut between characters", () => {
  expect(cutText("abc", 3)).toBe("abc");
  expect(cutText("abcd", 3)).toBe("ab…");
  expect(cutText("日本語", 4)).toBe("日…");
});
