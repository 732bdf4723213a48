import { join } from "node:path";
import { expect, test } from "vitest";
import { type CliResult, runProgram } from "../../../test/support/cli.ts";
import { growRepository } from "../../../test/support/grown-repository.ts";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import type { SearchEvaluation } from "../../core/index/evaluation/evaluation.ts";

test("measures a repository of sixty commits, as JSON and for people", async () => {
  const folder = temporaryFolder();
  growRepository(join(folder, "r"), 61);
  const run = (...args: string[]): Promise<CliResult> =>
    runProgram(["eval", "search", ...args], { cwd: join(folder, "r"), dataDir: join(folder, "data") });
  const first = await run("--json");
  expect(first.stderr).toBe("");
  expect(first.code).toBe(0);
  const evaluation = JSON.parse(first.stdout) as SearchEvaluation;
  expect(evaluation.cases).toMatchObject({ asked: 150, usable: 60, maxFiles: 10 });
  expect(evaluation.files.all.methods.ours).toMatchObject({ mrr: { value: expect.any(Number) } });
  expect(evaluation.warnings).toEqual([]);

  // The same question gives the same figures and intervals.
  const [once, twice] = [await run("--json", "--commits", "12"), await run("--json", "--commits", "12")];
  expect(once).toMatchObject({ code: 0, stdout: twice.stdout });
  const { code, stdout } = await run("--commits", "12", "--max-files", "3");
  expect(code).toBe(0);
  expect(stdout).toContain("12 commits that change 1 to 3 files");
  expect(stdout).toMatch(/Commit subject to changed files \(n = 12\)\n +MRR +hit@1/);
  expect(stdout).toMatch(/\nsearch +\d?\.\d{3} \[/);
  expect(stdout).toContain("Not learnt");
  for (const line of stdout.split("\n")) expect(line).not.toContain("undefined");
}, 60_000);

test("says what is wrong with options and with short histories", async () => {
  const folder = temporaryFolder();
  growRepository(join(folder, "r"), 4);
  const run = (...args: string[]): Promise<CliResult> =>
    runProgram(["eval", "search", ...args], { cwd: join(folder, "r"), dataDir: join(folder, "data") });
  expect(await run("--commits", "none")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--commits takes a whole number from 1 to"),
  });
  expect(await run()).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/At least 10 commits are needed .* of the 4 commits .* 3 do/),
  });
});
