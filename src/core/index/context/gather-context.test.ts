import * as fc from "fast-check";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRepository } from "../../../../test/support/repositories.ts";
import { openTestIndex } from "../../../../test/support/search.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import type { Services } from "../../../contracts/services.ts";
import type { OpenedIndex } from "../search/open-index.ts";
import { countTokens } from "./excerpt.ts";
import { type Context, gatherContext } from "./gather-context.ts";

const scanner = createThreads(2);
const folder = mkdtempSync(join(tmpdir(), "repowright-context-"));
const signal = new AbortController().signal;
/** Our own source, with some files that are hard to show. */
const source = fileURLToPath(new URL("../../..", import.meta.url));
const ours = ["base", "core/index", "core/repository"].flatMap((part) =>
  readdirSync(join(source, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name)),
);
const hard = {
  "hard/long.py": `def long_function(x):\n${Array.from({ length: 400 }, (_, at) => `    x = walk(x, ${at})\n`).join("")}    return x\n`,
  "hard/wide.py": `def wide_function(x):\n    return [${"walk(x), ".repeat(9_000)}]\n`,
  "hard/crlf.py": "def crlf_function(x):\r\n    return walk(x)\r\n",
  "hard/han.md": `# 設定\n\n${"設定ファイルを読み込む。\n".repeat(300)}`,
  "hard/nested.py": `class Walker:\n${Array.from({ length: 30 }, (_, at) => `    def walk_${at}(self):\n        return walk(${at})\n\n`).join("")}`,
};
const files: Record<string, string> = {
  ...Object.fromEntries(ours.map((path) => [`src/${relative(source, path)}`, readFileSync(path, "utf8")])),
  ...hard,
};
let services: Services;
let opened: OpenedIndex;

beforeAll(async () => {
  services = createServices(join(folder, "data"), scanner);
  opened = await openTestIndex(services, createRepository(join(folder, "r"), [{ message: "Start", files }]));
});
afterAll(async () => {
  services.cache.close();
  await scanner.close();
  rmSync(folder, { recursive: true, force: true });
});

const gather = (text: string, budgetTokens: number): Promise<Context> =>
  gatherContext(opened, { text, budgetTokens, signal }, services.git);

const questions = [
  "where are words split into terms?",
  "how is a record decoded?",
  "fix: follow renames of files in history",
  "walk wide long crlf function",
  "設定ファイル",
  "`encodeRecord`",
  "who calls readBlobs?",
  "src/core/index/records/lex.ts:70",
  "Walker",
  "nothing of this is anywhere: qwrtzpsdf",
];

test("whatever the budget, it is kept; no line is shown twice, and each is the file's", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...questions),
      fc.oneof(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 500, max: 32_000 })),
      async (question, budget) => {
        const { pieces, tokens } = await gather(question, budget);
        expect(tokens).toBeLessThanOrEqual(budget);
        expect(tokens).toBe(pieces.reduce((sum, piece) => sum + piece.tokens, 0));
        const shown = new Set<string>();
        for (const piece of pieces) {
          const lines = files[piece.path]!.split(/\r?\n/);
          expect(piece.text).toBe(lines.slice(piece.startLine - 1, piece.endLine).join("\n"));
          expect(piece.tokens).toBeGreaterThanOrEqual(countTokens(piece.text));
          expect(piece.reason).not.toBe("");
          const places = lines
            .slice(piece.startLine - 1, piece.endLine)
            .map((_, at) => `${piece.path}:${piece.startLine + at}`);
          expect(places.filter((place) => shown.has(place))).toEqual([]);
          for (const place of places) shown.add(place);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("the same question gives the same pieces, and a file's pieces stand together in its order", async () => {
  for (const question of questions.slice(0, 4)) {
    const [one, two] = [await gather(question, 6_000), await gather(question, 6_000)];
    expect(one).toEqual(two);
    const paths = one.pieces.map(({ path }) => path);
    expect(paths.filter((path, at) => paths.indexOf(path) < at && paths[at - 1] !== path)).toEqual([]);
    for (const path of new Set(paths)) {
      const starts = one.pieces.filter((piece) => piece.path === path).map(({ startLine }) => startLine);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    }
  }
});

test("most of a large budget is used, where there is enough to show", async () => {
  const { tokens } = await gather("how is a record of a blob decoded and how are its units ranked?", 16_000);
  expect(tokens).toBeGreaterThan(14_000);
});

test("what is asked for letter by letter is there, with why", async () => {
  const reasonsOf = async (question: string, path: string): Promise<readonly string[]> =>
    (await gather(question, 4_000)).pieces.filter((piece) => piece.path === path).map(({ reason }) => reason);
  expect(await reasonsOf("`encodeRecord`", "src/core/index/records/blob-record.ts")).toContain(
    "holds the quoted text",
  );
  expect(await reasonsOf("how does encodeRecord work", "src/core/index/records/blob-record.ts")).toContain(
    "matches the words",
  );
  expect(
    await reasonsOf("at x (/app/src/core/index/records/lex.ts:70:1)", "src/core/index/records/lex.ts"),
  ).toContain("line 70 is named");
});

test("what the best place mentions, who mentions it, and its tests come along", async () => {
  const own = createServices(join(folder, "own"), scanner);
  const small = await openTestIndex(
    own,
    createRepository(join(folder, "small"), [
      {
        message: "Start",
        files: {
          "src/charge.py":
            'def charge_card(card):\n    """Bills the customer."""\n    return settle_amount(card.total)\n',
          "src/amounts.py": "def settle_amount(value):\n    return round(value, 2)\n",
          "src/shop.py": "def checkout(basket):\n    return charge_card(basket.owner)\n",
          "tests/test_pay.py": "def test_pay():\n    assert charge_card(None) == 1\n",
          "src/other.py": "def other():\n    return 1\n",
        },
      },
    ]),
  );
  const { pieces } = await gatherContext(
    small,
    { text: "bills the customer", budgetTokens: 2_000, signal },
    own.git,
  );
  expect(Object.fromEntries(pieces.map(({ path, reason }) => [path, reason]))).toMatchObject({
    "src/charge.py": "matches the words",
    "src/amounts.py": "used by charge_card",
    "src/shop.py": "uses charge_card",
    "tests/test_pay.py": "tests charge_card",
  });
  own.cache.close();
});

test("tokens are not counted short where characters are", () => {
  expect(countTokens("設定ファイルを読み込む")).toBeGreaterThanOrEqual(11);
  expect(countTokens("\n".repeat(100))).toBeGreaterThan(100);
});
