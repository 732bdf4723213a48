import { describe, expect, test } from "vitest";
import type { PostedReview } from "../../../contracts/code-host.ts";
import { toMark } from "../../../contracts/comment-mark.ts";
import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult } from "../../../contracts/review.ts";
import { parseDiff } from "../../../core/diff/parse-diff.ts";
import {
  fingerprintOf,
  headA,
  headB,
  makeFinding,
  makePosted,
  makeReview,
  nothingPosted,
  samplePatch,
  suppress,
} from "../../../../test/support/posting.ts";
import { maxComments, planPosting, type PostingInput, type PostingPlan } from "./plan-posting.ts";

const diff = parseDiff(samplePatch);

function plan(
  review: ReviewResult,
  posted: PostedReview = nothingPosted,
  changes: Partial<PostingInput> = {},
): PostingPlan {
  return planPosting({
    review,
    commit: review.head!,
    diff,
    posted,
    host: "github",
    url: "https://github.com/octo-org/widgets/pull/7",
    modelFindings: new Set(),
    takesComments: true,
    ...changes,
  });
}

/** What is on the host when a plan has been carried out. */
function carryOut(
  { comments, fingerprints, summary, resolve }: PostingPlan,
  posted: PostedReview,
): PostedReview {
  return {
    summary: summary === null ? posted.summary : { id: "s", body: summary },
    comments: [
      ...posted.comments.map((each) => ({
        ...each,
        isResolved: each.isResolved || resolve.includes(each.threadId!),
      })),
      ...fingerprints.map((fingerprint, at) => ({
        id: `c${at}`,
        fingerprint,
        threadId: `t${at}`,
        isResolved: false,
        path: comments[at]!.path,
      })),
    ],
  };
}

describe("where comments stand", () => {
  const at = (line: number, endLine: number, more: Partial<Finding> = {}) => ({
    path: "src/old.ts",
    line,
    endLine,
    ...more,
  });
  test.each([
    ["a line", at(4, 4), ["src/old.ts", "new", 4, 4]],
    ["lines of one hunk", at(2, 6), ["src/old.ts", "new", 2, 6]],
    ["a line of the context", at(7, 7), ["src/old.ts", "new", 7, 7]],
    ["a line that was removed", at(4, 4, { side: "old" }), ["src/old.ts", "old", 4, 4]],
    ["lines that begin in a hunk and end outside", at(5, 20), ["src/old.ts", "new", 5, 7]],
    ["lines over both hunks", at(1, 60), ["src/old.ts", "new", 1, 7]],
    ["lines that end in a hunk", at(40, 51), ["src/old.ts", "new", 50, 51]],
    ["a line between the hunks", at(20, 20), null],
    ["a file that did not change", at(1, 1, { path: "README.md" }), null],
    ["lines of a new file, on the old side", at(1, 1, { path: "src/new.ts", side: "old" }), null],
  ])("%s", (_, where, expected) => {
    const { comments, summary } = plan(makeReview([makeFinding("x", where)]));
    const [found] = comments;
    expect(found ? [found.path, found.side, found.line, found.endLine] : null).toEqual(expected);
    expect(summary).toContain("x is left over");
    // Elsewhere than the finding says, the comment says where it is.
    const isMoved = expected !== null && (expected[2] !== where.line || expected[3] !== where.endLine);
    expect(found?.body.includes("It is about line") ?? false).toBe(isMoved);
  });

  test("a comment names rule, reason and how to silence it, and ends with its mark", () => {
    const [comment] = plan(makeReview([makeFinding("x", { severity: "error" })])).comments;
    const fingerprint = fingerprintOf("x");
    expect(comment!.body).toBe(
      [
        "**error** x is left over",
        "It stops whoever runs this.",
        `<sub>\`leftover-debugger\`. To silence it, answer \`/repowright dismiss ${fingerprint.slice(0, 8)} reason\`, or write \`repowright-ignore leftover-debugger: reason\` in a comment above the line.</sub>`,
        `<!-- repowright:finding:${fingerprint} -->`,
      ].join("\n\n"),
    );
  });
});

describe("which findings have comments", () => {
  test("errors and warnings, the ten that rank highest; never notes", () => {
    const findings = [
      makeFinding("note", { severity: "info" }),
      ...Array.from({ length: 14 }, (_, at) => makeFinding(`f${at}`, { line: at + 1 })),
    ];
    const planned = plan(makeReview(findings));
    expect(planned.fingerprints).toEqual(
      findings.slice(1, maxComments + 1).map(({ fingerprint }) => fingerprint),
    );
    expect(planned.check.annotations.map(({ severity }) => severity)).toEqual([
      "info",
      ...Array(4).fill("warning"),
    ]);
    // Those that are there do not make room for the next ones.
    const again = plan(makeReview(findings), carryOut(planned, nothingPosted));
    expect(again).toMatchObject({ comments: [], summary: null, resolve: [] });
    expect(again.check).toEqual(planned.check);
  });

  test.each([
    ["open", makePosted("a")],
    ["resolved by somebody", makePosted("a", { isResolved: true })],
    ["without a thread", makePosted("a", { threadId: null })],
  ])("never one whose comment is there already: %s", (_, comment) => {
    const planned = plan(makeReview([makeFinding("a"), makeFinding("b")]), {
      summary: null,
      comments: [comment],
    });
    expect(planned.fingerprints).toEqual([fingerprintOf("b")]);
    expect(planned.resolve).toEqual([]);
  });
});

