import type { WriteStream } from "node:tty";
import { describe, expect, test } from "vitest";
import { createTerminal } from "./terminal.ts";

function stream(isTTY: boolean, columns?: number): { stream: WriteStream; text: () => string } {
  let text = "";
  const fake = { isTTY, columns, write: (piece: string) => ((text += piece), true) };
  return { stream: fake as unknown as WriteStream, text: () => text };
}

function terminal(options: { isTTY?: boolean; columns?: number; environment?: Record<string, string> }) {
  const stdout = stream(options.isTTY ?? true, options.columns ?? 80);
  const stderr = stream(options.isTTY ?? true, options.columns ?? 80);
  const environment = options.environment ?? {};
  return {
    stdout,
    stderr,
    terminal: createTerminal({ stdout: stdout.stream, stderr: stderr.stream, environment }),
  };
}

describe("colour", () => {
  test.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [true, { TERM: "dumb" }, false],
    [false, { FORCE_COLOR: "1" }, true],
    [true, { FORCE_COLOR: "0" }, false],
    [true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ])("terminal %s, %j: %s", (isTTY, environment, expected) => {
    expect(terminal({ isTTY, environment }).terminal.hasColor).toBe(expected);
  });
});

test("a pipe has 100 columns, a terminal its own", () => {
  expect(terminal({ isTTY: false, columns: 20 }).terminal.columns).toBe(100);
  expect(terminal({ columns: 132 }).terminal.columns).toBe(132);
});

describe("progress", () => {
  const state = { stage: "lines", fraction: 0.256, message: "Counting \u001b[31mlines" };

  test("is one line of the person's, overwritten by what comes next", () => {
    const { stdout, stderr, terminal: screen } = terminal({});
    screen.progress(state);
    expect(stderr.text()).toContain(String.raw`Counting \x1b[31mlines 25 %`);
    expect(stdout.text()).toBe("");
    screen.write("data");
    expect(stderr.text().endsWith("\r\u001b[K")).toBe(true);
    screen.note("done");
    expect(stdout.text()).toBe("data");
    expect(stderr.text().endsWith("\r\u001b[Kdone\n")).toBe(true);
  });

  test("never wraps", () => {
    const { stderr, terminal: screen } = terminal({ columns: 30 });
    screen.progress({ ...state, message: "x".repeat(200) });
    expect(stderr.text().replace(/^\r\u001b\[K/, "").length).toBe(29);
  });

  test.each([[{ isTTY: false }], [{ environment: { TERM: "dumb" } }]])("is not written to %j", (options) => {
    const { stderr, terminal: screen } = terminal(options);
    screen.progress(state);
    expect(stderr.text()).toBe("");
  });
});
