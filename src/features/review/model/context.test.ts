import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeFromExample } from "../../../../test/support/change-example.ts";
import { createMeasuredGateway } from "../../../../test/support/measured-gateway.ts";
import { createRepository } from "../../../../test/support/repositories.ts";
import { openTestIndex } from "../../../../test/support/search.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import { AppError } from "../../../base/errors.ts";
import type { ReviewedChange } from "../../../contracts/review-rule.ts";
import type { Services } from "../../../contracts/services.ts";
import type { OpenedIndex } from "../../../core/index/search/open-index.ts";
import { createReviewedReferences } from "../../../core/review/indexed-references.ts";
import { type ChangeUnit, identifyUnit } from "./change-unit.ts";
import { cutLines } from "./cut-lines.ts";
import { reviewWithModel } from "./review-with-model.ts";
import { formatShown, showLines } from "./shown-lines.ts";
import { redactLines } from "./shown-text.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-model-context-"));
const scanner = createThreads(1);
const services: Services = createServices(folder, scanner, { "llm.cache_age": "0" });
const signal = new AbortController().signal;
const pay = `/** Takes the amount in cents. */
export function payOut(cents: number): void {
  if (cents < 0) throw new Error("negative");
  const secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345";
}
`;
const head =
  "export function settle(bill: Bill): void {\n  const paid = bill.paid;\n  const rest = bill.total - paid;\n";
const middle = Array.from({ length: 8 }, (_, at) => `  note(${at});\n`).join("");
const before = `import { payOut } from "./pay.ts";\n\n${head}${middle}}\n`;
const after = before.replace("  note(7);\n", "  note(7);\n  payOut(rest / 100);\n  settle(rest);\n");
const request = {
  findings: [],
  title: null,
  body: null,
  instructions: "",
  maxFindings: 3,
  model: undefined,
  jobId: null,
  onProgress() {},
  signal,
};
let opened: OpenedIndex;

