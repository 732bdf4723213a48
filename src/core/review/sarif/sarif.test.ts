import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult } from "../../../contracts/review.ts";
import { noModel } from "../no-model.ts";
import { readSarif } from "./read-sarif.ts";
import { writeSarif } from "./write-sarif.ts";

const log = (...runs: readonly object[]): string => JSON.stringify({ version: "2.1.0", runs });
const at = (uri: object, region: object = { startLine: 3 }): object[] => [
  { physicalLocation: { artifactLocation: uri, region } },
];
const run = (results: readonly object[], rest: object = {}, name = "Tool"): object => ({
  tool: { driver: { name } },
  results,
  ...rest,
});
const message = { text: "M" };

test("CodeQL: rules in an extension, a score, precision, links, artifacts by index", () => {
  const text = log({
    tool: {
      driver: { name: "CodeQL", rules: [] },
      extensions: [
        { name: "empty" },
        {
          name: "codeql/javascript-queries",
          rules: [
            {
              id: "js/sql-injection",
              fullDescription: { text: "Building a query from user input is dangerous." },
              defaultConfiguration: { level: "warning" },
              properties: {
                tags: ["security", "external/cwe/cwe-089"],
                precision: "high",
                "security-severity": "8.8",
              },
            },
          ],
        },
      ],
    },
    artifacts: [{ location: { uri: "src/a%20b/%C3%BC.js", uriBaseId: "%SRCROOT%", index: 0 } }],
    results: [
      {
        ruleId: "js/sql-injection",
        rule: { id: "js/sql-injection", index: 0, toolComponent: { index: 1 } },
        message: { text: "This query depends on a [user-provided value](1)." },
        locations: at({ index: 0 }, { startLine: 7, endLine: 9, startColumn: 3, endColumn: 1 }),
        partialFingerprints: { primaryLocationLineHash: "x" },
      },
    ],
  });
  expect(readSarif(text)).toEqual([
    {
      rule: "codeql/js/sql-injection",
      severity: "error",
      category: "security",
      path: "src/a b/ü.js",
      line: 7,
      endLine: 8,
      side: "new",
      message: "This query depends on a user-provided value.",
      why: "Building a query from user input is dangerous.",
      suggestion: null,
      source: "codeql",
      confidence: "high",
    },
  ]);
});

test("other tools: levels, arguments, suppressed and passing results, several runs, nulls, file-level lines", () => {
  const rules = [
    {
      id: "R1",
      messageStrings: { default: { text: "{0} is {1}" } },
      defaultConfiguration: { level: "note" },
    },
  ];
  const found = readSarif(
    `\ufeff${log(
      run(
        [
          {
            ruleId: "R1",
            ruleIndex: 0,
            message: { id: "default", arguments: ["x", "bad"] },
            locations: at({ uri: "a.go" }),
          },
          { ruleId: "R1/part", message, level: "error", locations: at({ uri: "a.go" }, { startLine: 0 }) },
          {
            ruleId: "CVE-2024-1",
            message,
            level: null,
            rank: null,
            locations: at({ uri: "go.sum" }),
            suppressions: null,
          },
          { ruleId: "x", message, suppressions: [{ kind: "inSource" }], locations: at({ uri: "a.go" }) },
          {
            ruleId: "y",
            message,
            suppressions: [{ kind: "external", status: "rejected" }],
            locations: at({ uri: "a.go" }),
          },
          { ruleId: "z", message, kind: "pass", locations: at({ uri: "a.go" }) },
          { ruleId: "w", message, baselineState: "absent", locations: at({ uri: "a.go" }) },
          { ruleId: "v", message, level: "none", locations: at({ uri: "a.go" }) },
          { ruleId: "ranked", message, rank: 95, locations: at({ uri: "a.go" }) },
          { message, locations: [] },
        ],
        { tool: { driver: { name: "gosec 2", rules } } },
      ),
      run([], { results: null }),
      run(
        [
          {
            ruleId: "hardcoded-password",
            message: { markdown: "**M**" },
            level: "fatal",
            locations: at({ uri: "b.py" }),
          },
        ],
        {},
        "Semgrep OSS",
      ),
    )}`,
  );
  expect(
    found.map(({ rule, severity, category, line, message: said }) =>
      [rule, severity, category, line, said].join(" "),
    ),
  ).toEqual([
    "gosec-2/R1 info maintenance 3 x is bad",
    "gosec-2/R1/part error bug 1 M",
    "gosec-2/CVE-2024-1 warning dependency 3 M",
    "gosec-2/y warning maintenance 3 M",
    "gosec-2/ranked error bug 3 M",
    "semgrep-oss/hardcoded-password warning secret 3 **M**",
  ]);
});

