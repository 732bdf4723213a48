import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test, vi } from "vitest";
import { recordVersion } from "../../src/core/index/scan-snapshot.ts";
import { type CliResult, runProgram } from "../support/cli.ts";
import { createRepository, temporaryFolder } from "../support/repositories.ts";
import { dataOf, openTestIndex } from "../support/search.ts";
import { createServices, createThreads } from "../support/services.ts";

/** Indexing that is killed: what was kept is whole, and only the rest is read again. */
vi.setConfig({ testTimeout: 90_000 });
const scanner = createThreads(2);
afterAll(() => scanner.close());
const fileCount = 500;

function createLargeRepository(folder: string): string {
  const body = (at: number): string =>
    Array.from(
      { length: 60 },
      (_, one) =>
        `/** Step ${one} of ${at}. */\nexport function step_${at}_${one}(x: number): number {\n  return x > ${one} ? x : ${at};\n}\n`,
    ).join("\n");
  return createRepository(folder, [
    {
      message: "Start",
      files: Object.fromEntries(
        Array.from({ length: fileCount }, (_, at) => [`src/part${at % 20}/file${at}.ts`, body(at)]),
      ),
    },
  ]);
}

interface Kept {
  readonly value: Uint8Array;
  readonly used: number;
}

/** Records by key; none while there is no cache yet. */
function readRecords(dataDir: string): ReadonlyMap<string, Kept> {
  const path = join(dataDir, "cache.sqlite");
  if (!existsSync(path)) return new Map();
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    const rows = database.prepare("select key, value, used from entries where space = ?").all(recordVersion);
    return new Map(rows.map((row) => [row["key"] as string, row as unknown as Kept]));
  } catch {
    // It has no tables yet.
    return new Map();
  } finally {
    database.close();
  }
}

const valuesOf = (records: ReadonlyMap<string, Kept>): ReadonlyMap<string, Uint8Array> =>
  new Map([...records].map(([key, { value }]) => [key, value]));

test("killed at any moment, the next run ends what was begun, and both are as one", async () => {
  const folder = temporaryFolder();
  const repository = createLargeRepository(join(folder, "r"));
  const run = (name: string, onStart: (child: ChildProcess) => void = () => {}): Promise<CliResult> =>
    runProgram(["index", "--no-learn", "--json"], {
      cwd: repository,
      dataDir: join(folder, name),
      environment: { REPOWRIGHT_ANALYZE_WORKERS: "2" },
      onStart,
    });
  const whole = await run("whole");
  expect(whole.code, whole.stderr).toBe(0);
  const expected = valuesOf(readRecords(join(folder, "whole")));
  expect(expected.size).toBe(fileCount);

  const dataDir = join(folder, "killed");
  // As soon as it runs; when records are kept, with Ctrl-C; and before it adds to them.
  for (const [least, name] of [
    [0, "SIGKILL"],
    [1, "SIGINT"],
    [1, "SIGKILL"],
  ] as const) {
    let timer: NodeJS.Timeout | undefined;
    const { code } = await run("killed", (child) => {
      timer = setInterval(() => {
        if (least > readRecords(dataDir).size) return;
        child.kill(name);
        // A second Ctrl-C would not wait for an orderly end.
        clearInterval(timer);
      }, 5);
    });
    clearInterval(timer);
    expect(code).toBe(name === "SIGINT" ? 130 : null);
  }
  const kept = valuesOf(readRecords(dataDir));
  expect(kept.size).toBeGreaterThan(0);
  for (const [key, bytes] of kept) expect(bytes).toEqual(expected.get(key));

  // Only what was not kept is read and written: the others keep the age that they are given here.
  const anHourAgo = Date.now() - 3_600_000;
  const database = new DatabaseSync(join(dataDir, "cache.sqlite"));
  database.prepare("update entries set used = ?").run(anHourAgo);
  database.close();
  const last = await run("killed");
  expect(last.code, last.stderr).toBe(0);
  const withoutTime = (text: string): unknown => ({ ...(JSON.parse(text) as object), tookMs: 0 });
  expect(withoutTime(last.stdout)).toEqual(withoutTime(whole.stdout));
  const records = readRecords(dataDir);
  expect(valuesOf(records)).toEqual(expected);
  const rewritten = [...records].filter(([, { used }]) => used !== anHourAgo).map(([key]) => key);
  expect(rewritten.filter((key) => kept.has(key))).toEqual([]);
  expect(rewritten).toHaveLength(fileCount - kept.size);
  const [one, other] = [createServices(dataDir, scanner), createServices(join(folder, "whole"), scanner)];
  expect(dataOf((await openTestIndex(one, repository)).index)).toEqual(
    dataOf((await openTestIndex(other, repository)).index),
  );
  one.cache.close();
  other.cache.close();
});
