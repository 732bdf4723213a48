import { describe, expect, test } from "vitest";
import type { RawFinding } from "../../contracts/finding.ts";
import type { ReviewedChange } from "../../contracts/review-rule.ts";
import { parseDiff } from "../diff/parse-diff.ts";
import { mask } from "./excerpt.ts";
import { formatBaseline, parseBaseline } from "./baseline.ts";
import { openPatch } from "./open-change.ts";
import { parseReviewSettings } from "./review-settings.ts";
import { selectFindings } from "./select-findings.ts";

function changeOf(files: Readonly<Record<string, readonly string[]>>): ReviewedChange {
  const patch = Object.entries(files)
    .map(
      ([path, lines]) =>
        `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}\n`).join("")}`,
    )
    .join("");
  return openPatch(parseDiff(patch)).change;
}

function raw(given: Partial<RawFinding> = {}): RawFinding {
  return {
    rule: "leftover",
    severity: "warning",
    category: "bug",
    path: "a.js",
    line: 1,
    endLine: given.line ?? 1,
    side: "new",
    message: "There.",
    why: "Because.",
    suggestion: null,
    source: "rules",
    confidence: "high",
    ...given,
  };
}

const none = { baseline: new Set<string>(), dismissals: new Map<string, string>() };
const settingsOf = (toml: string | null): ReturnType<typeof parseReviewSettings> =>
  parseReviewSettings(toml, "repowright.toml");
const ten = changeOf({
  "a.js": Array.from({ length: 10 }, (_, at) => `line(${at + 1});`),
  "b.py": ["x = 1"],
});

describe("which findings are shown", () => {
  test("the most important first, whatever order they came in", () => {
    const given = [
      raw({ line: 5, severity: "info" }),
      raw({ line: 4, severity: "error", confidence: "low" }),
      raw({ line: 3, category: "style" }),
      raw({ line: 2, category: "secret" }),
      raw({ line: 1, severity: "error" }),
    ];
    for (const order of [given, given.toReversed()])
      expect(
        selectFindings(order, ten, { ...none, settings: settingsOf(null) }).findings.map(({ line }) => line),
      ).toEqual([1, 4, 2, 3, 5]);
  });

  test("two tools that say the same of a line are one finding; one tool may say two things", () => {
    const { findings, suppressed } = selectFindings(
      [
        raw({ line: 1, source: "oxlint", rule: "oxlint/no-debugger" }),
        raw({ line: 1, severity: "error" }),
        raw({ line: 1, rule: "other", category: "security" }),
        raw({ line: 2, source: "oxlint", rule: "oxlint/no-debugger" }),
      ],
      ten,
      { ...none, settings: settingsOf(null) },
    );
    expect(findings.map(({ rule, line }) => `${rule}:${line}`)).toEqual([
      "leftover:1",
      "other:1",
      "oxlint/no-debugger:2",
    ]);
    expect(suppressed.map(({ by, finding }) => [by, finding.rule])).toEqual([
      ["duplicate", "oxlint/no-debugger"],
    ]);
  });

  test("what is not about added lines is left out, unless the change broke it", () => {
    const change = openPatch(
      parseDiff("--- a/a.js\n+++ b/a.js\n@@ -5,3 +5,3 @@\n five\n-six\n+SIX\n seven\n"),
    ).change;
    const lines = (given: Partial<RawFinding>): number =>
      selectFindings([raw(given)], change, { ...none, settings: settingsOf(null) }).findings.length;
    expect(lines({ line: 6 })).toBe(1);
    expect(lines({ line: 5, endLine: 7 })).toBe(1);
    expect(lines({ line: 5 })).toBe(0);
    expect(lines({ line: 1, endLine: 400 })).toBe(0);
    expect(lines({ line: 6, side: "old" })).toBe(1);
    expect(lines({ line: 7, side: "old" })).toBe(0);
    expect(lines({ line: 300, path: "else.js" })).toBe(0);
    expect(lines({ line: 300, path: "else.js", isConsequence: true })).toBe(1);
  });

  test("not more of one rule, nor in all, than is wanted; what is held back is counted", () => {
    const many = Array.from({ length: 10 }, (_, at) => raw({ line: at + 1, rule: at < 7 ? "x" : "y" }));
    const { findings, suppressed } = selectFindings(many, ten, {
      ...none,
      settings: settingsOf("[review]\nmax_per_rule = 4\nmax_findings = 6"),
    });
    expect(findings.map(({ line }) => line)).toEqual([1, 2, 3, 4, 8, 9]);
    expect(suppressed.map(({ by }) => by)).toEqual(["cap", "cap", "cap", "cap"]);
  });

  test("baseline and dismissals hold by fingerprint, and a dismissal keeps its reason", () => {
    const silence = { ...none, settings: settingsOf(null) };
    const first = selectFindings([raw({ line: 1 }), raw({ line: 2 }), raw({ line: 3 })], ten, silence);
    const [one, two, three] = first.findings;
    const baseline = parseBaseline(formatBaseline([one!]), "baseline.json");
    const again = selectFindings([raw({ line: 1 }), raw({ line: 2 }), raw({ line: 3 })], ten, {
      ...silence,
      baseline,
      dismissals: new Map([[two!.fingerprint, "It is a demo."]]),
    });
    expect(again.findings).toEqual([three]);
    expect(again.suppressed).toEqual([
      { finding: one, by: "baseline", reason: null },
      { finding: two, by: "dismissal", reason: "It is a demo." },
    ]);
  });

  test("what may be a secret is not repeated", () => {
    const change = changeOf({ "a.js": ['const key = "ghp_16C7e42F292c69C2E7C10c838347Ae178B4a";'] });
    const [finding] = selectFindings([raw({ category: "secret" })], change, {
      ...none,
      settings: settingsOf(null),
    }).findings;
    expect(finding!.excerpt).toEqual(['const key = "ghp_…";']);
    expect(
      ['{ password: "tr0u&b4d!r" }', "PASSWORD=p@ss!w&rd", "url: db://app:hunter2@db/a", "x = ''"].map(mask),
    ).toEqual(['{ password: "tr…" }', "PASSWORD=p@…", "url: db:/…", "x = ''"]);
  });
});

describe("comments that ask for silence", () => {
  const shown = (lines: readonly string[], given: Partial<RawFinding> = {}): unknown => {
    const { findings, suppressed, notes } = selectFindings([raw(given)], changeOf({ "a.js": lines }), {
      ...none,
      settings: settingsOf(null),
    });
    return findings.length === 1 ? ["shown", ...notes] : suppressed.map(({ by, reason }) => [by, reason]);
  };

  test.each([
    [
      ["x(); // repowright-ignore leftover: the console is the product"],
      [["comment", "the console is the product"]],
    ],
    [["x(); /* repowright-ignore leftover, other: why not */"], [["comment", "why not"]]],
    [["<!-- repowright-ignore leftover: by hand -->", "x"], [["comment", "by hand"]]],
    [["x(); // repowright-ignore other: no"], ["shown"]],
    [
      ["x(); // repowright-ignore leftover"],
      ["shown", "a.js:1: this repowright-ignore gives no reason, so it does not count."],
    ],
    [
      ["x(); // repowright-ignore: everything"],
      ["shown", "a.js:1: this repowright-ignore names no rule, so it does not count."],
    ],
    [["x(); /* repowright-ignore */"], ["shown", expect.stringMatching(/names no rule/)]],
    [
      ["x(); // repowright-ignore leftover:  */"],
      ["shown", "a.js:1: this repowright-ignore gives no reason, so it does not count."],
    ],
  ])("%s", (lines, expected) => expect(shown(lines)).toEqual(expected));

  test("the line above counts, the one below not; -file counts everywhere; a tool's rules have a star", () => {
    expect(shown(["// repowright-ignore leftover: r", "x();"], { line: 2 })).toEqual([["comment", "r"]]);
    expect(shown(["x();", "// repowright-ignore leftover: r"], { line: 1 })).toEqual(["shown"]);
    expect(shown(["x();", "", "// repowright-ignore-file leftover: r"], { line: 1 })).toEqual([
      ["comment", "r"],
    ]);
    expect(shown(["x(); // repowright-ignore oxlint/*: r"], { rule: "oxlint/no-eval" })).toEqual([
      ["comment", "r"],
    ]);
    expect(shown(["x(); // repowright-ignore oxlint/*: r"])).toEqual(["shown"]);
  });
});

describe("[review] in repowright.toml", () => {
  test("the most particular word about a rule counts", () => {
    const settings = settingsOf(`
      [review]
      ignore = ["vendor/", "*.gen.ts"]
      rules = { leftover = "info", "oxlint/*" = "off" }
      languages.python.rules = { leftover = "error" }
      paths = [{ match = ["scripts/**"], rules = { leftover = "off" } }]
    `);
    expect(settings.levelOf("leftover", "a.js", "JavaScript")).toBe("info");
    expect(settings.levelOf("leftover", "a.py", "Python")).toBe("error");
    expect(settings.levelOf("leftover", "scripts/a.py", "Python")).toBe("off");
    expect(settings.levelOf("oxlint/no-eval", "a.js", "JavaScript")).toBe("off");
    expect(settings.levelOf("other", "a.js", "JavaScript")).toBeNull();
    expect(["vendor/x/y.js", "lib/a.gen.ts", "lib/vendor.ts"].map(settings.isIgnored)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("what is off is not shown, and what has another severity is ranked by it", () => {
    const { findings, suppressed } = selectFindings(
      [raw({ line: 1 }), raw({ line: 2, rule: "other" })],
      ten,
      {
        ...none,
        settings: settingsOf('[review.rules]\nleftover = "off"\nother = "error"'),
      },
    );
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([["other", "error"]]);
    expect(suppressed.map(({ by }) => by)).toEqual(["configuration"]);
  });

  test.each([
    ["[review]\nmax_findings = 0", /table \[review\].*max_findings/],
    ['[review.rules]\nx = "loud"', /table \[review\].*x/],
    ["[review]\nunknown = 1", /unknown/],
    ["[review", /is not valid TOML/],
  ])("%j is refused, and said where", (toml, message) => {
    expect(() => settingsOf(toml)).toThrow(message);
  });

  test("a broken baseline is refused", () => {
    expect(() => parseBaseline("{", "b.json")).toThrow(/b\.json is not JSON/);
    expect(() => parseBaseline('{"version":2}', "b.json")).toThrow(/not one that --write-baseline wrote/);
  });
});
