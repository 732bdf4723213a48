import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Services } from "../src/contracts/services.ts";
import { scanSnapshot } from "../src/core/index/scan-snapshot.ts";
import { gatherContext } from "../src/core/index/context/gather-context.ts";
import { openIndex } from "../src/core/index/search/open-index.ts";
import { searchFiles, searchUnits } from "../src/core/index/search/search.ts";
import { openRepository, resolveSnapshot } from "../src/core/repository/repositories.ts";
import { readTree } from "../src/core/repository/tree.ts";
import { createServices, createThreads } from "../test/support/services.ts";
import { measure } from "./measure.ts";

/**
 * `node bench/search.ts REPOSITORY …`: reading a repository for search against parsing its contents alone, with the same
 * threads; queries with the index in memory (subjects of its newest commits); `search` as a whole process.
 */
const program = fileURLToPath(new URL("../bin/repowright.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "repowright-bench-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const { signal } = new AbortController();
const quiet = { signal, onProgress() {} };
const queries = 200;

interface Line {
  readonly name: string;
  readonly cells: readonly string[];
}

async function benchRepository(source: string): Promise<Line> {
  const dataDir = join(scratch, basename(source));
  const scanner = createThreads();
  const services = createServices(dataDir, scanner);
  try {
    const parseMs = await parseAlone(source, services);
    // As parsing: the first compiles.
    await open(source, services, false);
    const [coldMs, cold] = await timed(() => open(source, services, false));
    const [warmMs] = await timed(() => open(source, services, true));
    const subjects = execFileSync("git", ["-C", source, "log", "--format=%s", `--max-count=${queries}`], {
      encoding: "utf8",
    })
      .split("\n")
      // Literals are Git's work, and its start alone takes some milliseconds.
      .filter((subject) => /\p{L}{3}/u.test(subject) && !/["`']/.test(subject));
    const queryMs: number[] = [];
    const contextMs: number[] = [];
    // The first queries compile; a server has done that.
    for (const query of [...subjects.slice(0, 10), ...subjects]) {
      const request = { query, limit: 10, signal };
      queryMs.push((await searchUnits(cold, request, services.git)).tookMs);
      queryMs.push((await searchFiles(cold, request, services.git)).tookMs);
    }
    for (const text of subjects.slice(0, 20))
      contextMs.push(
        (await timed(() => gatherContext(cold, { text, budgetTokens: 8_000, signal }, services.git)))[0],
      );
    const memory = process.memoryUsage.rss();
    services.cache.close();
    const whole = await measure(5, process.execPath, [program, "search", source, subjects[0]!], {
      cwd: scratch,
      environment: { REPOWRIGHT_DATA_DIR: dataDir, NO_COLOR: "1" },
    });
    const lines = cold.index.files.reduce((sum, file) => sum + (file.record?.lines ?? 0), 0);
    const settled = queryMs.slice(20).toSorted((a, b) => a - b);
    return {
      name: basename(source),
      cells: [
        lines.toLocaleString("en"),
        seconds(parseMs),
        seconds(coldMs),
        (coldMs / parseMs).toFixed(2),
        `${Math.round(warmMs)} ms`,
        `${percentile(settled, 0.5)} ms`,
        `${percentile(settled, 0.99)} ms`,
        `${percentile(
          contextMs.toSorted((a, b) => a - b),
          0.5,
        )} ms`,
        seconds(whole.wallMs),
        `${Math.round(memory / 2 ** 20)} MB`,
      ],
    };
  } finally {
    await scanner.close();
  }
}

/** Symbols of every file of HEAD, and nothing of what search adds. */
async function parseAlone(source: string, services: Services): Promise<number> {
  const ports = {
    git: services.git,
    locks: services.locks,
    hosts: services.hosts,
    config: services.config.values,
  };
  const repository = await openRepository(source, ports, { cwd: scratch, ...quiet });
  const snapshot = await resolveSnapshot(repository, "HEAD", ports, signal);
  const parse = async (): Promise<void> => {
    const { entries } = await readTree(snapshot, services.git, { maxPaths: 500_000, signal });
    const { done } = scanSnapshot(
      snapshot,
      entries,
      { git: services.git, cache: services.cache, scanner: services.scanner },
      {
        useCache: false,
        maxFileBytes: services.config.values["limits.file_bytes"],
        maxContentBytes: services.config.values["limits.content_bytes"],
        forcedLanguage: () => undefined,
        wantsSymbols: () => true,
        wantsText: () => false,
        ...quiet,
      },
    );
    await done;
  };
  // Threads start and grammars compile with the first.
  await parse();
  return (await timed(parse))[0];
}

function open(source: string, services: Services, useCache: boolean): ReturnType<typeof openIndex> {
  return openIndex({ source, revision: null, cwd: scratch, useCache, builds: true, ...quiet }, services);
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const value = await work();
  return [performance.now() - start, value];
}

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

const sources = process.argv.slice(2).map((path) => resolve(path));
if (sources.length === 0) sources.push(fileURLToPath(new URL("..", import.meta.url)));
function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

print(
  "| repository | lines | parsing alone | cold index | ratio | load | query p50 | query p99 | context 8k p50 | `search`, whole process | RSS |",
);
print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
for (const source of sources) {
  const { name, cells } = await benchRepository(source);
  print(`| ${[name, ...cells].join(" | ")} |`);
}
