import { deepStrictEqual } from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { addCommit, createRepository, git, temporaryFolder } from "../../../../test/support/repositories.ts";
import { dataOf, openTestIndex } from "../../../../test/support/search.ts";
import { createServices, createThreads } from "../../../../test/support/services.ts";
import type { Services } from "../../../contracts/services.ts";
import type { OpenedIndex } from "./open-index.ts";
import { loadHistory } from "../../repository/history/load-history.ts";
import { analyzeSnapshot } from "../../analysis/analyze.ts";
import { recordVersion } from "../scan-snapshot.ts";

const scanner = createThreads(2);
afterAll(() => scanner.close());

/** Numbers that look random and are the same in every run. */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const endings = ["ts", "py", "go", "md", "json"] as const;
const words = ["parse", "open", "route", "limit", "cache", "token", "frame", "größe"] as const;

function contentOf(ending: string, roll: (below: number) => number): string {
  const word = (): string => words[roll(words.length)]!;
  const name = `${word()}_${word()}${roll(9)}`;
  if (ending === "ts") return `// ${word()}\nexport function ${name}() {\n  return ${word()}();\n}\n`;
  if (ending === "py") return `def ${name}():\n    """${word()} ${word()}"""\n    return ${roll(99)}\n`;
  if (ending === "go") return `package p\n\n// ${name} ${word()}s.\nfunc ${name}() {\n\t${word()}()\n}\n`;
  if (ending === "json") return `{ "${name}": ${roll(1_000)} }\n`;
  return `# ${word()}\n\n${word()} ${word()} ${roll(1_000)}\n`;
}

/** Does something to some files of the work tree. */
function change(folder: string, roll: (below: number) => number): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".git"))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const pick = (): string => files[roll(files.length)]!;
  const fresh = (ending: string): string => {
    const path = join(folder, `d${roll(3)}`, `${words[roll(words.length)]}${roll(30)}.${ending}`);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  const done: string[] = [];
  for (let times = 1 + roll(3); times > 0; times--) {
    const ending = endings[roll(endings.length)]!;
    const what = files.length < 4 ? 0 : roll(6);
    const file = pick();
    if (what <= 1) writeFileSync(fresh(ending), contentOf(ending, roll));
    else if (what === 2) writeFileSync(file, contentOf(file.split(".").at(-1)!, roll));
    else if (what === 3) renameSync(file, fresh(file.split(".").at(-1)!));
    else if (what === 4) rmSync(file);
    else chmodSync(file, statSync(file).mode ^ 0o111);
    done.push(["add", "add", "edit", "rename", "delete", "mode"][what]!);
    if (what === 3 || what === 4) files.splice(files.indexOf(file), 1);
  }
  return `${done.join(" ")} ${words[roll(words.length)]}`;
}

/** A history of commits one after the other, with branches whose commits are older than what they are merged into. */
function grow(folder: string, count: number): readonly string[] {
  const roll = createDice(42);
  createRepository(folder, [{ message: "Start", files: { "a.ts": "a\n", "b.py": "b\n", "c.md": "c\n" } }]);
  const oids: string[] = [];
  const start = 1_700_100_000;
  for (let at = 0; at < count; at++) {
    if (at % 9 === 5) {
      git(folder, ["checkout", "--quiet", "-b", `topic${at}`, "HEAD~2"]);
      addCommit(folder, {
        message: `On a branch ${at}`,
        files: { [`topic${at}.ts`]: contentOf("ts", roll), "a.ts": `a${at}\n` },
        author: `Bob ${at} <bob@example.org>`,
        at: start + (at - 2) * 1_000 + 1,
      });
      git(folder, ["checkout", "--quiet", "main"]);
      git(folder, ["merge", "--quiet", "--no-edit", "-X", "ours", `topic${at}`], {
        environment: {
          GIT_AUTHOR_DATE: `${start + at * 1_000} +0000`,
          GIT_COMMITTER_DATE: `${start + at * 1_000} +0000`,
        },
      });
      oids.push(git(folder, ["rev-parse", "HEAD"]).trim());
    } else oids.push(addCommit(folder, { message: change(folder, roll), files: {}, at: start + at * 1_000 }));
  }
  return oids;
}

/** Node's own comparison: Vitest's takes longer for the columns than making them. */
function expectSame(one: OpenedIndex, other: OpenedIndex, what: string): void {
  try {
    deepStrictEqual(dataOf(one.index), dataOf(other.index));
  } catch (error) {
    throw new Error(`Not the same: ${what}`, { cause: error });
  }
}

