import { describe, expect, test } from "vitest";
import { AppError, type ErrorCode, errorTable, isAppError, toAppError } from "./errors.ts";

const codes = Object.keys(errorTable) as ErrorCode[];

test.each(codes)("%s has a status, an exit code and a help that ends a sentence", (code) => {
  const { status, exitCode, help } = errorTable[code];
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
  expect([1, 2, 130]).toContain(exitCode);
  expect(help).toMatch(/^[A-Z].*\.$/);
});

test("an error takes help and exit code from the table and keeps its cause", () => {
  const cause = new Error("why");
  const error = new AppError("usage", "Wrong.", { option: "x" }, cause);
  expect(error).toMatchObject({ exitCode: 2, help: errorTable.usage.help, details: { option: "x" }, cause });
  expect("cause" in new AppError("usage", "Wrong.")).toBe(false);
});

test("isAppError tells ours from others, and codes apart", () => {
  const error = new AppError("usage", "Wrong.");
  expect(isAppError(error)).toBe(true);
  expect(isAppError(error, "cancelled", "usage")).toBe(true);
  expect(isAppError(error, "cancelled")).toBe(false);
  expect(isAppError(new Error("usage"))).toBe(false);
});

describe("toAppError", () => {
  test("ours stay as they are", () => {
    const error = new AppError("usage", "Wrong.");
    expect(toAppError(error)).toBe(error);
  });

  test("an abort is a cancel", () => {
    const reason: unknown = AbortSignal.abort().reason;
    expect(toAppError(reason)).toMatchObject({ code: "cancelled", cause: reason });
  });

  test.each([
    [new TypeError("x is not a function"), "x is not a function"],
    ["thrown text", "thrown text"],
    [undefined, "undefined"],
  ])("%s is internal and names what happened", (thrown, message) => {
    const error = toAppError(thrown);
    expect(error.code).toBe("internal");
    expect(error.message).toContain(message);
  });
});
