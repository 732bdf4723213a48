import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import { createSampleRepository } from "../../../test/support/sample-repository.ts";
import { createServices, createThreads } from "../../../test/support/services.ts";
import { sharedFolder } from "../../../test/support/shared-folder.ts";
import { recordTerminal } from "../../../test/support/terminal.ts";
import { runCli } from "../../cli/run.ts";
import { type Analysis, analysisSchema } from "../../contracts/analysis.ts";
import type { Services } from "../../contracts/services.ts";
import command from "./analyze.command.ts";

const folder = sharedFolder();
const sample = join(folder, "sample");
const threads = createThreads();
let services: Services;
beforeAll(() => {
  createSampleRepository(sample);
  services = createServices(join(folder, "data"), threads);
});
afterAll(async () => {
  services.cache.close();
  await threads.close();
});

/** `repowright analyze …` in the sample repository, or elsewhere. */
async function call(args: readonly string[], cwd = sample) {
  const terminal = recordTerminal({ columns: 80 });
  const code = await runCli({
    args: ["analyze", ...args],
    environment: { HOME: folder },
    cwd,
    version: "0.0.0",
    commands: [
      { name: command.name, summary: command.summary, load: () => Promise.resolve({ default: command }) },
    ],
    terminal,
    signal: new AbortController().signal,
    createServices: () => Promise.resolve({ services, close: () => Promise.resolve() }),
  });
  return { code, output: terminal.output(), notes: terminal.notes() };
}

test("without a source it is about the current folder, and a folder inside is enough", async () => {
  const { code, output, notes } = await call([]);
  expect(code).toBe(0);
  expect(output).toMatch(/^\nsample {2}main @ [0-9a-f]{10}\n/);
  expect(output).toContain("\nPeople  +");
  expect(notes).toMatch(/^\nDone in \d+\.\d s\.\n$/);
  expect((await call([], join(sample, "docs"))).output).toBe(output);
  expect((await call(["sample"], folder)).output).toBe(output);
});

test("--json is one object of the published shape, and nothing else", async () => {
  const { code, output, notes } = await call(["--json"]);
  const report = JSON.parse(output) as Analysis;
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(analysisSchema.parse(report)).toEqual(report);
});

test("--markdown is a document, and nothing else", async () => {
  const { code, output, notes } = await call(["--markdown"]);
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output.startsWith("# sample\n")).toBe(true);
});

describe("--html", () => {
  test("writes a page, from the current folder, and says so", async () => {
    const { code, output, notes } = await call(["sample", "--html", "report.html"], folder);
    const path = join(folder, "report.html");
    expect({ code, output, notes }).toEqual({ code: 0, output: "", notes: `Wrote ${path}\n` });
    expect(readFileSync(path, "utf8")).toMatch(/^<!doctype html>/i);
  });

  test("says what to do when the page cannot be written", async () => {
    const { code, notes } = await call([`--html=${join(folder, "no", "such", "folder.html")}`]);
    expect(code).toBe(1);
    expect(notes).toContain("folder.html cannot be written");
    expect(existsSync(join(folder, "no"))).toBe(false);
  });
});

test("options change what is analysed", async () => {
  const json = async (...args: readonly string[]) =>
    JSON.parse((await call(["--json", ...args])).output) as Analysis;
  expect((await json("--no-lines")).history.linesAdded).toBeNull();
  expect((await json("--rev", "v0.1")).repository.branch).toBeNull();
  expect((await json("--since=2024-04-01")).repository.since).toBe("2024-04-01");
  expect((await json("--no-cache")).timings).toHaveProperty("treeMs");
  expect((await json()).timings).not.toHaveProperty("treeMs");
});

test("--explain-language says why, as text or JSON", async () => {
  expect((await call(["--explain-language", "cmd/worker/main.go"])).output).toMatch(
    /^cmd\/worker\/main\.go: Go\n {2}because +extension/,
  );
  const { output } = await call(["--explain-language", "cmd/worker/main.go", "--json"]);
  expect(JSON.parse(output)).toMatchObject({ detection: { language: "Go" }, counted: { value: true } });
});

test.each([
  [["--json", "--markdown"], "--json and --markdown cannot be given together."],
  [["--html=x", "--markdown"], "--markdown and --html cannot be given together."],
])("%j is refused before anything is read", async (args, message) => {
  const { code, output, notes } = await call(args, "/nowhere");
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(notes).toContain(message);
});

test.each([
  [["--rev", "nonsense"], 1, "revision-unknown"],
  [["--explain-language", "nonsense"], 1, "path-unknown"],
  [["http://example.org/x"], 2, "source-refused"],
])("%j ends with %d and %s", async (args, code, name) => {
  const found = await call([...args, "--json"]);
  expect(found.code).toBe(code);
  expect(JSON.parse(found.notes)).toMatchObject({ error: { code: name } });
});

test("a folder that is no repository is told apart", async () => {
  const found = await call(["--json"], temporaryFolder());
  expect(found.code).toBe(1);
  expect(JSON.parse(found.notes)).toMatchObject({ error: { code: "not-a-repository" } });
});
