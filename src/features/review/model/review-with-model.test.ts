import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeFromExample } from "../../../../test/support/change-example.ts";
import { type ModelReviewOptions, startModelReviews } from "../../../../test/support/model-review.ts";
import { type ModelServer, startModelServer } from "../../../../test/support/model-server.ts";
import type { AskedReview, ScriptedReply } from "../../../../test/support/scripted-reviewer.ts";
import { AppError, toAppError } from "../../../base/errors.ts";
import type { Finding } from "../../../contracts/finding.ts";
import { modelPartSchema } from "../../../contracts/review.ts";
import type { ReviewedChange } from "../../../contracts/review-rule.ts";
import type { ModelReview } from "./review-with-model.ts";

let reviews: Awaited<ReturnType<typeof startModelReviews>>;
let faulty: ModelServer;
beforeAll(async () => {
  [reviews, faulty] = await Promise.all([startModelReviews(), startModelServer()]);
}, 60_000);
afterAll(() => Promise.all([reviews.close(), faulty.close()]));

const before = `export function total(prices: number[]): number {
  let sum = 0;
  for (let at = 0; at < prices.length; at++) {
    sum += prices[at];
  }
  return sum;
}
`;
const after = before
  .replace("at < prices.length", "at <= prices.length")
  .replace("return sum;", "return sum;  ");
const change = changeFromExample({ "src/total.ts": [before, after] });
const fault = {
  path: "src/total.ts",
  line: 3,
  quote: "  for (let at = 0; at <= prices.length; at++) {",
  message: "The loop reads one element too many.",
  why: "The last one is undefined, and the sum becomes NaN.",
  suggestion: "  for (let at = 0; at < prices.length; at++) {",
  category: "bug",
  severity: "error",
  confidence: "high",
};
const sure = { reason: "It is so.", isReal: true, confidence: "high" };
const summary = {
  summary: "Changes the sum.",
  files: [
    { path: "src/total.ts", text: "Sums otherwise." },
    { path: "src/total.ts", text: "Said twice." },
  ],
};

/** A reviewer that finds these, is sure of them, and sums up. */
const saying =
  (findings: unknown, check: unknown = sure) =>
  ({ question }: AskedReview): ScriptedReply => ({
    say: question === "findings" ? { findings } : question === "check" ? check : summary,
  });
async function reviewBy(
  script: (asked: AskedReview) => ScriptedReply,
  options: ModelReviewOptions & { readonly of?: ReviewedChange } = {},
): Promise<ModelReview> {
  reviews.reviewer.answer(script);
  const result = await reviews.review(options.of ?? change, options);
  expect(modelPartSchema.parse(result.part)).toEqual(result.part);
  return result;
}
const asked = (question: AskedReview["question"]): readonly AskedReview[] =>
  reviews.reviewer.asked().filter((one) => one.question === question);