test.each([
  [{ uri: "src/a.ts" }, "src/a.ts"],
  [{ uri: "./src//a.ts" }, "src/a.ts"],
  [{ uri: "src/../a.ts" }, "a.ts"],
  [{ uri: "src\\win\\a.ts" }, "src/win/a.ts"],
  [{ uri: "src/100%.ts" }, "src/100%.ts"],
  [{ uri: "a.ts", uriBaseId: "SUB" }, "packages/x/a.ts"],
  [{ uri: "a.ts", uriBaseId: "UNKNOWN" }, "a.ts"],
  [{ uri: "a.ts", uriBaseId: "LOOP" }, "l/l/l/l/l/l/l/l/l/l/a.ts"],
  [{ uri: "file:///home/ci/repo/src/a%20b.ts" }, "src/a b.ts"],
  [{ uri: "/home/ci/repo/src/a.ts" }, "src/a.ts"],
  [{ uri: "file:///C:/agent/build/src/a.ts" }, "src/a.ts"],
  [{ uri: "C:\\agent\\build\\src\\a.ts" }, "src/a.ts"],
  [{ uri: "file:///elsewhere/a.ts" }, null],
  [{ uri: "../../etc/passwd" }, null],
  [{ uri: "https://kronberg.io/a.ts" }, null],
  [{ uri: "__proto__", uriBaseId: "__proto__" }, "__proto__"],
  [{}, null],
])("%o is %s", (location, path) => {
  const originalUriBaseIds = {
    "%SRCROOT%": { uri: "file:///home/ci/repo/" },
    SUB: { uri: "packages/x/", uriBaseId: "%SRCROOT%" },
    LOOP: { uri: "l/", uriBaseId: "LOOP" },
  };
  const found = readSarif(
    log(run([{ ruleId: "r", message, locations: at(location) }], { originalUriBaseIds })),
    "C:\\agent\\build",
  );
  expect(found.map((finding) => finding.path)).toEqual(path === null ? [] : [path]);
});

test("a fix of whole lines is a suggestion, any other is none", () => {
  const fix = (deletedRegion: object, text: string, uri = "a.ts") => ({
    ruleId: "r",
    message,
    locations: at({ uri: "a.ts" }, { startLine: 3, endLine: 4 }),
    fixes: [
      {
        artifactChanges: [
          { artifactLocation: { uri }, replacements: [{ deletedRegion, insertedContent: { text } }] },
        ],
      },
    ],
  });
  const found = readSarif(
    log(
      run([
        fix({ startLine: 3, endLine: 4 }, "new"),
        fix({ startLine: 3, startColumn: 1, endLine: 5, endColumn: 1 }, "new\r\n"),
        fix({ startLine: 3, startColumn: 2, endLine: 4 }, "new"),
        fix({ startLine: 3, endLine: 3 }, "new"),
        fix({ startLine: 3, endLine: 4 }, "new", "b.ts"),
      ]),
    ),
  );
  expect(found.map(({ suggestion }) => suggestion)).toEqual(["new", "new", null, null, null]);
});

test.each([
  ["", /not JSON/],
  ["<xml/>", /not JSON/],
  ["null", /no SARIF/],
  ["[]", /no SARIF/],
  ['{"version":"2.0.0","runs":[]}', /2\.1\.0/],
  ['{"version":"2.1.0"}', /runs/],
  [log({ results: [] }), /tool/],
  [log(run([{ message: "text" }])), /message/],
])("%s is refused", (text, reason) => {
  expect(() => readSarif(text)).toThrow(
    expect.objectContaining({
      code: "sarif-invalid",
      message: expect.stringMatching(reason) as string,
    }) as Error,
  );
});

const finding = (over: Partial<Finding> = {}): Finding => ({
  rule: "no-eval",
  severity: "error",
  category: "security",
  path: "src/a b/ü#?%.ts",
  line: 3,
  endLine: 4,
  side: "new",
  message: "Eval is here",
  why: "It runs anything.",
  suggestion: null,
  fingerprint: "0".repeat(32),
  source: "rules",
  confidence: "high",
  excerpt: [],
  ...over,
});
const review = (over: Partial<ReviewResult>): ReviewResult => ({
  source: null,
  base: null,
  head: null,
  pull: null,
  title: null,
  files: [],
  findings: [],
  suppressed: [],
  passes: [],
  model: noModel,
  counts: { error: 0, warning: 0, info: 0 },
  notes: [],
  tookMs: 1,
  ...over,
});

