import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { growRepository } from "../../../../test/support/grown-repository.ts";
import { addCommit, git, temporaryFolder } from "../../../../test/support/repositories.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import type { Snapshot } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { openRepository, resolveSnapshot } from "../../repository/repositories.ts";
import { learnRepositoryWeights, loadWeights } from "./repository-weights.ts";
import { changeWeights } from "./weights.ts";

const threads = createThreads(1);
afterAll(() => threads.close());
const signal = new AbortController().signal;
const options = { signal, useCache: true, onProgress: (): void => {} };

async function open(source: string, services: Services, revision = "HEAD"): Promise<Snapshot> {
  const { git: program, locks, hosts, config } = services;
  const ports = { git: program, locks, hosts, config: config.values };
  const repository = await openRepository(source, ports, { cwd: "/", signal, onProgress: () => {} });
  return resolveSnapshot(repository, revision, ports, signal);
}

const historyOf = (source: string, revision: string): readonly string[] =>
  git(source, ["rev-list", revision]).trim().split("\n");

test("what was learnt at a commit serves it and what comes after, not what was before", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 320);
  const services = createServices(folder, threads);
  const { cache } = services;
  const at = async (revision: string) =>
    loadWeights(await open(source, services, revision), cache, historyOf(source, revision));
  expect(await at("main")).toEqual({ weights: changeWeights, learntAt: null, isStale: true });

  const older = await open(source, services, "main~210");
  const learning = await learnRepositoryWeights(older, services, { ...options, commits: 60 });
  expect(learning).toMatchObject({ isLearnt: true, cases: 60 });
  expect(learning.weights).not.toEqual(changeWeights);
  const learnt = { weights: learning.weights, learntAt: older.commit };
  expect(await at("main~210")).toEqual({ ...learnt, isStale: false });
  expect(await at("main~10")).toEqual({ ...learnt, isStale: false });
  expect(await at("main~9")).toEqual({ ...learnt, isStale: true });
  expect(await at("main~211")).toEqual({ weights: changeWeights, learntAt: null, isStale: true });

  // Learning from the newer does not take away what the older needs.
  const newer = await open(source, services, "main");
  const again = await learnRepositoryWeights(newer, services, { ...options, commits: 60 });
  expect(again.isLearnt).toBe(true);
  expect(await at("main")).toEqual({ weights: again.weights, learntAt: newer.commit, isStale: false });
  expect(await at("main~100")).toEqual({ ...learnt, isStale: false });
  cache.close();
});

test("a short history teaches nothing, and is not asked again at once", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 40);
  const services = createServices(folder, threads);
  const snapshot = await open(source, services);
  const learning = await learnRepositoryWeights(snapshot, services, options);
  expect(learning).toMatchObject({ weights: changeWeights, isLearnt: false, cases: 39 });
  const kept = loadWeights(snapshot, services.cache, historyOf(source, "main"));
  expect(kept).toEqual({ weights: changeWeights, learntAt: null, isStale: false });
  services.cache.close();
});

test("what a commit itself holds is not learnt from it", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 110);
  git(source, ["checkout", "--quiet", "--force", "main"]);
  const services = createServices(folder, threads);
  const before = await learnRepositoryWeights(await open(source, services), services, {
    ...options,
    commits: 60,
  });
  expect(before.isLearnt).toBe(true);
  // A commit that only adds files is no question; its content must not change what the others teach.
  addCommit(source, {
    message: "Refuse broken frames in the parser",
    files: { "src/other.py": "def refuse_broken_frames(parser):\n    return parser\n" },
    at: 1_800_000_000,
  });
  const after = await learnRepositoryWeights(await open(source, services), services, {
    ...options,
    commits: 60,
  });
  expect(after.weights).toEqual(before.weights);
  services.cache.close();
});

test("kept weights that cannot be read are as if there were none", async () => {
  const folder = temporaryFolder();
  const source = growRepository(join(folder, "r"), 5);
  const services = createServices(folder, threads);
  const snapshot = await open(source, services);
  const { gitDir } = snapshot.repository;
  for (const bytes of ["no JSON", '[{"commit":"x","commits":5,"weights":{"body":1}}]', "{}", "null"]) {
    services.cache.putMany("weights/1", [[gitDir, Buffer.from(bytes.replace("x", snapshot.commit))]]);
    expect(loadWeights(snapshot, services.cache, historyOf(source, "main"))).toEqual({
      weights: changeWeights,
      learntAt: null,
      isStale: true,
    });
  }
  services.cache.close();
});