describe("a good answer", () => {
  test("is a finding on its lines, looked at twice, beside a summary", async () => {
    const { part, findings } = await reviewBy(saying([fault]), {
      settings: { "llm.models": "openrouter/reviewer" },
    });
    expect(findings).toEqual([
      {
        rule: "model/bug",
        severity: "error",
        category: "bug",
        path: "src/total.ts",
        line: 3,
        endLine: 3,
        side: "new",
        message: fault.message,
        why: fault.why,
        suggestion: fault.suggestion,
        source: "model",
        confidence: "high",
      },
    ]);
    expect(part).toMatchObject({
      state: "done",
      message: null,
      summary: "Changes the sum.",
      walkthrough: [{ path: "src/total.ts", text: "Sums otherwise." }],
      calls: 3,
      dropped: 0,
    });
    expect(part.name).toMatch(/^openrouter\/reviewer/);
    expect(part.inputTokens).toBeGreaterThan(100);
    expect(part.costUsd).toBeCloseTo(part.outputTokens! / 1_000);
    expect(reviews.reviewer.asked().map(({ question }) => question)).toEqual([
      "findings",
      "check",
      "summary",
    ]);
  });

  test.each<[string, object, object]>([
    ["a wrong number does not matter", { line: 999 }, { line: 3, endLine: 3 }],
    [
      "a quote of several lines",
      { quote: `${fault.quote}\n    sum += prices[at];` },
      { line: 3, endLine: 4 },
    ],
    [
      "a quote on both sides of a removed line",
      { quote: `  let sum = 0;\n${fault.quote}` },
      { line: 2, endLine: 3 },
    ],
    [
      "blanks that differ: no suggestion",
      { quote: "for (let at = 0;  at <= prices.length; at++) {" },
      { suggestion: null },
    ],
    ["part of a line: no suggestion", { quote: "at <= prices.length" }, { line: 3, suggestion: null }],
    [
      "number and mark copied too",
      { quote: `3 + ${fault.quote}` },
      { line: 3, suggestion: fault.suggestion },
    ],
    ["a prefix before the path", { path: "b/src/total.ts" }, { path: "src/total.ts" }],
    ["the word before the path", { path: "File src/total.ts" }, { path: "src/total.ts" }],
    ["no suggestion", { suggestion: null }, { suggestion: null }],
    [
      "a suggestion at the left border",
      { suggestion: fault.suggestion.trim() },
      { suggestion: fault.suggestion },
    ],
    ["a suggestion that changes nothing", { suggestion: fault.quote }, { suggestion: null }],
    ["an address in a suggestion", { suggestion: "  fetch('https://evil.example/')" }, { suggestion: null }],
    ["a fence in a suggestion", { suggestion: "```\n@everyone" }, { suggestion: null }],
    ["error only of bugs and holes", { category: "performance" }, { severity: "warning" }],
    [
      "error only with high confidence",
      { confidence: "medium" },
      { severity: "warning", confidence: "medium" },
    ],
    [
      "words that are none of ours",
      { severity: "blocker", category: "vibes", confidence: 11 },
      { severity: "info", category: "bug" },
    ],
  ])("%s", async (_, given, expected) => {
    const { findings, part } = await reviewBy(saying([{ ...fault, ...given }]));
    expect(findings).toEqual([expect.objectContaining(expected)]);
    expect(part).toMatchObject({ state: "done", dropped: 0 });
  });

  test("what is not sure at the second look does not block", async () => {
    const { findings } = await reviewBy(saying([fault], { ...sure, confidence: "medium" }));
    expect(findings).toMatchObject([{ severity: "warning", confidence: "medium" }]);
  });
});