test("an index that has seen every earlier commit is the one that has seen none", async () => {
  const folder = temporaryFolder();
  const repository = join(folder, "r");
  const oids = grow(repository, 40);
  const kept = createServices(join(folder, "kept"), scanner);
  for (const [at, oid] of oids.entries()) {
    const cold = createServices(join(folder, `cold${at}`), scanner);
    const [warm, anew] = [
      await openTestIndex(kept, repository, oid),
      await openTestIndex(cold, repository, oid),
    ];
    expect(warm.missing).toBe(0);
    expectSame(warm, anew, `commit ${at}, ${oid}`);
    expect(warm.index.files.filter(({ record }) => record === null)).toEqual([]);
    cold.cache.close();
  }
  // Back to an older commit, and to a branch beside: what it does not contain is gone.
  for (const revision of [oids[10]!, "topic23", oids.at(-1)!]) {
    const cold = createServices(join(folder, `cold-${revision}`), scanner);
    const [warm, anew] = [
      await openTestIndex(kept, repository, revision),
      await openTestIndex(cold, repository, revision),
    ];
    expectSame(warm, anew, revision);
    cold.cache.close();
  }
  kept.cache.close();
});

test("history that is added to is the one that is read at once, wherever the reading was left", async () => {
  const folder = temporaryFolder();
  const repository = join(folder, "r");
  const oids = grow(repository, 40);
  const services = createServices(join(folder, "data"), scanner);
  const { snapshot } = await openTestIndex(services, repository);
  const load = async (commit: string, useCache: boolean): Promise<unknown> =>
    (
      await loadHistory({ ...snapshot, commit }, services.git, services.cache, {
        useCache,
        maxChanges: 1_000,
        signal: new AbortController().signal,
        onProgress() {},
      })
    ).facts;
  // Late merges are at 5, 14, 23 and 32.
  for (const [from, to] of [
    [4, 5],
    [13, 14],
    [12, 16],
    [21, 24],
    [30, 39],
    [3, 39],
    [24, 22],
    [39, 5],
  ] as const) {
    const whole = await load(oids[to]!, false);
    await load(oids[from]!, false);
    deepStrictEqual(await load(oids[to]!, true), whole, `from ${from} to ${to}`);
  }
  services.cache.close();
});

const go = `package p

// Open opens.
func Open() {}
`;

test("what was kept and is damaged is read anew", async () => {
  const folder = temporaryFolder();
  const repository = createRepository(join(folder, "r"), [
    { message: "Start", files: { "a.go": go, "b.go": go.replace("Open", "Close"), "c.md": "text\n" } },
  ]);
  const services = createServices(join(folder, "data"), scanner);
  const first = dataOf((await openTestIndex(services, repository)).index);
  const { index } = await openTestIndex(services, repository);
  const keys = index.files.map(({ oid, path }) => `${oid}:${path.slice(path.lastIndexOf("."))}`);
  const spaces = [recordVersion, "content/1", "symbols/2"];
  let spoilt = 0;
  for (const space of spaces) {
    const entries = [...services.cache.getMany(space, keys)];
    spoilt += entries.length;
    for (const spoil of [
      (bytes: Uint8Array) => bytes.slice(0, bytes.length - 3),
      (bytes: Uint8Array) => bytes.slice(0, 9),
      () => new Uint8Array(0),
      () => Buffer.from("null"),
      (bytes: Uint8Array) => Uint8Array.from([...bytes, 1]),
    ]) {
      services.cache.putMany(
        space,
        entries.map(([key, bytes]) => [key, spoil(bytes)]),
      );
      const again = await openTestIndex(services, repository);
      expect(again.missing).toBe(0);
      expect(dataOf(again.index)).toEqual(first);
      // And is whole from now on.
      expect(services.cache.getMany(recordVersion, keys).size).toBe(index.files.length);
    }
  }
  expect(spoilt).toBeGreaterThanOrEqual(2 * index.files.length);
  services.cache.close();
});

test("an analysis before it changes nothing", async () => {
  const folder = temporaryFolder();
  const repository = createRepository(join(folder, "r"), [
    {
      message: "Start",
      files: {
        "made.go": `// Code generated by a tool. DO NOT EDIT.\n${go}`,
        "a.go": go,
        "vendor/x/b.go": go.replace("Open", "Lend"),
      },
    },
  ]);
  const read = async (services: Services): Promise<unknown> => {
    const data = dataOf((await openTestIndex(services, repository)).index);
    services.cache.close();
    return data;
  };
  const alone = await read(createServices(join(folder, "alone"), scanner));
  const services = createServices(join(folder, "after"), scanner);
  const { snapshot } = await openTestIndex(createServices(join(folder, "other"), scanner), repository);
  await analyzeSnapshot(
    snapshot,
    { source: repository, revision: null, since: null, countsLines: false, useCache: true, cwd: "/" },
    services,
    { onProgress() {}, onPart() {} },
    new AbortController().signal,
  );
  expect(await read(services)).toEqual(alone);
});
