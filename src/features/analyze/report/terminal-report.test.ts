import * as fc from "fast-check";
import stringWidth from "string-width";
import { beforeAll, describe, expect, test } from "vitest";
import { sampleReport } from "../../../../test/support/sample-report.ts";
import { sharedFolder } from "../../../../test/support/shared-folder.ts";
import { recordTerminal } from "../../../../test/support/terminal.ts";
import type { Analysis } from "../../../contracts/analysis.ts";
import type { AnalysisPart } from "../../../core/analysis/request.ts";
import { createTerminalReport } from "./terminal-report.ts";

const folder = sharedFolder();
let report: Analysis;
let streamed: readonly AnalysisPart[];
beforeAll(async () => {
  ({ report, parts: streamed } = await sampleReport(folder));
});

function show(
  of: Analysis,
  options: Parameters<typeof recordTerminal>[0] = {},
  parts: readonly AnalysisPart[] = [of],
  countsLines = true,
) {
  const terminal = recordTerminal(options);
  const screen = createTerminalReport(terminal, countsLines);
  for (const part of parts) screen.onPart(part);
  screen.finish(of);
  return { text: terminal.output(), notes: terminal.notes() };
}

const escape = "\u001b";
const hostileName = `${escape}[2J漢字漢字漢字漢字漢字漢字漢字漢字👩‍👧❤️ <img> \n\t\u202e and so on and on and on and on and on`;

/** The report with `hostileName` in place of every text that a repository can choose. */
function hostile(of: Analysis): Analysis {
  const chosen =
    /^(name|email|source|branch|path|a|b|version|requirement|run|command|why|spdx|message|manifest|since)$/;
  return JSON.parse(JSON.stringify(of), (key, value: unknown) =>
    chosen.test(key) && typeof value === "string" ? hostileName : value,
  ) as Analysis;
}

describe.each([40, 80, 120])("at %d columns", (columns) => {
  test("the report reads well", async () => {
    await expect(show(report, { columns }).text).toMatchFileSnapshot(`snapshots/terminal-${columns}.txt`);
  });

  test.each(["as it is", "with hostile names"])("no line is wider, %s", (kind) => {
    const of = kind === "as it is" ? report : hostile(report);
    for (const hasColor of [false, true])
      for (const line of show(of, { columns, hasColor }).text.split("\n"))
        expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
  });

  test("only the report's own colours are escape codes", () => {
    expect(show(hostile(report), { columns }).text).not.toContain(escape);
    const colored = show(hostile(report), { columns, hasColor: true }).text;
    expect(colored).toContain(`${escape}[1mLanguages${escape}[22m`);
    expect(colored.replaceAll(/\u001b\[(1|2|22|3[1-6]|39)m/g, "")).toBe(
      show(hostile(report), { columns }).text,
    );
  });
});

test("a very wide terminal is not filled", () => {
  expect(show(report, { columns: 300 }).text).toBe(show(report, { columns: 120 }).text);
});

describe("streaming", () => {
  test("gives the same text as the whole report at once", () => {
    expect(streamed.length).toBeGreaterThan(4);
    expect(show(report, {}, streamed).text).toBe(show(report).text);
  });

  test("shows the first sections before the last are known", () => {
    const terminal = recordTerminal();
    const screen = createTerminalReport(terminal, true);
    screen.onPart({ repository: report.repository });
    expect(terminal.output()).toContain("sample");
    screen.onPart({ languages: report.languages });
    expect(terminal.output()).toContain("TypeScript");
    screen.onPart({ history: { ...report.history, linesAdded: null } });
    expect(terminal.output()).not.toContain("History");
    screen.onPart({ stack: report.stack, dependencies: report.dependencies });
    expect(terminal.output()).toContain("History");
    expect(terminal.output()).not.toContain("People");
  });

  test("parts in any order give the same text", () => {
    const expected = show(report).text;
    const parts = Object.entries(report).map(([name, value]) => ({ [name]: value }));
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), (shuffled) => {
        expect(show(report, {}, shuffled).text).toBe(expected);
      }),
    );
  });

  test("people do not wait for lines that nobody counts", () => {
    const uncounted = {
      ...report,
      history: {
        ...report.history,
        linesAdded: null,
        linesDeleted: null,
        authors: report.history.authors.map((author) => ({
          ...author,
          linesAdded: null,
          linesDeleted: null,
        })),
      },
    };
    const { text } = show(uncounted, {}, [uncounted], false);
    expect(text).toContain("People  bus factor 1 (Bob Boole)\n");
    expect(text).toMatch(/Ada Byron +10 +█+ +2024-01/);
  });
});

test("the end is told to the person, not written with the data", () => {
  const { text, notes } = show({ ...report, timings: { treeMs: 5, totalMs: 1234 } });
  expect(notes).toBe("\nDone in 1.2 s.\n");
  expect(text).not.toContain("Done");
  expect(show(report).notes).toBe("\nDone in 1.2 s (from the cache).\n");
});

test("an empty range and an empty tree have a report too", () => {
  const empty: Analysis = {
    ...report,
    history: {
      ...report.history,
      commits: 0,
      merges: 0,
      firstCommitAt: null,
      lastCommitAt: null,
      linesAdded: 0,
      linesDeleted: 0,
      authors: [],
      keyAuthors: [],
      hotspots: [],
      coupling: [],
      activity: [],
      commitTypes: [],
      fileAges: [],
      tags: [],
    },
    languages: [],
    stack: [],
    dependencies: [],
    symbols: { ...report.symbols, filesParsed: 0 },
    warnings: [],
  };
  const { text } = show(empty);
  expect(text).toContain("History  no commits in this range\n");
  for (const absent of ["Languages", "Stack", "Hotspots", "Code", "People", "Warnings"])
    expect(text).not.toContain(`\n${absent}`);
});