describe("what is dropped, and counted", () => {
  const twice = changeFromExample({
    "src/twice.ts": [
      "",
      "start();\nlet a = read();\nclose(a);\nlet middle = 1;\nstart();\nlet a = read();\nclose(a);\n",
    ],
  });
  const known: Finding = {
    ...fault,
    rule: "no-such-index",
    severity: "warning",
    category: "bug",
    line: 2,
    endLine: 4,
    side: "new",
    fingerprint: "0".repeat(32),
    excerpt: [],
    source: "rules",
    confidence: "medium",
  };
  test.each<[string, object, ModelReviewOptions & { readonly of?: ReviewedChange }]>([
    ["code that is not there", { quote: "for (const price of prices) {" }, {}],
    ["code that was not added", { quote: "  let sum = 0;" }, {}],
    ["code that was removed", { quote: "at < prices.length; at++" }, {}],
    ["too little of a line", { quote: "at++" }, {}],
    ["nothing quoted", { quote: " \n " }, {}],
    ["another file", { path: "src/other.ts" }, {}],
    ["a path out of the repository", { path: "../../etc/passwd" }, {}],
    ["nothing said", { message: " \u200b " }, {}],
    ["two places alike", { path: "src/twice.ts", quote: "let a = read();", line: null }, { of: twice }],
    ["two places equally near", { path: "src/twice.ts", quote: "let a = read();", line: 4 }, { of: twice }],
    ["what a rule says on these lines", {}, { findings: [known] }],
    [
      "what a rule says in the same words",
      { category: "performance" },
      { findings: [{ ...known, category: "maintenance", message: "This loop reads one element more." }] },
    ],
  ])("%s", async (_, given, options) => {
    const { findings, part } = await reviewBy(saying([{ ...fault, ...given }]), options);
    expect(findings).toEqual([]);
    expect(part).toMatchObject({ state: "done", dropped: 1 });
    expect(asked("check")).toEqual([]);
  });

  test.each([
    ["false", { ...sure, isReal: false }],
    ["not sure", { ...sure, confidence: "low" }],
  ])("a claim whose second look is: %s", async (_, verdict) => {
    const { findings, part } = await reviewBy(saying([fault], verdict));
    expect(findings).toEqual([]);
    expect(part.dropped).toBe(1);
    expect(asked("check")[0]!.user).toContain(fault.message);
  });

  test("one of two files whose long paths look alike as they are shown", async () => {
    const end = `${"deep/".repeat(40)}total.ts`;
    const { findings, part } = await reviewBy(
      ({ question, user, ...rest }) =>
        saying([{ ...fault, path: /^File (\S+) /m.exec(user)?.[1] }])({ question, user, ...rest }),
      { of: changeFromExample({ [`a/${end}`]: [before, after], [`b/${end}`]: [before, after] }) },
    );
    expect(findings).toEqual([]);
    expect(part.dropped).toBe(1);
  });

  test("the nearer of two places, and the one whose neighbours are spoken of", async () => {
    const of = changeFromExample({
      "src/twice.ts": ["", "openFirst();\nlet a = read();\n\n\n\n\n\n\nopenSecond();\nlet a = read();\n"],
    });
    const quote = { ...fault, path: "src/twice.ts", quote: "let a = read();" };
    const near = await reviewBy(saying([{ ...quote, line: 8 }]), { of });
    expect(near.findings).toMatchObject([{ line: 10 }]);
    const spoken = await reviewBy(saying([{ ...quote, line: null, message: "After openFirst it fails." }]), {
      of,
    });
    expect(spoken.findings).toMatchObject([{ line: 2 }]);
  });

  test("more than are wanted: the worst are shown, and the rest is not even asked about", async () => {
    const lines = Array.from({ length: 12 }, (_, at) => `const value${at} = compute${at}(at);`);
    const many = lines.map((quote, at) => ({
      ...fault,
      path: "src/many.ts",
      quote,
      line: at + 1,
      message: `Number ${at} fails.`,
      severity: at === 7 ? "error" : at === 9 ? "warning" : "info",
    }));
    const { findings, part } = await reviewBy(saying(many), {
      of: changeFromExample({ "src/many.ts": [null, `${lines.join("\n")}\n`] }),
      maxFindings: 2,
    });
    expect(findings.map(({ line }) => line)).toEqual([8, 10]);
    expect(asked("check")).toHaveLength(2);
    expect(part.dropped).toBe(10);
  });
});

test("of an answer without end only the beginning is looked at", async () => {
  const { part } = await reviewBy(
    saying(Array.from({ length: 100 }, () => ({ ...fault, quote: "nowhere" }))),
  );
  expect(part).toMatchObject({ state: "done", dropped: 20 });
});

