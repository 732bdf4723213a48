import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { Language, Parser } from "web-tree-sitter";
import { AppError } from "../../base/errors.ts";
import type { LanguageDefinition } from "../../contracts/language.ts";

/** The grammars of one thread, and the WebAssembly memory that they share. */
export interface Grammars {
  /**
   * Loads a grammar, about 5–30 ms (C++ 80). Fails with `internal` when it is missing.
   */
  load(definition: LanguageDefinition): Promise<Language>;
  /** To be called when a parser threw: the state of WebAssembly is undefined from there on. */
  giveUp(): void;
  readonly hasFailed: boolean;
  /** True when the thread should be replaced by a new one: WebAssembly memory never shrinks. */
  readonly isSpent: boolean;
  readonly memoryBytes: number;
}

export interface GrammarLimits {
  /** From here on `isSpent` is true. Ordinary files of up to 1 MB stay below 200 MB. */
  readonly spentAtBytes?: number;
  /** A parse that wants more than this fails, and the thread is spent. Not below 32 MB, which is the start. */
  readonly maxMemoryBytes?: number;
}

/** Neither Node's types nor the language's own declare it; this is the part that is used. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

const pageBytes = 65_536;
const mebibyte = 1024 * 1024;

/** V8 compiles a module that is loaded under these once, with its fast compiler, and leaves it at that. */
const unoptimised = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering", "--no-wasm-lazy-compilation"];

/** web-tree-sitter keeps one WebAssembly instance per thread: the first to load a grammar sets its limits. */
export function createGrammars({
  spentAtBytes = 256 * mebibyte,
  maxMemoryBytes = 512 * mebibyte,
}: GrammarLimits = {}): Grammars {
  const memory = new WebAssembly.Memory({ initial: 512, maximum: maxMemoryBytes / pageBytes });
  let hasFailed = false;
  return {
    async load(definition) {
      // Compiling happens on V8's own threads, which do not keep a process alive: with nothing else to do Node would end.
      const alive = setInterval(() => {}, 60_000);
      try {
        // Without `printErr`, running out of memory would write "Aborted()" into the user's terminal.
        await Parser.init({ wasmMemory: memory, printErr: () => undefined });
        const path = createRequire(import.meta.url).resolve(definition.grammar);
        return await compile(readFileSync(path), definition.hasHugeLexer ?? false);
      } catch (cause) {
        const message = `The grammar ${definition.grammar} of language ${definition.id} could not be loaded.`;
        throw new AppError("internal", message, { language: definition.id }, cause);
      } finally {
        clearInterval(alive);
      }
    },
    giveUp() {
      hasFailed = true;
    },
    get hasFailed() {
      return hasFailed;
    },
    get isSpent() {
      return hasFailed || memory.buffer.byteLength > spentAtBytes;
    },
    get memoryBytes() {
      return memory.buffer.byteLength;
    },
  };
}

async function compile(bytes: Uint8Array, hasHugeLexer: boolean): Promise<Language> {
  if (!hasHugeLexer) return Language.load(bytes);
  for (const flag of unoptimised) setFlagsFromString(flag);
  try {
    return await Language.load(bytes);
  } finally {
    for (const flag of unoptimised) setFlagsFromString(flag.replace("--no-", "--"));
  }
}

/** The same text, as long as before, with what the grammar misreads replaced by spaces. */
export function blank(text: string, patterns: readonly RegExp[]): string {
  return patterns.reduce(
    (rest, pattern) => rest.replace(pattern, (match) => match.replace(/[^\n]/g, " ")),
    text,
  );
}

export interface Deadline {
  (): boolean;
  hasStopped(): boolean;
  /** Looks at the clock now. */
  isOver(): boolean;
}

/** The progress callback comes every 100 operations; asking the clock each time would be felt. */
const callbacksPerClockCheck = 8;

/** A progress callback that stops parser and query when the time is over. */
export function createDeadline(now: () => number, timeoutMs: number): Deadline {
  const end = now() + timeoutMs;
  let calls = 0;
  let stopped = false;
  const shouldStop = () => {
    if (!stopped && ++calls % callbacksPerClockCheck === 0) stopped = now() >= end;
    return stopped;
  };
  return Object.assign(shouldStop, {
    hasStopped: () => stopped,
    isOver: () => (stopped ||= now() >= end),
  });
}
