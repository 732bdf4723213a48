import { Parser, Query } from "web-tree-sitter";
import { AppError } from "../../base/errors.ts";
import type { SymbolFacts } from "../../contracts/file-facts.ts";
import type { LanguageDefinition } from "../../contracts/language.ts";
import { findEnvironment } from "./environment.ts";
import { blank, createDeadline, createGrammars, type Deadline, type GrammarLimits } from "./grammars.ts";
import { toSymbols } from "./symbol-facts.ts";

/** What one `read` may cost. */
export interface SymbolLimits {
  /** Longer files are not parsed. Compared with the text's length in UTF-16 units, which is never more than its bytes. */
  readonly maxBytes: number;
  /** Parsing and querying together. */
  readonly timeoutMs: number;
}

/** Fits every hand-written file; what is longer is data or generated. */
export const defaultSymbolLimits: SymbolLimits = { maxBytes: 1_000_000, timeoutMs: 5_000 };

/** What was read from one file. With a `problem`, the lists hold what could be read before it. */
export type SymbolReading = SymbolFacts;

export interface SymbolReader {
  /** Whether one of the definitions reads this Linguist language. */
  supports(languageName: string): boolean;
  /**
   * Makes `read` ready for a language: loads the grammar once per thread, about 5–30 ms (C++ 80). Languages that
   * nobody reads are no error. Fails with `internal` when a grammar is missing or does not fit its query.
   */
  load(languageName: string): Promise<void>;
  /**
   * Reads one file. Never throws: a file that cannot be parsed, or whose language was not loaded, is a `problem`;
   * a broken file still gives what could be read. An unsupported language gives empty lists.
   */
  read(languageName: string, text: string, limits?: SymbolLimits): SymbolReading;
  /**
   * WebAssembly memory never shrinks, and a parser that ran out of it cannot be used again. True when
   * this thread should be replaced by a new one before the next file; checking it costs nothing.
   */
  readonly isSpent: boolean;
  /** WebAssembly memory held by this thread's parser. */
  readonly memoryBytes: number;
}

export interface SymbolReaderOptions extends GrammarLimits {
  /** Monotonic clock in milliseconds. */
  readonly now?: () => number;
}

interface LoadedLanguage {
  readonly parser: Parser;
  readonly query: Query;
}

/**
 * Reads symbols, complexity and environment variables with tree-sitter. One reader per thread: web-tree-sitter
 * keeps one WebAssembly instance per thread, which all grammars share.
 */
export function createSymbolReader(
  languages: readonly LanguageDefinition[],
  { now = () => performance.now(), ...limits }: SymbolReaderOptions = {},
): SymbolReader {
  const byName = new Map<string, LanguageDefinition>();
  for (const definition of languages) for (const name of definition.languages) byName.set(name, definition);
  const loading = new Map<LanguageDefinition, Promise<void>>();
  const loaded = new Map<LanguageDefinition, LoadedLanguage>();
  const grammars = createGrammars(limits);

  async function loadDefinition(definition: LanguageDefinition): Promise<void> {
    const grammar = await grammars.load(definition);
    try {
      const query = new Query(grammar, definition.symbols);
      loaded.set(definition, { parser: new Parser().setLanguage(grammar), query });
    } catch (cause) {
      const message = `The symbols query of language ${definition.id} does not fit its grammar.`;
      throw new AppError("internal", message, { language: definition.id }, cause);
    }
  }

  return {
    supports: (languageName) => byName.has(languageName),
    async load(languageName) {
      const definition = byName.get(languageName);
      if (definition === undefined || grammars.hasFailed) return;
      const started = loading.get(definition) ?? loadDefinition(definition);
      loading.set(definition, started);
      await started;
    },
    read(languageName, text, limits = defaultSymbolLimits) {
      const definition = byName.get(languageName);
      if (definition === undefined) return { symbols: [], environment: [] };
      if (text.length > limits.maxBytes) return { symbols: [], environment: [], problem: "too-large" };
      const language = loaded.get(definition);
      if (language === undefined || grammars.hasFailed) {
        return { ...withoutTree(text, definition), problem: "parse-failed" };
      }
      const shouldStop = createDeadline(now, limits.timeoutMs);
      try {
        const source = blank(text, definition.blankFirst ?? []);
        const reading = readWith(language, definition, text, source, shouldStop);
        if (!reading.hasError || definition.blankOnError === undefined || shouldStop.hasStopped())
          return reading.facts;
        const blanked = blank(source, definition.blankOnError);
        const second = readWith(language, definition, text, blanked, shouldStop);
        return countFunctions(second.facts) >= countFunctions(reading.facts) ? second.facts : reading.facts;
      } catch {
        // Out of memory or stack: WebAssembly state is undefined from here on, so this thread parses no more.
        grammars.giveUp();
        return { ...withoutTree(text, definition), problem: "parse-failed" };
      }
    },
    get isSpent() {
      return grammars.isSpent;
    },
    get memoryBytes() {
      return grammars.memoryBytes;
    },
  };
}

/** `parsed` is `text` or a version of it of the same length; names are always taken from `text`. */
function readWith(
  { parser, query }: LoadedLanguage,
  definition: LanguageDefinition,
  text: string,
  parsed: string,
  shouldStop: Deadline,
): { facts: SymbolReading; hasError: boolean } {
  const tree = parser.parse(parsed, null, { progressCallback: shouldStop });
  if (tree === null) {
    parser.reset();
    return { facts: { ...withoutTree(text, definition), problem: "parse-time-out" }, hasError: false };
  }
  const root = tree.rootNode;
  const isCode = (index: number) =>
    !/comment|string|heredoc|text|quoted/.test(root.descendantForIndex(index)?.type ?? "");
  const facts: SymbolReading = {
    symbols: toSymbols(query.matches(root, { progressCallback: shouldStop }), text, definition.namePart),
    environment: findEnvironment(text, definition.environment, isCode),
    ...(shouldStop.hasStopped() && { problem: "parse-time-out" as const }),
  };
  const { hasError } = root;
  tree.delete();
  return { facts, hasError };
}

function countFunctions({ symbols, problem }: SymbolReading): number {
  return problem === undefined ? symbols.filter(({ complexity }) => complexity > 0).length : -1;
}

function withoutTree(text: string, definition: LanguageDefinition): SymbolReading {
  return { symbols: [], environment: findEnvironment(text, definition.environment, () => true) };
}