describe("answers of the wrong form", () => {
  test("broken JSON is repaired by a second turn", async () => {
    const { findings, part } = await reviewBy(({ question, turn, ...rest }) =>
      question === "findings" && turn === 0
        ? { say: '{"findings": [' }
        : saying([fault])({ question, turn, ...rest }),
    );
    expect(findings).toHaveLength(1);
    expect(part).toMatchObject({ state: "done", calls: 4 });
  });

  test.each<[string, ScriptedReply]>([
    [
      "JSON in a fence",
      { say: `Here it is:\n\`\`\`json\n${JSON.stringify({ findings: [fault] }, null, 1)}\n\`\`\`` },
    ],
  ])("%s is understood", async (_, reply) => {
    const script = saying([fault]);
    const { findings } = await reviewBy((one) => (one.question === "findings" ? reply : script(one)));
    expect(findings).toHaveLength(1);
  });

  test.each<[string, ScriptedReply, "failed" | "away"]>([
    ["no JSON at all", { say: "I could not find anything." }, "failed"],
    ["another form", { say: { verdict: "approve" } }, "failed"],
    ["cut at its greatest length", { say: '{"findings": [', finish: "length" }, "failed"],
    ["held back by a filter", { say: "", finish: "filter" }, "failed"],
    ["silence", { say: "", isEmpty: true }, "away"],
    ["blank", { say: "  " }, "away"],
  ])("%s: the state says so", async (_, reply, state) => {
    const { findings, part } = await reviewBy(() => reply);
    expect(findings).toEqual([]);
    expect(part).toMatchObject({ state, summary: null, walkthrough: [], costUsd: null });
    expect(part.message).toMatch(/compatible\/reviewer/);
  });

  test("a summary that fails leaves the findings", async () => {
    const { findings, part } = await reviewBy((one) =>
      one.question === "summary" ? { say: "no" } : saying([fault])(one),
    );
    expect(findings).toHaveLength(1);
    expect(part).toMatchObject({ state: "done", summary: null });
  });

  test("a second look that fails is a doubt", async () => {
    const { findings, part } = await reviewBy((one) =>
      one.question === "check" ? { say: "yes" } : saying([fault])(one),
    );
    expect(findings).toEqual([]);
    expect(part).toMatchObject({ state: "done", dropped: 1, summary: "Changes the sum." });
  });
});

describe("no answer", () => {
  const down = { addresses: "compatible=http://127.0.0.1:9/v1", keys: "" };
  test.each<[string, ModelReviewOptions, object]>([
    ["nothing is set", { settings: { "llm.models": "" } }, { state: "off", message: null }],
    ["switched off", { settings: { "llm.enabled": "false" } }, { state: "off", message: expect.any(String) }],
    [
      "a key is missing",
      { settings: { "llm.models": "openai/x" } },
      { state: "failed", message: expect.stringMatching(/key/i) },
    ],
    ["unreachable", { server: down }, { state: "away" }],
    [
      "the budget of the day",
      { settings: { "llm.budget_day_tokens": "10" } },
      { state: "away", message: expect.stringMatching(/budget/) },
    ],
  ])("%s", async (_, options, expected) => {
    const { findings, part } = await reviewBy(saying([fault]), options);
    expect(findings).toEqual([]);
    expect(part).toMatchObject(expected);
  });

  test.each([
    ["429", "away"],
    ["503", "away"],
    ["429-long", "away"],
    ["hang", "away"],
    ["401", "failed"],
    ["404", "failed"],
    ["400", "failed"],
    ["bad-json", "away"],
    ["html", "away"],
  ])("a provider that does this: %s", async (fault_, state) => {
    const model = `compatible/review-${fault_}~${fault_}`;
    const { part } = await reviewBy(saying([]), { server: faulty, settings: { "llm.models": model } });
    expect(part.state, part.message ?? "").toBe(state);
    const calls = (await faulty.calls()).filter((call) => `compatible/${call.model}` === model);
    // Once it is clear that nobody answers, nobody is asked again.
    expect(calls.length).toBeLessThanOrEqual(1);
  });

  test("what was found before the model went away is shown, and the rest is asked for the next time", async () => {
    const cache = reviews.newCache();
    const first = await reviewBy(
      (one) => (one.question === "summary" ? { status: 429 } : saying([fault])(one)),
      { cache },
    );
    expect(first.findings).toHaveLength(1);
    expect(first.part).toMatchObject({ state: "away", calls: 2 });
    const second = await reviewBy(saying([]), { cache });
    expect(second.findings).toEqual(first.findings);
    expect(second.part).toMatchObject({ state: "done", calls: 1, summary: "Changes the sum." });
    expect(asked("findings")).toEqual([]);
  });

  test("what nobody could look at again is not shown, and not counted as wrong", async () => {
    const cache = reviews.newCache();
    const first = await reviewBy(
      (one) => (one.question === "check" ? { status: 503 } : saying([fault])(one)),
      {
        cache,
      },
    );
    expect(first.findings).toEqual([]);
    expect(first.part).toMatchObject({ state: "away", dropped: 0 });
    const second = await reviewBy(saying([]), { cache });
    expect(second.findings).toHaveLength(1);
  });

  test("who cancels is told so; a running server is left to its own", async () => {
    const controller = new AbortController();
    const cancelled = reviewBy(
      () => {
        controller.abort();
        return { say: {} };
      },
      { signal: controller.signal },
    );
    expect(toAppError(await cancelled.catch((error: unknown) => error)).code).toBe("cancelled");
    const elsewhere = reviews.reviewElsewhere(new AppError("model-calls-at-server", "There."), change);
    await expect(elsewhere).rejects.toThrow("There.");
  });
});

