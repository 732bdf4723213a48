import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCache } from "../src/adapters/sqlite/cache.ts";
import { AppError } from "../src/base/errors.ts";
import type { Platform } from "../src/contracts/platform.ts";
import type { Scanner } from "../src/contracts/scanner.ts";
import type { Services } from "../src/contracts/services.ts";
import { canRun, modes, startMode, type TestMode } from "./support/platforms.ts";
import { addCommit, createRepository } from "./support/repositories.ts";
import { dataOf, openTestIndex } from "./support/search.ts";
import { createServices, createThreads } from "./support/services.ts";

const scanner = createThreads(2);
afterAll(() => scanner.close());

/** A machine: a cache of its own, and a count of the contents that its threads were given. */
interface Machine {
  readonly services: Services;
  readonly read: string[];
}

function countReads(read: string[]): Scanner {
  return {
    ...scanner,
    start(handlers, signal) {
      const scan = scanner.start(handlers, signal);
      return {
        ...scan,
        add(task, bytes) {
          read.push(task.path);
          return scan.add(task, bytes);
        },
      };
    },
  };
}

/** Machines of one database, in each mode; the embedded one has a single machine. */
describe.each(modes.filter(canRun))("what one machine has read, %s", (name) => {
  const isShared = name !== "embedded";
  let mode: TestMode;
  let machines: readonly Machine[];
  let repository: string;
  beforeAll(async () => {
    mode = await startMode(name);
    const platforms: Platform[] = [await mode.open(new Map())];
    if (isShared) platforms.push(await mode.open(new Map()));
    machines = platforms.map((platform, at) => {
      const read: string[] = [];
      const { "database.url": url } = mode.settings;
      const services = createServices(join(mode.folder, `data${at}`), countReads(read), {
        "database.url": url!,
      });
      services.cache.close();
      const cache = createCache({
        path: join(mode.folder, `cache-${at}.sqlite`),
        maxBytes: 2 ** 28,
        now: Date.now,
      });
      return { read, services: { ...services, cache, stores: async () => platform.stores } };
    });
    repository = createRepository(join(mode.folder, "r"), [
      {
        message: "Start",
        files: {
          "a.py": "def a():\n    return 1\n",
          "b.ts": "export function b() {}\n",
          "c.md": "# c\n",
          "empty.go": "",
          "logo.png": Buffer.from([0x89, 0x50, 0, 1, 2, 3]),
        },
      },
    ]);
  }, 60_000);
  afterAll(async () => {
    for (const { services } of machines) services.cache.close();
    await mode.close();
  });

  test("is read once by all of them, and the same for each", async () => {
    const indexes = [];
    for (const { services } of machines)
      indexes.push(dataOf((await openTestIndex(services, repository)).index));
    for (const index of indexes) expect(index).toEqual(indexes[0]);
    expect(machines[0]!.read.toSorted()).toEqual(["a.py", "b.ts", "c.md", "empty.go", "logo.png"]);
    for (const { read } of machines.slice(1)) expect(read).toEqual([]);
    // And nothing is read, or asked for, a second time.
    for (const machine of machines) {
      machine.read.length = 0;
      const { index } = await openTestIndex(
        { ...machine.services, stores: () => Promise.reject(new Error("Nobody should ask.")) },
        repository,
      );
      expect(dataOf(index)).toEqual(indexes[0]);
      expect(machine.read).toEqual([]);
    }
  });

  test.runIf(isShared)("of a new commit goes the other way too", async () => {
    addCommit(repository, {
      message: "More",
      files: { "a.py": "def other():\n    return 2\n", "new.png": Buffer.from([0, 1]) },
      at: 1_700_500_000,
    });
    for (const machine of machines) machine.read.length = 0;
    const [one, two] = machines as [Machine, Machine];
    const there = dataOf((await openTestIndex(two.services, repository)).index);
    expect(dataOf((await openTestIndex(one.services, repository)).index)).toEqual(there);
    expect([two.read.toSorted(), one.read]).toEqual([["a.py", "new.png"], []]);
  });

  test.runIf(isShared)("is read again where the database is away, or its records are damaged", async () => {
    addCommit(repository, {
      message: "Yet more",
      files: { "b.ts": "export function c() {}\n" },
      at: 1_700_600_000,
    });
    const [one, two] = machines as [Machine, Machine];
    for (const machine of machines) machine.read.length = 0;
    const away = (): Promise<never> => Promise.reject(new AppError("database-unavailable", "It is away."));
    const alone = await openTestIndex({ ...one.services, stores: away }, repository);
    expect(alone.missing).toBe(0);
    expect(one.read).toEqual(["b.ts"]);
    // What was read while it was away is not shared; the other reads it, and shares it.
    expect(dataOf((await openTestIndex(two.services, repository)).index)).toEqual(dataOf(alone.index));
    expect(two.read).toEqual(["b.ts"]);
  });
});
