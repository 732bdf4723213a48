import { expect, onTestFinished, test } from "vitest";
import type { SymbolFacts } from "../../contracts/file-facts.ts";
import { createScanner } from "./scanner.ts";

function start(signal = new AbortController().signal, threads = 2) {
  const scanner = createScanner({
    workerUrl: new URL("./fixtures/worker.js", import.meta.url),
    workerData: {},
    threads,
    supportedLanguages: new Set(["Text"]),
  });
  onTestFinished(() => scanner.close());
  const contents: string[] = [];
  const languages: (string | null)[] = [];
  const symbols = new Map<string, SymbolFacts>();
  const records = new Map<string, string>();
  const lost = new Set<string>();
  let parsed = 0;
  const scan = scanner.start(
    {
      onContent(key, facts, isFinal) {
        contents.push(key);
        languages.push(facts.language);
        if (!isFinal) lost.add(key);
      },
      onSymbols(key, facts, isFinal) {
        symbols.set(key, facts);
        if (!isFinal) lost.add(key);
      },
      onRecord: (key, record) => records.set(key, Buffer.from(record).toString()),
      onProgress: (bytes) => (parsed = bytes),
    },
    signal,
  );
  const add = (key: string, text: string, wantsSymbols = true): void | Promise<void> =>
    scan.add({ key, path: `${key}.txt`, wantsSymbols, wantsRecord: wantsSymbols }, Buffer.from(text));
  return { scan, add, contents, languages, symbols, records, lost, parsed: () => parsed };
}

test("every file comes back once, whatever its size", async () => {
  const { scan, add, contents, symbols, records, lost, parsed } = start();
  const big = "x".repeat(700_000);
  let bytes = 0;
  for (let index = 0; index < 300; index++) {
    const text = index % 50 === 0 ? big : `file ${index}`;
    bytes += text.length;
    await add(`k${index}`, text, index % 3 !== 0);
  }
  await scan.contentsDone();
  expect(contents.toSorted()).toEqual(Array.from({ length: 300 }, (_, index) => `k${index}`).toSorted());
  await scan.done();
  expect(symbols.size).toBe(200);
  expect(symbols.get("k1")!.symbols[0]!.name).toBe("file 1");
  expect(records.size).toBe(200);
  expect(records.get("k1")).toBe("file 1");
  expect(lost.size).toBe(0);
  expect(parsed()).toBe(bytes);
});

test("a scan of nothing ends", async () => {
  const { scan } = start();
  await scan.contentsDone();
  await scan.done();
});

test.each(["die at once", "die later"])(
  "a thread that dies (%s) costs its files, not the scan",
  async (text) => {
    const { scan, add, contents, symbols, lost } = start();
    await add("fatal", text);
    await scan.contentsDone();
    await scan.done();
    await add("after", "fine");
    await scan.done();
    expect(contents).toEqual(["fatal", "after"]);
    expect(symbols.get("fatal")).toMatchObject({ problem: "parse-failed" });
    expect([...lost]).toEqual(["fatal"]);
    expect(symbols.get("after")!.symbols[0]!.name).toBe("fine");
  },
);

test("what a thread said before it died counts, once", async () => {
  const scans = Array.from({ length: 24 }, () => start(undefined, 1));
  for (const { add } of scans) await add("first", "fine");
  await Promise.all(scans.map(({ scan }) => scan.done()));
  for (const { add } of scans) await add("fatal", "die later");
  const done = scans.map(({ scan }) => scan.done());
  // Both are waiting when this thread looks again; Node often hands out the death first.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  await Promise.all(done);
  for (const { contents, languages, lost } of scans) {
    expect(contents).toEqual(["first", "fatal"]);
    expect(languages).toEqual(["Text", "Text"]);
    expect([...lost]).toEqual(["fatal"]);
  }
});

test("what a spent thread leaves is done by another", async () => {
  const { scan, add, contents, symbols, lost } = start(undefined, 1);
  await add("first", "fine");
  await add("second", "spend");
  await add("third", "third");
  await scan.contentsDone();
  await add("fourth", "fourth");
  await scan.done();
  expect(contents).toEqual(["first", "second", "third", "fourth"]);
  expect([...symbols.keys()].toSorted()).toEqual(["first", "fourth", "second", "third"]);
  expect(lost.size).toBe(0);
});

test("a cancelled scan rejects and stays silent", async () => {
  const stopping = new AbortController();
  const { scan, add, symbols } = start(stopping.signal);
  await add("one", "fine");
  const done = scan.done();
  stopping.abort();
  await expect(done).rejects.toMatchObject({ code: "cancelled" });
  await expect(scan.done()).rejects.toMatchObject({ code: "cancelled" });
  expect(symbols.size).toBe(0);
});