beforeAll(async () => {
  opened = await openTestIndex(
    services,
    createRepository(join(folder, "r"), [
      { message: "All", files: { "src/pay.ts": pay, "src/settle.ts": after } },
    ]),
  );
}, 60_000);
afterAll(async () => {
  services.cache.close();
  await scanner.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A hunk with three lines around it, as Git makes them; the whole file behind it. */
function change(): ReviewedChange {
  const whole = changeFromExample({ "src/settle.ts": [before, after] });
  const [file] = whole.files;
  const [hunk] = file!.diff.hunks;
  const lines = hunk!.lines.slice(9, 17);
  const part = { ...hunk!, oldStart: 10, oldLines: 3, newStart: 10, newLines: lines.length, lines };
  const cut = {
    ...file!,
    diff: { ...file!.diff, hunks: [part] },
    lines: file!.lines,
    isAdded: (first: number, last: number) => file!.isAdded(first, last),
  };
  const references = createReviewedReferences({
    scanner,
    openIndex: async () => opened.index,
    read: async () => after,
    signal,
  });
  return { ...whole, files: [cut], file: () => cut, references };
}

async function firstPrompt(window: number, openIndex: (() => Promise<OpenedIndex>) | null): Promise<string> {
  const { gateway, prompts } = createMeasuredGateway(window, () => ({
    findings: [],
    summary: "",
    files: [],
  }));
  const { part } = await reviewWithModel(
    { ...request, change: change(), openIndex },
    { ...services, models: async () => gateway },
  );
  expect(part.state).toBe("done");
  return prompts[0]!.user;
}

describe("beside the diff a model is shown", () => {
  test("the short function around it, and the head of what it calls, without secrets", async () => {
    const prompt = await firstPrompt(32_768, async () => opened);
    expect(prompt).toContain(
      " 3   export function settle(bill: Bill): void {\n 4     const paid = bill.paid;\n",
    );
    expect(prompt).toContain("14 +   payOut(rest / 100);");
    expect(prompt).toContain(
      "From src/pay.ts:2 payOut\n```\nexport function payOut(cents: number): void {\n",
    );
    expect(prompt).toContain('"[redacted github token]"');
    expect(prompt).not.toContain("ghp_");
    // Called too, and part of the change.
    expect(prompt).not.toContain("From src/settle.ts");
    expect(prompt.indexOf("From src/pay.ts")).toBeGreaterThan(prompt.indexOf("payOut(rest"));
  });

  test.each<[string, number, (() => Promise<OpenedIndex>) | null]>([
    ["there is no index", 32_768, null],
    ["the index cannot be opened", 32_768, () => Promise.reject(new AppError("git-failed", "No."))],
    ["the window is small", 4_096, async () => opened],
  ])("only the diff, where %s", async (_, window, openIndex) => {
    const prompt = await firstPrompt(window, openIndex);
    expect(prompt).toContain("14 +   payOut(rest / 100);");
    expect(prompt).not.toContain("From src/pay.ts");
    expect(prompt.includes("export function settle")).toBe(window > 4_096);
  });
});

test("a small window has room for a fence as long as it must be", async () => {
  const lines = Array.from({ length: 12 }, (_, at) => `${"`".repeat(300)}${at}`);
  const { gateway, prompts } = createMeasuredGateway(2_048, () => ({
    findings: [],
    summary: "It.",
    files: [],
  }));
  const of = changeFromExample({ "src/fences.ts": [null, `${lines.join("\n")}\n`] });
  const { part } = await reviewWithModel(
    { ...request, change: of, openIndex: null },
    { ...services, models: async () => gateway },
  );
  // Nothing is said of files that were not read.
  expect(part).toMatchObject({ state: "done", summary: "It." });
  const shown = prompts.map(({ user }) => user).join("\n");
  for (const line of lines) expect(shown).toMatch(new RegExp(`\\d \\+ ${line}$`, "m"));
});

describe("a long hunk", () => {
  const texts = Array.from({ length: 900 }, (_, at) =>
    at % 7 === 0 ? `function part${at}() {` : `  line${at % 13}(${at * at});`,
  );
  const shown = (given: readonly string[]) =>
    showLines(
      given.map((text, at) => ({ kind: "added", text, newLine: at + 1 })),
      { lineTokens: 100, secrets: [] },
    );
  const partsOf = (given: readonly string[]): readonly string[] =>
    cutLines(shown(given), 1_500).map((part) => part.map(({ text }) => text).join("\n"));

  test("is cut into parts that hold all of it, each of its size, at the borders of its blocks", () => {
    const parts = cutLines(shown(texts), 1_500);
    expect(parts.flat().map(({ text }) => text)).toEqual(texts);
    for (const part of parts) expect(formatShown(part).length).toBeLessThanOrEqual(1_500);
    for (const part of parts) expect(part[0]!.text).toMatch(/^function/);
  });

  test("is cut at the same places after lines were added at its top", () => {
    const old = new Set(partsOf(texts));
    const now = partsOf(["first();", "second();", "third();", ...texts]);
    expect(now.filter((part) => old.has(part)).length).toBeGreaterThan(now.length * 0.7);
  });
});

describe("secrets", () => {
  const key = "MIIEpAIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun";
  const mark = "[redacted private key]";
  test.each<[string, readonly string[], readonly string[]]>([
    [
      "a key without its end",
      ["-----BEGIN RSA PRIVATE KEY-----", key, "run();", key],
      [mark, mark, "run();", key],
    ],
    ["a key without its beginning", [key, "-----END PRIVATE KEY-----", "run();"], [key, mark, "run();"]],
    [
      "a key on the line of its beginning",
      [`k = "-----BEGIN PRIVATE KEY-----${key}`],
      [`k = "${mark}${mark}`],
    ],
    ["code beside a marker stays", ["run(); // -----END PRIVATE KEY-----"], [`run(); // ${mark}`]],
    ["one of ours", ["use(settings-secret);"], ["use([redacted setting]);"]],
  ])("%s", (_, lines, expected) => {
    expect(redactLines(lines, ["settings-secret"])).toEqual(expected);
  });
});

describe("what an answer about a place rests on", () => {
  const line = { mark: "+", line: 4, text: "run();", isExact: true } as const;
  const definition = { name: "run", path: "b.ts", line: 1, text: "function run() {}" };
  const unit = {
    path: "a.ts",
    name: "a.ts",
    facts: "added",
    heading: "",
    lines: [line],
    definitions: [definition],
  };
  const keyOf = (more: Partial<ChangeUnit>): string => JSON.stringify(identifyUnit({ ...unit, ...more }));

  test.each<[string, Partial<ChangeUnit>, boolean]>([
    ["its number", { lines: [{ ...line, line: 7 }] }, false],
    ["its mark", { lines: [{ ...line, mark: " " }] }, true],
    ["its text", { lines: [{ ...line, text: "walk();" }] }, true],
    ["its file", { path: "b.ts" }, true],
    ["what it is inside of", { heading: "main()" }, true],
    ["what it calls", { definitions: [{ ...definition, text: "function run() { stop(); }" }] }, true],
  ])("%s", (_, more, isOther) => {
    expect(keyOf(more) !== keyOf({})).toBe(isOther);
  });
});