test("what is written has what code scanning asks for", () => {
  const text = writeSarif(
    review({
      findings: [
        finding({ suggestion: "fixed();" }),
        finding({ rule: "oxlint/no-dupe-keys", category: "bug", severity: "info", path: "x.ts" }),
        finding({ rule: "long-line", message: "131 columns." }),
        finding({ side: "old", path: "gone.ts", suggestion: "no" }),
      ],
      suppressed: [
        { finding: finding({ path: "b.ts" }), by: "comment", reason: "needed" },
        { finding: finding({ path: "c.ts" }), by: "baseline", reason: null },
        { finding: finding({ path: "d.ts" }), by: "cap", reason: null },
        { finding: finding({ path: "e.ts" }), by: "duplicate", reason: null },
      ],
      passes: [{ id: "ruff", state: "failed", findings: 0, message: "It broke.", tookMs: 1 }],
    }),
    "1.2.3",
    [{ id: "long-line", title: "Line over 120 columns", severity: "info", docs: "Counts columns." }],
  );
  const written = JSON.parse(text) as {
    runs: [{ tool: { driver: { rules: object[] } }; results: object[]; invocations: object[] }];
  };
  expect(written).toMatchObject({
    version: "2.1.0",
    $schema: expect.stringContaining("sarif-2.1.0") as string,
  });
  const [only] = written.runs;
  expect(only.tool.driver).toMatchObject({ name: "Repowright", version: "1.2.3" });
  expect(only.tool.driver.rules).toMatchObject([
    {
      id: "long-line",
      shortDescription: { text: "Line over 120 columns" },
      help: { text: "Counts columns." },
      defaultConfiguration: { level: "note" },
    },
    {
      id: "no-eval",
      shortDescription: { text: "no-eval" },
      help: { text: "It runs anything." },
      defaultConfiguration: { level: "error" },
      properties: { tags: ["security"], "security-severity": "8.0", precision: "high" },
    },
    { id: "oxlint/no-dupe-keys", defaultConfiguration: { level: "note" } },
  ]);
  expect(only.invocations).toMatchObject([
    { executionSuccessful: false, toolExecutionNotifications: [{ message: { text: "ruff: It broke." } }] },
  ]);
  expect(only.results).toMatchObject([
    {
      ruleId: "no-eval",
      ruleIndex: 1,
      level: "error",
      message: { text: "Eval is here. It runs anything." },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "src/a%20b/%C3%BC%23%3F%25.ts", uriBaseId: "%SRCROOT%" },
            region: { startLine: 3, endLine: 4 },
          },
        },
      ],
      partialFingerprints: { "repowright/v1": "0".repeat(32) },
      fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: "fixed();" } }] }] }],
    },
    { ruleIndex: 2, level: "note" },
    { ruleIndex: 0, message: { text: expect.stringMatching(/^131 columns/) as string } },
    { locations: [{ physicalLocation: { artifactLocation: { uri: "gone.ts" } } }] },
    { suppressions: [{ kind: "inSource", justification: "needed" }] },
    { suppressions: [{ kind: "external", justification: "Suppressed by a baseline." }] },
    {},
  ]);
  expect(only.results[3]).not.toHaveProperty("fixes");
  expect(only.results[6]).not.toHaveProperty("suppressions");
  expect(text).not.toContain('"e.ts"');
});

test("what is written is read again, whatever the paths and texts are", () => {
  const names = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .filter((name) => !/[/\\\u0000]|^\.{1,2}$/.test(name));
  fc.assert(
    fc.property(
      fc.array(names, { minLength: 1, maxLength: 4 }),
      fc.string({ unit: "grapheme" }),
      fc.nat(900),
      (parts, said, more) => {
        const path = parts.join("/");
        fc.pre(!/^[a-z]:/i.test(path));
        const [back] = readSarif(
          writeSarif(
            review({ findings: [finding({ path, message: said, endLine: 3 + more, suggestion: said })] }),
            "1",
          ),
        );
        expect(back).toMatchObject({
          path,
          line: 3,
          endLine: 3 + more,
          severity: "error",
          suggestion: said,
          source: "repowright",
        });
      },
    ),
    { numRuns: 200 },
  );
});
