import { describe, expect, test, vi } from "vitest";
import { recordTerminal } from "../../test/support/terminal.ts";
import { temporaryFolder } from "../../test/support/repositories.ts";
import { AppError, type ErrorCode, errorTable } from "../base/errors.ts";
import { type CommandContext, type CommandDefinition, defineCommand } from "../contracts/command.ts";
import type { Services } from "../contracts/services.ts";
import { type CliInput, runCli } from "./run.ts";

interface Given extends Partial<Pick<CliInput, "environment" | "signal">> {
  readonly run?: (context: CommandContext<never>) => Promise<number>;
  readonly close?: () => Promise<void>;
}

/** Runs `args` with two fake commands, `copy` and `config show`, that do `run`. */
async function call(args: readonly string[], given: Given = {}) {
  const run = given.run ?? (() => Promise.resolve(0));
  const define = (name: string): CommandDefinition =>
    defineCommand({
      name,
      summary: `Summary of ${name}`,
      positionals: [{ name: "what", description: "What", required: false }],
      options: { json: { type: "boolean", description: "JSON" } },
      examples: [`repowright ${name}`],
      run,
    });
  const terminal = recordTerminal();
  const close = vi.fn<() => Promise<void>>(given.close ?? (() => Promise.resolve()));
  const createServices = vi.fn<CliInput["createServices"]>((config) =>
    Promise.resolve({ services: { config } as Services, close }),
  );
  const home = temporaryFolder();
  const code = await runCli({
    args,
    environment: { HOME: home, ...given.environment },
    cwd: home,
    version: "1.2.3",
    commands: ["copy", "config show"].map((name) => ({
      name,
      summary: `Summary of ${name}`,
      load: () => Promise.resolve({ default: define(name) }),
    })),
    terminal,
    signal: given.signal ?? new AbortController().signal,
    createServices,
  });
  return { code, output: terminal.output(), notes: terminal.notes(), close, createServices };
}

function throws(error: Error): () => Promise<never> {
  return async () => {
    throw error;
  };
}

describe("help", () => {
  test.each([["--help"], ["-h"], ["help"]])("%s lists the commands", async (flag) => {
    const { code, output, createServices } = await call([flag]);
    expect(code).toBe(0);
    expect(output).toContain("repowright 1.2.3");
    expect(output).toMatch(/copy +Summary of copy\n {2}config show +Summary of config show/);
    expect(createServices).not.toHaveBeenCalled();
  });

  test.each(["--version", "-V"])("%s is the version", async (flag) => {
    expect(await call([flag])).toMatchObject({ code: 0, output: "1.2.3\n" });
  });

  test("nothing at all is wrong use, and shows how to use it", async () => {
    expect(await call([])).toMatchObject({ code: 2, output: expect.stringContaining("Usage:") as string });
  });

  test.each([[["copy", "--help"]], [["help", "copy"]], [["copy", "x", "-h"]]])(
    "%j is about the command",
    async (args) => {
      const { code, output, createServices } = await call(args);
      expect(code).toBe(0);
      expect(output).toContain("Usage: repowright copy [what] [options]");
      expect(createServices).not.toHaveBeenCalled();
    },
  );
});

describe("unknown commands", () => {
  test.each([
    [["copi"], 'There is no command "copi". Did you mean copy?'],
    [["help", "copi"], 'There is no command "copi". Did you mean copy?'],
    [["entirely", "different"], 'There is no command "entirely".'],
    [["config"], "repowright config needs one of: config show."],
    [["help", "config"], "repowright config needs one of: config show."],
    [["config", "shwo"], "repowright config needs one of: config show."],
    [["\u001b[31mred"], String.raw`There is no command "\u001b[31mred".`],
  ])("%j", async (args, message) => {
    const { code, output, notes } = await call(args);
    expect(code).toBe(2);
    expect(output).toBe("");
    expect(notes).toBe(`error: ${message}\n${errorTable.usage.help}\n`);
  });
});

test("a command gets what it needs, and its exit code is the program's", async () => {
  const seen: CommandContext<never>[] = [];
  const run = (context: CommandContext<never>) => {
    seen.push(context);
    context.terminal.write("data");
    return Promise.resolve(7);
  };
  const { code, output, notes, close } = await call(["copy", "this", "--json", "--limits-paths=9"], { run });
  expect({ code, output, notes }).toEqual({ code: 7, output: "data", notes: "" });
  expect(seen[0]).toMatchObject({ positionals: ["this"], options: { json: true } });
  expect(seen[0]!.services.config.values["limits.paths"]).toBe(9);
  expect(close).toHaveBeenCalledOnce();
});