describe("suggestions", () => {
  const of = (
    suggestion: string | null,
    changes: Partial<Finding> = {},
    host: PostingInput["host"] = "github",
  ) =>
    plan(makeReview([makeFinding("x", { suggestion, ...changes })]), nothingPosted, { host }).comments[0]!
      .body;
  test.each<[string, string | null, Partial<Finding>, PostingInput["host"], string | null]>([
    ["one line", "return;", {}, "github", "```suggestion\nreturn;\n```"],
    ["nothing instead", "", {}, "github", "```suggestion\n```"],
    ["with a fence in it", "a\n````\nb", {}, "github", "`````suggestion\na\n````\nb\n`````"],
    ["GitLab's", "a\nb", { line: 3, endLine: 5 }, "gitlab", "```suggestion:-2+0\na\nb\n```"],
    ["shown only", "return;", {}, "gitea", "```\nreturn;\n```"],
    ["none", null, {}, "github", null],
    ["of lines that are elsewhere", "x", { path: "src/old.ts", line: 5, endLine: 20 }, "github", null],
    ["of lines that were removed", "x", { path: "src/old.ts", line: 4, side: "old" }, "github", null],
    ["with a command of GitLab's", "a\n/merge\nb", {}, "github", null],
    ["with a command of another bot's", "  @dependabot merge", {}, "github", null],
    ["with a decorator", "@sealed\nclass A {}", {}, "github", "```suggestion\n@sealed\nclass A {}\n```"],
    ["that runs backwards", "if (a\u202e) b", {}, "github", null],
    ["with carriage returns", "a\r\nb", {}, "github", null],
    ["with half a character", "a\ud800", {}, "github", null],
    ["that is too long", "x".repeat(10_001), {}, "github", null],
  ])("%s", (_, suggestion, changes, host, expected) => {
    const block = /\n\n(`{3,}[\s\S]*?)\n\n<sub>/.exec(of(suggestion, changes, host));
    expect(block?.[1] ?? null).toBe(expected);
  });
});

describe("the summary", () => {
  const summaryOf = (commit: string, text = "Found nothing."): PostedReview["summary"] => ({
    id: "s",
    body: `${text}\n${toMark({ kind: "summary", fingerprint: commit })}`,
  });
  const note = makeFinding("note", { severity: "info" });
  test.each<[string, ReviewResult, PostedReview["summary"], RegExp | null]>([
    ["a clean change: none", makeReview([]), null, null],
    ["notes only: none", makeReview([note]), null, null],
    ["clean while a model is awaited: none", makeReview([], { model: { state: "awaited" } }), null, null],
    [
      "clean, but a model wrote one",
      makeReview([], { model: { state: "done", summary: "It adds x." } }),
      null,
      /It adds x/,
    ],
    ["findings", makeReview([makeFinding("x")]), null, /Found 1 warning/],
    ["clean now: what is there is changed", makeReview([]), summaryOf(headB), /^\*\*Nothing to object/],
    [
      "awaited, of an earlier commit",
      makeReview([], { model: { state: "awaited" } }),
      summaryOf(headB),
      /Nothing/,
    ],
    [
      "awaited, of this commit: it stays",
      makeReview([makeFinding("x")], { model: { state: "awaited" } }),
      summaryOf(headA),
      null,
    ],
    ["of this commit, but another text", makeReview([makeFinding("x")]), summaryOf(headA), /Found 1 warning/],
  ])("%s", (_, review, existing, expected) => {
    const { summary } = plan(review, { summary: existing, comments: [] });
    const mark = toMark({ kind: "summary", fingerprint: headA });
    expect(summary === null || summary.endsWith(mark)).toBe(true);
    expect(expected === null ? summary === null : expected.test(summary ?? "")).toBe(true);
  });

  test("is not written again when hosts changed its line ends", () => {
    const review = makeReview([makeFinding("x")]);
    const first = plan(review);
    const body = `${first.summary!.replaceAll("\n", "\r\n")}\r\n`;
    expect(
      plan(review, { ...carryOut(first, nothingPosted), summary: { id: "s", body } }).summary,
    ).toBeNull();
  });

  test.each([
    [
      "github",
      "https://github.com/octo-org/widgets/pull/7",
      `https://github.com/octo-org/widgets/blob/${headA}/src/a%20%28b%29.ts#L3-L5`,
    ],
    [
      "gitlab",
      "https://gitlab.example/a/b/c/-/merge_requests/7",
      `https://gitlab.example/a/b/c/-/blob/${headA}/src/a%20%28b%29.ts#L3-5`,
    ],
    [
      "gitea",
      "https://codeberg.org/a/b/pulls/7",
      `https://codeberg.org/a/b/src/commit/${headA}/src/a%20%28b%29.ts#L3-L5`,
    ],
    ["github", "javascript:alert(1)//pull/7", null],
    ["github", "https://x/) [y](https://evil.example/pull/7", null],
    ["github", "", null],
  ] as const)("links to lines: %s %s", (host, url, expected) => {
    const review = makeReview([makeFinding("x", { path: "src/a (b).ts", endLine: 5 })]);
    const { summary } = plan(review, nothingPosted, { host, url });
    expect(summary).toContain(
      expected === null ? "- **warning** `src/a (b).ts:3-5` x" : `[\`src/a (b).ts:3-5\`](${expected})`,
    );
  });

  test("says it all when the host took no comments, and only names what has one otherwise", () => {
    const review = makeReview([makeFinding("x")]);
    expect(plan(review).summary).not.toContain("It stops whoever");
    const refused = plan(review, nothingPosted, { takesComments: false });
    expect(refused.comments).toEqual([]);
    expect(refused.summary).toContain("It stops whoever");
  });

  test("stays below the most that hosts take", () => {
    const long = "\u0000_".repeat(3_000);
    const findings = Array.from({ length: 200 }, (_, at) =>
      makeFinding(`f${at}`, {
        message: long,
        why: long,
        path: `src/${"_".repeat(4_000)}`,
        rule: "`".repeat(500),
      }),
    );
    const planned = plan(
      makeReview(findings, {
        notes: Array(100).fill(long),
        model: {
          state: "done",
          summary: long,
          walkthrough: findings.map(({ path }) => ({ path, text: long })),
        },
        passes: Array.from({ length: 50 }, () => ({
          id: "x",
          state: "failed" as const,
          findings: 0,
          message: long,
          tookMs: 1,
        })),
      }),
    );
    expect(planned.summary!.length).toBeLessThanOrEqual(65_536);
    expect(planned.summary).toMatch(/200 warnings[\s\S]*repowright:summary/);
    expect(planned.check.summary.length).toBeLessThanOrEqual(65_535);
  });
});

