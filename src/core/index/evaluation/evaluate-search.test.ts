import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { growRepository } from "../../../../test/support/grown-repository.ts";
import { addCommit, git, temporaryFolder } from "../../../../test/support/repositories.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import { AppError } from "../../../base/errors.ts";
import type { Snapshot } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { openRepository, resolveSnapshot } from "../../repository/repositories.ts";
import { loadSearchIndex } from "../search/load-index.ts";
import { parseQuery } from "../search/query.ts";
import { rankFiles } from "../search/rank-files.ts";
import type { SearchIndex } from "../search/search-index.ts";
import { changeWeights } from "../search/weights.ts";
import { prepareCases } from "./commit-cases.ts";
import { evaluateSearch } from "./evaluate-search.ts";

const threads = createThreads(1);
afterAll(() => threads.close());
const signal = new AbortController().signal;
const quiet = { signal, onProgress: (): void => {} };

const servicesIn = (folder: string): Services => createServices(folder, threads);

async function open(source: string, services: Services, revision = "HEAD"): Promise<Snapshot> {
  const { git: program, locks, hosts, config } = services;
  const ports = { git: program, locks, hosts, config: config.values };
  const repository = await openRepository(source, ports, { cwd: "/", ...quiet });
  return resolveSnapshot(repository, revision, ports, signal);
}

/** By path, the score and everything that speaks for it. */
function rank(index: SearchIndex, text: string): unknown {
  const ranked = rankFiles(index, parseQuery(text), { weights: changeWeights });
  return Object.fromEntries(
    index.files.map(({ path }, file) => [
      path,
      [ranked.scores[file], ...Object.values(ranked.signals).map((column) => column[file])],
    ]),
  );
}

describe("a commit knows nothing of itself", () => {
  test("its case is ranked as in a repository that ends at its parent", async () => {
    const folder = temporaryFolder();
    const source = growRepository(join(folder, "r"), 30);
    const parent = git(source, ["rev-parse", "HEAD"]).trim();
    git(source, ["checkout", "--quiet", "--force", "main"]);
    // Nothing before this commit has anything to do with what it says.
    const subject = "Quokka wombat in the cache";
    addCommit(source, {
      message: subject,
      files: { "src/cache.py": "def quokka_wombat():\n    pass\n", "src/quokka.py": "quokka = 'wombat'\n" },
      at: 1_800_000_000,
    });
    addCommit(source, {
      message: "Wombat quokka again",
      files: { "src/lexer.py": "wombat = 'quokka'\n", ".gitattributes": "*.py linguist-generated\n" },
      at: 1_800_000_100,
    });
    addCommit(source, {
      message: "Close wombats",
      files: { "src/router.py": "wombat = 1\n" },
      at: 1_800_000_200,
    });
    const services = servicesIn(join(folder, "data"));
    const prepared = await prepareCases(await open(source, services), services, {
      ...quiet,
      useCache: true,
      builds: true,
      commits: 5,
      maxFiles: 10,
    });
    const found = prepared.each().find((one) => one.case.subject === subject)!;
    expect(found.case.paths).toEqual(["src/cache.py"]);
    expect([...found.relevant].map((file) => found.index.files[file]!.path)).toEqual(["src/cache.py"]);

    const cut = join(folder, "cut");
    git(source, ["branch", "older", parent]);
    git(folder, ["clone", "--quiet", "--single-branch", "--branch", "older", source, cut]);
    const others = servicesIn(join(folder, "other"));
    const { index } = await loadSearchIndex(await open(cut, others), others, {
      ...quiet,
      useCache: true,
      builds: true,
    });
    expect(rank(found.index, subject)).toEqual(rank(index, subject));
    // The comparison can tell: with the commit itself in the index, everything is otherwise.
    const { index: later } = await loadSearchIndex(await open(source, services), services, {
      ...quiet,
      useCache: true,
      builds: true,
    });
    expect(rank(later, subject)).not.toEqual(rank(index, subject));
    services.cache.close();
    others.cache.close();
  });
});

