/**
 * Is an index that grew commit by commit the one that is made at once, and how long does a commit take?
 *
 *   node bench/incremental.ts <repository> [--commits 200] [--check-every 20]
 *
 * Goes through the newest commits, oldest first, each with the cache of all before it, as after a pull: history, records
 * and the index in memory. Every twentieth, and the last, is compared with one that was made with an empty cache.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { openTestIndex, dataOf } from "../test/support/search.ts";
import { createServices, createThreads } from "../test/support/services.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    commits: { type: "string", default: "200" },
    "check-every": { type: "string", default: "20" },
  },
});
const [repository] = positionals;
if (repository === undefined) throw new Error("Which repository?");
const commits = Number(values.commits);
const checkEvery = Number(values["check-every"]);

function git(...args: readonly string[]): string {
  return execFileSync("git", ["-C", repository!, ...args], { encoding: "utf8", maxBuffer: 1 << 28 }).trim();
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

const folder = mkdtempSync(join(tmpdir(), "repowright-incremental-"));
const scanner = createThreads(Math.min(4, availableParallelism()));
try {
  const oids = git("rev-list", "--first-parent", `--max-count=${commits + 1}`, "HEAD")
    .split("\n")
    .toReversed();
  const kept = createServices(join(folder, "kept"), scanner);
  const startedAt = performance.now();
  const first = await openTestIndex(kept, repository, oids[0]);
  print(
    `${first.index.files.length} files, ${first.index.history.rows.length} commits, first ${Math.round(performance.now() - startedAt)} ms`,
  );
  const times: { readonly ms: number; readonly files: number }[] = [];
  let checked = 0;
  let different = 0;
  for (const [at, oid] of oids.entries()) {
    if (at === 0) continue;
    const files = git("diff-tree", "-r", "--name-only", "--diff-filter=d", oids[at - 1]!, oid)
      .split("\n")
      .filter((path) => path !== "").length;
    const before = performance.now();
    const warm = await openTestIndex(kept, repository, oid);
    times.push({ ms: performance.now() - before, files });
    if (at % checkEvery !== 0 && at !== oids.length - 1) continue;
    const cold = createServices(join(folder, `cold${at}`), scanner);
    const anew = await openTestIndex(cold, repository, oid);
    cold.cache.close();
    checked++;
    if (isDeepStrictEqual(dataOf(warm.index), dataOf(anew.index))) continue;
    different++;
    print(`${oid} is different`);
  }
  kept.cache.close();
  const sorted = times.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const excess = times.filter(({ ms, files }) => ms > 150 + 3 * files).length;
  print(
    `${times.length} commits, ${checked} compared, ${different} different\n` +
      `milliseconds per commit: p50 ${quantile(sorted, 0.5).toFixed(0)}, p95 ${quantile(sorted, 0.95).toFixed(0)}, most ${sorted.at(-1)?.toFixed(0)}\n` +
      `changed files per commit: ${(times.reduce((sum, { files }) => sum + files, 0) / times.length).toFixed(1)}\n` +
      `above 150 ms + 3 ms for each changed file: ${excess}`,
  );
  if (different > 0) process.exitCode = 1;
} finally {
  await scanner.close();
  rmSync(folder, { recursive: true, force: true });
}
