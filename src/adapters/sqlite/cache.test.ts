import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../test/support/repositories.ts";
import type { Cache } from "../../contracts/cache.ts";
import { createCache } from "./cache.ts";

const module = fileURLToPath(new URL("./cache.ts", import.meta.url));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | null | undefined): string | null =>
  value ? new TextDecoder().decode(value) : null;

function open(
  path: string,
  options: { readonly maxBytes?: number; readonly now?: () => number } = {},
): Cache {
  return createCache({ path, maxBytes: options.maxBytes ?? 2 ** 30, now: options.now ?? Date.now });
}

function atPath(): string {
  return join(temporaryFolder(), "folder", "cache.sqlite");
}

test("what was put is got again, in this process and by the next, and spaces are apart", () => {
  const path = atPath();
  const first = open(path);
  first.putMany("a", [
    ["k", bytes("one")],
    ["l", new Uint8Array()],
  ]);
  first.putMany("b", [["k", bytes("two")]]);
  expect(text(first.get("a", "k"))).toBe("one");
  first.putMany("a", [["k", bytes("three")]]);
  first.close();
  const second = open(path);
  expect(text(second.get("a", "k"))).toBe("three");
  expect(text(second.get("b", "k"))).toBe("two");
  expect(second.get("a", "l")).toEqual(new Uint8Array());
  expect(second.get("a", "none")).toBeNull();
  expect([...second.getMany("a", ["none", "k", "l"]).keys()].toSorted()).toEqual(["k", "l"]);
  second.close();
});

test("a put that fails in the middle stores nothing", () => {
  const cache = open(atPath());
  const entries = function* (): Generator<readonly [string, Uint8Array]> {
    yield ["k", bytes("one")];
    throw new Error("broken source");
  };
  expect(() => cache.putMany("a", entries())).toThrow("broken source");
  expect(cache.get("a", "k")).toBeNull();
  cache.putMany("a", [["k", bytes("two")]]);
  expect(text(cache.get("a", "k"))).toBe("two");
  cache.close();
});

test.each([
  [
    "no database at all",
    (path: string) =>
      writeFileSync(path, "this is no database, and longer than a header would be ".repeat(99)),
  ],
  [
    "torn pages",
    (path: string) => {
      const { size } = statSync(path);
      writeFileSync(path, Buffer.concat([randomBytes(100), Buffer.alloc(size - 100)]));
    },
  ],
  [
    "another version",
    (path: string) => {
      const database = new DatabaseSync(path);
      database.exec("PRAGMA user_version = 77");
      database.close();
    },
  ],
  [
    "another table of the same name",
    (path: string) => {
      const database = new DatabaseSync(path);
      database.exec("DROP TABLE entries; CREATE TABLE entries (something INTEGER)");
      database.close();
    },
  ],
])("a file with %s is begun anew", (_, damage) => {
  const path = atPath();
  const first = open(path);
  first.putMany("a", [["k", bytes("one")]]);
  first.close();
  damage(path);
  const second = open(path);
  expect(second.get("a", "k")).toBeNull();
  second.putMany("a", [["k", bytes("two")]]);
  second.close();
  const third = open(path);
  expect(text(third.get("a", "k"))).toBe("two");
  third.close();
});

test("damage that shows only when a value is read is a miss, not a failure", () => {
  const path = atPath();
  const first = open(path);
  first.putMany(
    "a",
    Array.from({ length: 2_000 }, (_, index) => [`key${index}`, randomBytes(500)] as const),
  );
  first.close();
  const { size } = statSync(path);
  const database = new DatabaseSync(path);
  const { page_size: pageSize } = database.prepare("PRAGMA page_size").get() as { page_size: number };
  database.close();
  expect(size).toBeGreaterThan(pageSize * 20);
  // The header and the list of tables stay whole; everything after is noise.
  const whole = Buffer.alloc(size);
  randomBytes(size - pageSize * 4).copy(whole, pageSize * 4);
  const before = new Uint8Array(size);
  before.set(whole);
  const file = new Uint8Array(readFileSync(path));
  file.set(before.subarray(pageSize * 4), pageSize * 4);
  writeFileSync(path, file);
  const second = open(path);
  expect(() => {
    for (let index = 0; index < 2_000; index++) second.get("a", `key${index}`);
    second.putMany("a", [["new", bytes("x")]]);
    second.close();
  }).not.toThrow();
  const third = open(path);
  third.putMany("a", [["new", bytes("y")]]);
  expect(text(third.get("a", "new"))).toBe("y");
  third.close();
});

test("processes that begin the same cache and write at once lose nothing", async () => {
  const path = atPath();
  const names = ["w", "x", "y", "z"];
  // All begin in the same moment: the file is made then.
  const script = (name: string, at: number): string => `
    const { createCache } = await import(${JSON.stringify(module)});
    while (Date.now() < ${at});
    const cache = createCache({ path: ${JSON.stringify(path)}, maxBytes: 2 ** 30, now: Date.now });
    for (let round = 0; round < 50; round++) {
      cache.putMany("a", Array.from({ length: 20 }, (_, index) => ["${name}-" + (round * 20 + index), new Uint8Array(100)]));
      cache.get("a", "x-1");
    }
    cache.close();`;
  const at = Date.now() + 400;
  const codes = await Promise.all(
    names.map((name) => {
      const child = spawn(process.execPath, ["--input-type=module", "--eval", script(name, at)], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      return new Promise((resolve) => child.once("close", resolve));
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  const cache = open(path);
  const keys = names.flatMap((name) => Array.from({ length: 1_000 }, (_, index) => `${name}-${index}`));
  expect(cache.getMany("a", keys).size).toBe(4_000);
  cache.close();
});

test("above its size the cache drops what was used longest ago, and only that", () => {
  const path = atPath();
  const day = 24 * 3_600_000;
  let time = 10 * day;
  const now = (): number => time;
  const value = (): Uint8Array => randomBytes(10_000);
  for (let age = 0; age < 4; age++) {
    const cache = open(path, { now });
    cache.putMany(
      "a",
      Array.from({ length: 10 }, (_, index) => [`${age}-${index}`, value()] as const),
    );
    cache.close();
    time += day;
  }
  // Using the oldest makes it young.
  time += 2 * day;
  const using = open(path, { now });
  expect(using.get("a", "0-0")).not.toBeNull();
  using.close();

  const small = open(path, { now, maxBytes: 300_000 });
  small.putMany("a", [["new", value()]]);
  small.close();
  const after = open(path, { now });
  expect(after.get("a", "new")).not.toBeNull();
  expect(after.get("a", "0-0")).not.toBeNull();
  expect(after.get("a", "0-1")).toBeNull();
  expect(after.get("a", "3-9")).not.toBeNull();
  after.close();
});