test("figures of a repository in which every commit says what it changes", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 90);
  const services = servicesIn(join(folder, "data"));
  const snapshot = await open(source, services);
  const evaluation = await evaluateSearch(snapshot, services, { ...quiet, commits: 80, maxFiles: 5 });
  expect(evaluation.cases).toMatchObject({ asked: 80, usable: 80, newest: snapshot.commit });
  const { files, functions, docSentences, learning, context } = evaluation;
  expect(files.all.n).toBe(80);
  // The file is named in the subject: found at once by its name, and never in the split without leaks.
  expect(files.all.methods.ours.mrr.value).toBeGreaterThan(0.95);
  expect(files.noLeak.n).toBe(0);
  expect(files.masked).toMatchObject({ n: 80, skipped: 0 });
  // Of six files that all have the words, only chance and history tell which.
  expect(files.masked.methods.grep.hit1.value).toBeLessThan(0.4);
  expect(functions).toMatchObject({ n: 80, withoutFunction: 0, unreadable: 0 });
  expect(functions.methods.ours.hit1.value).toBeGreaterThan(0.9);
  expect(docSentences.n).toBe(36);
  expect(docSentences.methods.ours.recall10.value).toBeGreaterThan(0.5);
  expect(learning).toMatchObject({ trained: 56, tested: 24 });
  expect(context.map(({ tokens }) => tokens)).toEqual([2_000, 8_000, 32_000]);
  for (const { methods } of context)
    for (const { n, linesPerCorrectLine, files: held } of [methods.ours, methods.byRank]) {
      expect(n).toBe(80);
      expect(linesPerCorrectLine.value).toBeGreaterThanOrEqual(1);
      expect(held.value).toBe(1);
    }
  expect(evaluation.ratios.map(({ name, wanted }) => [name, wanted])).toEqual([
    ["masked", 1.5],
    ["functions", 1.4],
    ["docSentences", 2],
  ]);
  services.cache.close();
});

test("a way of choosing what is shown can be handed in", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 20);
  const services = servicesIn(join(folder, "data"));
  const evaluation = await evaluateSearch(await open(source, services), services, {
    ...quiet,
    commits: 15,
    maxFiles: 5,
    contextMethods: {
      ours: async ({ index }, _, tokens) =>
        tokens > 2_000 ? index.files.map(({ path }) => ({ path, startLine: 1, endLine: 39 })) : [],
      byRank: () => Promise.reject(new AppError("git-failed", "A content is missing.")),
    },
  });
  const [few, more] = evaluation.context.map(({ methods }) => methods.ours);
  expect(few).toMatchObject({ n: 15, files: { value: 0 }, correctLines: { value: 0 } });
  // Six files of 39 lines for the five of one function.
  expect(more).toMatchObject({
    files: { value: 1 },
    correctLines: { value: 1 },
    linesPerCorrectLine: { value: (6 * 39) / 5 },
  });
  // Cases whose contents are missing are left out.
  expect(evaluation.context[1]!.methods.byRank.n).toBe(0);
  services.cache.close();
});

test("too short a history is said, with what is needed", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 6);
  const services = servicesIn(join(folder, "data"));
  const snapshot = await open(source, services);
  await expect(
    evaluateSearch(snapshot, services, { ...quiet, commits: 50, maxFiles: 5 }),
  ).rejects.toMatchObject({
    code: "history-too-short",
    message: expect.stringMatching(/^At least 10 commits .* of the 6 commits of this history 5 do\.$/),
  });
  services.cache.close();
});

test("it ends when it is told to", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 60);
  const services = servicesIn(join(folder, "data"));
  const snapshot = await open(source, services);
  const stop = new AbortController();
  let asked = 0;
  const running = evaluateSearch(snapshot, services, {
    commits: 50,
    maxFiles: 5,
    signal: stop.signal,
    onProgress: ({ message }) => {
      if (message.startsWith("Asking") && ++asked === 3) stop.abort(new Error("enough"));
    },
  });
  await expect(running).rejects.toThrow(/enough|cancel|abort/i);
  expect(asked).toBe(3);
  services.cache.close();
});