describe("failures", () => {
  const codes = Object.keys(errorTable) as ErrorCode[];
  test.each(codes)("%s has its exit code and says what to do", async (code) => {
    const found = await call(["copy"], { run: throws(new AppError(code, "It went wrong.")) });
    expect(found.code).toBe(errorTable[code].exitCode);
    expect(found.output).toBe("");
    expect(found.notes.startsWith(`error: It went wrong.\n${errorTable[code].help}\n`)).toBe(true);
    expect(found.close).toHaveBeenCalledOnce();
  });

  test.each(codes)("%s is one JSON object with --json", async (code) => {
    const found = await call(["copy", "--json"], { run: throws(new AppError(code, "It went\nwrong.")) });
    expect(found.code).toBe(errorTable[code].exitCode);
    expect(found.output).toBe("");
    expect(JSON.parse(found.notes)).toMatchObject({
      error: { code, message: "It went\nwrong.", help: errorTable[code].help },
    });
  });

  test("a wrong option with --json is JSON as well", async () => {
    const { code, notes } = await call(["copy", "--json", "--nonsense"]);
    expect(code).toBe(2);
    expect(JSON.parse(notes)).toMatchObject({ error: { code: "usage" } });
  });

  test("a wrong setting stops before anything is built", async () => {
    const { code, notes, createServices } = await call(["copy", "--limits-paths=none"]);
    expect(code).toBe(2);
    expect(notes).toContain("limits.paths");
    expect(createServices).not.toHaveBeenCalled();
  });

  test("after Ctrl-C whatever was thrown is a cancel, with 130", async () => {
    const stopping = new AbortController();
    const run = () => {
      stopping.abort();
      return Promise.reject(new TypeError("terminated"));
    };
    const { code, notes } = await call(["copy"], { run, signal: stopping.signal });
    expect(code).toBe(130);
    expect(notes).toBe(`error: Cancelled.\n${errorTable.cancelled.help}\n`);
  });

  test("text of a repository in a message cannot move the cursor", async () => {
    const { notes } = await call(["copy"], {
      run: throws(new AppError("path-unknown", "No file \u001b[2J\r.")),
    });
    expect(notes).toContain(String.raw`No file \x1b[2J\x0d.`);
  });

  test("a failing close is told", async () => {
    const { code, notes } = await call(["copy"], { close: throws(new Error("still open")) });
    expect(code).toBe(1);
    expect(notes).toContain("still open");
  });
});

describe("causes", () => {
  const root = new Error("disk on fire");
  const chain = new Error("could not read the index", { cause: root });

  test("of an internal error are shown, down to the first", async () => {
    const { code, notes } = await call(["copy"], { run: throws(chain) });
    expect(code).toBe(1);
    expect(notes).toContain(errorTable.internal.help);
    expect(notes).toMatch(/caused by: Error: could not read the index[^]*caused by: Error: disk on fire/);
  });

  test("are inside the one object with --json", async () => {
    const { notes } = await call(["copy", "--json"], { run: throws(chain) });
    const { error } = JSON.parse(notes) as { error: { causes: string } };
    expect(error.causes).toContain("disk on fire");
  });

  test("of other errors are shown only with --log-level debug", async () => {
    const run = throws(new AppError("git-failed", "Git failed.", {}, root));
    expect((await call(["copy"], { run })).notes).not.toContain("disk on fire");
    expect((await call(["copy", "--log-level", "debug"], { run })).notes).toContain("disk on fire");
  });

  test("that go round in a ring come to an end", async () => {
    const a = new Error("a");
    a.cause = new Error("b", { cause: a });
    expect((await call(["copy"], { run: throws(a) })).code).toBe(1);
  });

  test.each([[[]], [["--json"]]])("tell no token and no password %j", async (options) => {
    const secret = "gh-s3cret-token";
    const deep = new Error(`Authorization: ${secret} for https://user:hunter2@git.example/x`);
    const { notes } = await call(["copy", ...options], {
      environment: { REPOWRIGHT_GIT_TOKENS: `git.example=${secret}` },
      run: throws(new Error(`request with ${secret} failed`, { cause: deep })),
    });
    expect(notes).toContain("git.example/x");
    expect(notes).not.toContain(secret);
    expect(notes).not.toContain("hunter2");
  });
});
