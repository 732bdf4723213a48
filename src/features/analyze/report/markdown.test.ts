import { beforeAll, describe, expect, test } from "vitest";
import { sampleReport } from "../../../../test/support/sample-report.ts";
import { sharedFolder } from "../../../../test/support/shared-folder.ts";
import type { Analysis } from "../../../contracts/analysis.ts";
import { markdownReport } from "./markdown.ts";

const folder = sharedFolder();
let report: Analysis;
beforeAll(async () => {
  ({ report } = await sampleReport(folder));
});

test("the document reads well", async () => {
  await expect(markdownReport(report)).toMatchFileSnapshot("snapshots/report.md");
});

/** Every text of the report that is not the report's own word. */
function filledWith(name: string): Analysis {
  const own = /^(schema|head|commit|at|firstCommitAt|lastCommitAt|ecosystem|scope|week|age|color)$/;
  return JSON.parse(JSON.stringify(report), (key, value: unknown) =>
    typeof value === "string" && !own.test(key) ? name : value,
  ) as Analysis;
}

/** What is left of a line when code spans, read as CommonMark reads them, are taken out. */
function outsideCode(line: string): string {
  let rest = "";
  for (let at = 0; at < line.length;) {
    const run = /^`+/.exec(line.slice(at))?.[0];
    if (run === undefined) {
      rest += line[at++];
      continue;
    }
    const close = new RegExp(`(?<!\`)${run}(?!\`)`).exec(line.slice(at + run.length));
    expect(close, `a run of backticks has no end: ${line}`).not.toBeNull();
    at += run.length + close!.index + run.length;
  }
  return rest;
}

function barsOf(line: string): number {
  return line.split("|").length - 1;
}

describe.each([
  "a|b",
  String.raw`a\|<img src=x onerror=alert(1)>`,
  String.raw`a\\|b`,
  "`",
  "``x` |",
  "`|`<b>`",
  "<img src=x onerror=alert(1)>",
  "</code><script>alert(1)</script>",
  "<!-- |",
  "[x](javascript:alert(1))",
  "![x](https://evil.example/x.png)",
  "a\n\n# heading\n| x |",
  "a\r<b>",
  "\u001b[31mred\u202e",
  "*bold* _it_ ~~gone~~ **b**",
  "&lt;b&gt;",
  "https://evil.example @team #1",
  "   ",
  "\\",
])("the name %j", (name) => {
  test("stays inside its cell, its line and its element", () => {
    const lines = markdownReport(filledWith(name)).split("\n");
    expect(lines.length).toBe(markdownReport(report).split("\n").length);
    for (const line of lines) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      const outside = outsideCode(line);
      expect(outside.replaceAll(/<\/?code>/g, ""), line).not.toMatch(/[<>\\[\]*_~@]|https?:/);
      expect(outside.split("<code>").length).toBe(outside.split("</code>").length);
    }
    // Cells are cut before code is looked for, and a backslash before a bar is read in two ways: so there is none.
    expect(lines.map(barsOf)).toEqual(markdownReport(report).split("\n").map(barsOf));
  });
});

test("a name of backticks is shown whole", () => {
  expect(markdownReport(filledWith("`` ` ``"))).toContain("``` `` ` `` ```");
});

test("what was not counted is left out, and what is empty has no section", () => {
  const { history } = report;
  const text = markdownReport({
    ...report,
    repository: { ...report.repository, branch: null },
    history: { ...history, linesAdded: null, firstCommitAt: null, tags: [], coupling: [] },
    stack: [],
  });
  expect(text).not.toContain("changed lines");
  expect(text).not.toContain("| history |");
  for (const absent of ["## Stack", "## Releases", "## Files that change together", "of branch"])
    expect(text).not.toContain(absent);
});