describe("what a push costs", () => {
  const file = (...parts: readonly string[]): string => parts.map((part) => `${part}\n`).join("");
  const body = Array.from({ length: 30 }, (_, at) => `unchanged(${at});`).join("\n");
  const old = file("top();", body, "bottom();");

  test("nothing for the same change again, whatever it is called", async () => {
    const cache = reviews.newCache();
    const first = await reviewBy(saying([fault]), { cache });
    const again = await reviewBy(() => ({ status: 500 }), { cache });
    expect(reviews.reviewer.asked()).toEqual([]);
    expect(again.findings).toEqual(first.findings);
    expect(again.part).toMatchObject({
      state: "done",
      calls: 0,
      costUsd: 0,
      inputTokens: 0,
      name: first.part.name,
    });
    const renamed = await reviewBy(saying([]), { cache, title: "Now it has a title" });
    expect(renamed.findings).toEqual(first.findings);
    expect(reviews.reviewer.asked().map(({ question }) => question)).toEqual(["summary"]);
  });

  test("only the hunks that are new, also where the others moved", async () => {
    const cache = reviews.newCache();
    const end = ["bottom();", "added(at);", "other(at);", "added(at);"];
    // The second of two lines alike, as the number says.
    const script = saying([{ ...fault, path: "src/a.ts", quote: "added(at);", line: 36 }]);
    const first = await reviewBy(script, {
      cache,
      of: reviews.hunks("src/a.ts", old, file("top();", body, ...end)),
    });
    expect(first.findings).toMatchObject([{ line: 35 }]);
    const now = file("first();", "second();", "top();", body, ...end);
    const { findings } = await reviewBy(saying([]), { cache, of: reviews.hunks("src/a.ts", old, now) });
    expect(findings).toMatchObject([{ line: 37, message: fault.message }]);
    expect(asked("findings")).toHaveLength(1);
    expect(asked("findings")[0]!.user).toContain("first();");
    expect(asked("findings")[0]!.user).not.toContain("added(at);");
    expect(asked("check")).toEqual([]);
  });

  test("hunks that read the same keep their own answers", async () => {
    const cache = reviews.newCache();
    const around = Array.from({ length: 4 }, () => "same();");
    const of = reviews.hunks(
      "src/a.ts",
      file(...around, ...around, body, ...around, ...around),
      file(...around, "added(at);", ...around, body, ...around, "added(at);", ...around),
    );
    const script = saying([{ ...fault, path: "src/a.ts", quote: "added(at);", line: 5 }]);
    const first = await reviewBy(script, { cache, of });
    expect(first.findings).toMatchObject([{ line: 5 }]);
    expect((await reviewBy(saying([]), { cache, of })).findings).toEqual(first.findings);
    expect(asked("findings")).toEqual([]);
  });

  test("all of a hunk of the same lines of which others were added", async () => {
    const cache = reviews.newCache();
    await reviewBy(saying([]), {
      cache,
      of: changeFromExample({ "a.ts": ["one();\n", "one();\ntwo();\n"] }),
    });
    await reviewBy(saying([]), {
      cache,
      of: changeFromExample({ "a.ts": ["two();\n", "one();\ntwo();\n"] }),
    });
    expect(asked("findings")).toHaveLength(1);
  });

  test.each<[string, ModelReviewOptions & { readonly of?: ReviewedChange }]>([
    ["a hunk", { of: changeFromExample({ "src/total.ts": [before, after.replace("sum += ", "sum -= ")] }) }],
    ["the wishes", { instructions: "Look at money." }],
    ["the model", { settings: { "llm.models": "review=compatible/other" } }],
    ["nothing, where answers are not kept", { settings: { "llm.cache_age": "0" } }],
  ])("all of it when this changed: %s", async (_, options) => {
    const cache = reviews.newCache();
    await reviewBy(saying([fault]), { cache });
    await reviewBy(saying([fault]), { cache, ...options });
    expect(asked("findings")).toHaveLength(1);
  });
});

