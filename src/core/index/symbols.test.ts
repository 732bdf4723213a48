import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { defineLanguage } from "../../contracts/language.ts";
import { createSymbolReader, defaultSymbolLimits } from "./symbols.ts";

const python = defineLanguage({
  id: "python",
  languages: ["Python", "Starlark"],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-python.wasm",
  symbols: `
    (function_definition name: (identifier) @name) @function
    (class_definition name: (identifier) @name) @class
    (class_definition name: (identifier) @name superclasses: (_)) @type
    (decorated_definition) @members
    (assignment left: (identifier) @name "=" @name right: (lambda) @function)
    [(if_statement) (boolean_operator)] @branch
  `,
  namePart: /^[\p{L}\w]+(?: =)?/u,
  blankOnError: [/\bPRAGMA\b/g],
  environment: [/\bread_env\("(\w+)"\)/g],
});

async function createReader(now?: () => number) {
  const reader = createSymbolReader([python], now === undefined ? {} : { now });
  await reader.load("Python");
  return reader;
}

describe("what is read", () => {
  it("settles methods by nesting and gives branches to the innermost function", async () => {
    const text = `class A:\n  def m(self):\n    if x and y:\n      def local():\n        if z: pass\n    if w: pass\ndef f(): pass\n`;
    expect((await createReader()).read("Python", text).symbols).toEqual([
      { kind: "class", name: "A", line: 1, endLine: 6, complexity: 0 },
      { kind: "method", name: "m", line: 2, endLine: 6, complexity: 4 },
      { kind: "function", name: "local", line: 4, endLine: 5, complexity: 2 },
      { kind: "function", name: "f", line: 7, endLine: 7, complexity: 1 },
    ]);
  });

  it("lets the last pattern win, joins two names and makes @members hold methods", async () => {
    const text = `class A(B): pass\nf = lambda: 1\n@d\ndef g(): pass\n`;
    const { symbols } = (await createReader()).read("Starlark", text);
    expect(symbols.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "type A",
      "function f =",
      "method g",
    ]);
  });

  it("takes names after characters of two and four bytes from the right place", async () => {
    const { symbols } = (await createReader()).read("Python", `x = "äöü 😀"\ndef größe(): pass\n`);
    expect(symbols.map(({ name, line }) => [name, line])).toEqual([["größe", 2]]);
  });

  it("reads a damaged file a second time without what the grammar misreads", async () => {
    const { symbols } = (await createReader()).read("Python", `def PRAGMA f(a): return 1\n`);
    expect(symbols.map(({ name }) => name)).toEqual(["f"]);
  });

  it("gives each environment variable once, with its first line, and not from comments", async () => {
    const text = `# read_env("NO")\nb = read_env("B")\n"read_env('NO')"\na = read_env("A") + read_env("B") + read_env("PREFIX_")\n`;
    expect((await createReader()).read("Python", text).environment).toEqual([
      { name: "B", line: 2 },
      { name: "A", line: 4 },
    ]);
  });
});

describe("what is not read", () => {
  it("leaves unknown languages and empty files alone", async () => {
    const reader = await createReader();
    await reader.load("Klingon");
    expect(reader.supports("Klingon")).toBe(false);
    expect(reader.read("Klingon", "x")).toEqual({ symbols: [], environment: [] });
    expect(reader.read("Python", "")).toEqual({ symbols: [], environment: [] });
  });

  it("reports a language that was not loaded", () => {
    expect(createSymbolReader([python]).read("Python", "def f(): pass").problem).toBe("parse-failed");
  });

  it("refuses what is too large", async () => {
    const reader = await createReader();
    const limits = { ...defaultSymbolLimits, maxBytes: 10 };
    expect(reader.read("Python", "x".repeat(11), limits)).toEqual({
      symbols: [],
      environment: [],
      problem: "too-large",
    });
  });

  it("stops after the time given and reads the next file as if nothing had been", async () => {
    let nowMs = 0;
    const reader = await createReader(() => (nowMs += 10));
    const long = "def f(): pass\n".repeat(20_000);
    expect(reader.read("Python", long, { maxBytes: 1e6, timeoutMs: 20 })).toMatchObject({
      problem: "parse-time-out",
    });
    const next = reader.read("Python", "def g(): pass", { maxBytes: 1e6, timeoutMs: 10_000 });
    expect(next.symbols.map(({ name }) => name)).toEqual(["g"]);
    expect(next.problem).toBeUndefined();
    expect(reader.isSpent).toBe(false);
  });

  it("fails to load with the language's name when query and grammar do not fit", async () => {
    const reader = createSymbolReader([{ ...python, symbols: "(no_such_node) @class" }]);
    await expect(reader.load("Python")).rejects.toMatchObject({
      code: "internal",
      details: { language: "python" },
    });
    expect(reader.read("Python", "def f(): pass").problem).toBe("parse-failed");
  });

  it("says that the thread is spent when memory runs out, and goes on without symbols", async () => {
    // In a thread of its own: web-tree-sitter has one memory per thread, and it must not be this one's.
    const path = new URL("./symbols.ts", import.meta.url).href;
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      import(workerData.path).then(async ({ createSymbolReader }) => {
        const reader = createSymbolReader([workerData.python], { maxMemoryBytes: 40 * 1024 * 1024 });
        await reader.load("Python");
        const limits = { maxBytes: 1e7, timeoutMs: 60_000 };
        const large = reader.read("Python", "a = [1, 2, 3]\\n".repeat(200_000), limits);
        await reader.load("Starlark");
        parentPort.postMessage([large.problem, reader.isSpent, reader.read("Python", "def f(): pass").problem]);
      });`;
    const worker = new Worker(code, { eval: true, workerData: { path, python } });
    const answer = await new Promise((resolve, reject) =>
      worker.once("message", resolve).once("error", reject),
    );
    await worker.terminate();
    expect(answer).toEqual(["parse-failed", true, "parse-failed"]);
  });

  it("survives deep nesting and binary rubbish", async () => {
    const reader = await createReader();
    for (const text of [
      "(".repeat(50_000),
      "[".repeat(20_000) + "]".repeat(20_000),
      "\0\uFFFF\uD800".repeat(9_000),
    ]) {
      expect(() => reader.read("Python", text, { maxBytes: 1e6, timeoutMs: 300 })).not.toThrow();
    }
    expect(reader.read("Python", "def g(): pass").symbols).toHaveLength(1);
  });
});
