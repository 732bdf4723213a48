import { describe, expect, test } from "vitest";
import { AppError } from "../../base/errors.ts";
import { createPinoLog, type LogOptions } from "./log.ts";

function record(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = createPinoLog({
    level: "debug",
    format: "json",
    service: "repowright",
    version: "1.2.3",
    write: (line) => void lines.push(line),
    secrets: [],
    ...options,
  });
  const parsed = (): Record<string, unknown>[] =>
    lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, parsed };
}

test("a line is one JSON object with word, time, service and fields", () => {
  const { log, lines, parsed } = record();
  log.with({ request_id: "r1" }).info("request", { duration_ms: 3, message: "shadow" });
  expect(lines[0]).not.toContain("\n");
  expect(parsed()).toEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      level: "info",
      service: "repowright",
      version: "1.2.3",
      message: "request",
      message_: "shadow",
      request_id: "r1",
      duration_ms: 3,
    },
  ]);
});

test("what is less severe than the level is left out", () => {
  const { log, parsed } = record({ level: "warn" });
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.with({ x: 1 }).error("d");
  expect(parsed().map((line) => line["level"])).toEqual(["warn", "error"]);
});

test("an error is written with code, stack and causes, down to the first", () => {
  const { log, parsed } = record();
  const deep = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  log.error("failed", { error: new AppError("database-unavailable", "No database.", {}, deep) });
  expect(parsed()[0]!["error"]).toEqual({
    name: "AppError",
    code: "database-unavailable",
    message: "No database.",
    stack: expect.stringContaining("log.test.ts") as string,
    causes: [expect.objectContaining({ code: "ECONNREFUSED", message: "refused" })],
  });
});

test.each(["json", "pretty"] as const)("rings, big numbers and odd values do no harm (%s)", (format) => {
  const { log, lines } = record({ format });
  const ring: Record<string, unknown> = { n: 1n, f: () => 1, d: new Date(NaN), m: new Map([["a", 1]]) };
  ring["self"] = ring;
  const error = new Error("a");
  error.cause = error;
  log.info("odd", { ring, error });
  expect(lines).toHaveLength(1);
});

describe("secrets", () => {
  const secrets = ["t0ken/with+signs", 'quote"inside', "postgres://app:p%40ssw0rd@db/x", "abc"];
  test.each(["json", "pretty"] as const)("are masked wherever they are (%s)", (format) => {
    const { log, lines } = record({ secrets, format });
    log.info('said t0ken/with+signs and quote"inside', {
      list: ["x t0ken/with+signs"],
      url: `https://h/?key=${encodeURIComponent("t0ken/with+signs")}`,
      nested: { deep: 'quote"inside' },
      source: "https://user:hunter2@git.example/x",
      error: new Error("login t0ken/with+signs", { cause: new Error("p@ssw0rd or p%40ssw0rd") }),
      "t0ken/with+signs": 1,
    });
    const text = lines.join("\n");
    expect(text).toContain("git.example/x");
    for (const secret of ["t0ken", "quote", "hunter2", "ssw0rd"]) expect(text).not.toContain(secret);
  });

  test("too short to hide anything leave the lines as they are", () => {
    const { log, parsed } = record({ secrets });
    log.info("abc");
    expect(parsed()[0]!["message"]).toBe("abc");
  });
});

test("pretty is for a person, and nothing in it moves the cursor", () => {
  const { log, lines } = record({ format: "pretty" });
  log.warn("look \u001b[2J", { job_id: "j1", who: "\u009b31m" });
  expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] WARN: look \\x1b\[2J/);
  expect(lines[0]).toContain('"job_id":"j1"');
  expect(lines[0]).toContain(String.raw`\x9b31m`);
  expect(lines[0]).not.toContain("\u001b");
  expect(lines[0]).not.toContain("\u009b");
});