describe("what a model is shown", () => {
  test("numbered lines with marks, secrets taken out, nothing of what the author says", async () => {
    const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
    await reviewBy(
      saying([{ ...fault, quote: 'const token = "[redacted github token]";', path: "src/new.ts", line: 2 }]),
      {
        of: changeFromExample({ "src/new.ts": ["a();\n", `a();\nconst token = "${secret}";\n`] }),
        title: "A title",
        body: "A body",
      },
    );
    const [findings] = asked("findings");
    expect(findings!.user).toContain(
      'src/new.ts (modified, TypeScript)\n```\n1   a();\n2 + const token = "[redacted github token]";\n```',
    );
    expect(JSON.stringify(reviews.reviewer.asked())).not.toContain(secret);
    expect(findings!.user).not.toMatch(/A title|A body/);
    expect(asked("summary")[0]!.user).toMatch(/A title\n\nA body/);
    // The quote of the redacted line is found all the same.
    expect(asked("check")).toHaveLength(1);
  });

  test("names only, of what nobody wrote or nobody can read", async () => {
    await reviewBy(saying([]), {
      of: changeFromExample({
        "src/total.ts": [before, after],
        "package-lock.json": [null, '{ "lockfileVersion": 3 }\n'],
        "go.sum": [null, "locked v1.0.0 h1:x\n"],
        "src/page.snap": [null, "drawn();\n"],
        "vendor/lib.js": [null, "vendored();\n"],
        "dist/app.min.js": [null, `${"minified();".repeat(200)}\n`],
        "gone.ts": ["gone();\n", null],
      }),
    });
    expect(asked("findings")).toHaveLength(1);
    const prompts = reviews.reviewer
      .asked()
      .map(({ user }) => user)
      .join("\n");
    expect(prompts).not.toMatch(/lockfileVersion|locked|drawn|vendored\(\)|minified\(\)|gone\(\)/);
    expect(asked("summary")[0]!.user).toMatch(/= package-lock\.json .*\n/);
    expect(asked("summary")[0]!.user).toContain("= gone.ts (deleted");
  });

  test("a change too large: code before tests before texts, and the summary says what was not read", async () => {
    const long = (name: string): string =>
      Array.from({ length: 400 }, (_, at) => `${name}${at}("${"some text ".repeat(4)}");`).join("\n");
    const files = Object.fromEntries(
      ["docs/guide.md", "test/big.test.ts", ...Array.from({ length: 12 }, (_, at) => `src/part${at}.ts`)].map(
        (path, at) => [path, [null, `${long(`call${at}x`)}\n`] as const],
      ),
    );
    const { part } = await reviewBy(saying([]), { of: changeFromExample(files) });
    expect(asked("findings")).toHaveLength(8);
    expect(asked("findings")[0]!.user).toContain("src/part0.ts");
    expect(
      asked("findings")
        .map(({ user }) => user)
        .join(""),
    ).not.toContain("guide.md");
    expect(part.summary).toMatch(
      /^Changes the sum\. \d+ of 14 files were not read by the model, or not to their end: /,
    );
  });

  test("nothing to read: nobody is asked", async () => {
    const { part } = await reviewBy(saying([]), {
      of: changeFromExample({ "gone.ts": ["gone();\n", null] }),
    });
    expect(part).toMatchObject({ state: "done", calls: 0, summary: null });
    expect(reviews.reviewer.asked()).toEqual([]);
  });
});