describe("threads", () => {
  const [there, gone] = [makeFinding("there"), makeFinding("gone")];
  const posted = { summary: null, comments: [makePosted("there"), makePosted("gone")] };
  const model = new Set([gone.fingerprint]);
  test.each<[string, ReviewResult, PostedReview, ReadonlySet<string>, readonly string[]]>([
    ["whose finding is gone are resolved", makeReview([there]), posted, new Set(), ["t-gone"]],
    [
      "dismissed",
      makeReview([there], { suppressed: [suppress(gone, "dismissal")] }),
      posted,
      new Set(),
      ["t-gone"],
    ],
    [
      "silenced by a comment",
      makeReview([there], { suppressed: [suppress(gone, "comment")] }),
      posted,
      new Set(),
      ["t-gone"],
    ],
    [
      "held back as too many stay",
      makeReview([there], { suppressed: [suppress(gone, "cap")] }),
      posted,
      new Set(),
      [],
    ],
    [
      "said by another tool too stay",
      makeReview([there], { suppressed: [suppress(gone, "duplicate")] }),
      posted,
      new Set(),
      [],
    ],
    [
      "that a person resolved are left alone",
      makeReview([there]),
      { summary: null, comments: [makePosted("gone", { isResolved: true })] },
      new Set(),
      [],
    ],
    [
      "without an id cannot be",
      makeReview([]),
      { summary: null, comments: [makePosted("gone", { threadId: null })] },
      new Set(),
      [],
    ],
    [
      "that are no finding's stay",
      makeReview([]),
      { summary: null, comments: [makePosted("gone", { fingerprint: null })] },
      new Set(),
      [],
    ],
    [
      "stay while a model is awaited",
      makeReview([there], { model: { state: "awaited" } }),
      posted,
      new Set(),
      [],
    ],
    ["of a model that is away stay", makeReview([there], { model: { state: "away" } }), posted, model, []],
    ["of a model that failed stay", makeReview([there], { model: { state: "failed" } }), posted, model, []],
    [
      "of a model that is back do not",
      makeReview([there], { model: { state: "done" } }),
      posted,
      model,
      ["t-gone"],
    ],
    [
      "of others do not stay without it",
      makeReview([there], { model: { state: "away" } }),
      posted,
      new Set(),
      ["t-gone"],
    ],
  ])("%s", (_, review, state, modelFindings, expected) => {
    expect(plan(review, state, { modelFindings }).resolve).toEqual(expected);
  });
});

test.each([
  ["an error", [makeFinding("x", { severity: "error" }), makeFinding("y")], "off", "failed", 0],
  ["a warning", [makeFinding("x")], "done", "attention", 0],
  ["a note", [makeFinding("x", { severity: "info" })], "failed", "passed", 1],
  ["nothing", [], "away", "passed", 0],
  // GitHub adds annotations to those that a running check has.
  ["a model that is asked", [makeFinding("x", { severity: "info" })], "awaited", "running", 0],
] as const)("the check: %s", (_, findings, state, expected, annotations) => {
  const { check } = plan(makeReview(findings, { model: { state } }));
  expect([check.state, check.commit, check.annotations.length]).toEqual([expected, headA, annotations]);
});
