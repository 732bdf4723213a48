import type { ReviewedReferences, ReviewedSymbol } from "../../contracts/review-rule.ts";
import type { Scanner } from "../../contracts/scanner.ts";
import { hashTerm } from "../index/records/words.ts";
import type { SearchIndex } from "../index/search/search-index.ts";

export interface ReferencePorts {
  readonly scanner: Scanner;
  /** The index of the commit after the change; opened when a rule first asks. */
  readonly openIndex: () => Promise<SearchIndex>;
  /** Text of a file after the change. */
  readonly read: (path: string) => Promise<string | null>;
  readonly signal: AbortSignal;
}

/** Files whose text is read to find the line of a mention, for each one that is wanted. */
const readsPerHit = 3;

/** Who names what, from the index of the commit after the change. */
export function createReviewedReferences(ports: ReferencePorts): ReviewedReferences {
  let opening: Promise<SearchIndex> | null = null;
  const open = (): Promise<SearchIndex> => (opening ??= ports.openIndex());

  return {
    async symbols(path, text) {
      const found: ReviewedSymbol[] = [];
      const scan = ports.scanner.start(
        {
          onContent() {},
          onSymbols: (_, { symbols }) =>
            void found.push(
              ...symbols.map(({ kind, name, line, endLine }) => ({ kind, name, line, endLine })),
            ),
          onRecord() {},
          onProgress() {},
        },
        ports.signal,
      );
      await scan.add({ key: path, path, wantsSymbols: true, wantsRecord: false }, Buffer.from(text));
      await scan.done();
      return found;
    },
    async mentions(name, limit) {
      const index = await open();
      const word = wordOf(name);
      const found: { path: string; line: number }[] = [];
      const seen = new Set<string>();
      for (const { file, unit } of index.references().mentioning(hashTerm(name), limit * readsPerHit)) {
        if (found.length >= limit) break;
        const { path, record } = index.files[file]!;
        if (seen.has(path)) continue;
        const lines = (await ports.read(path))?.split("\n") ?? [];
        const start = (record?.unitStarts[unit] ?? 1) - 1;
        const at = lines.findIndex((line, number) => number >= start && word.test(line));
        if (at < 0) continue;
        seen.add(path);
        found.push({ path, line: at + 1 });
      }
      return found;
    },
    async definitions(name) {
      const index = await open();
      const refs = index.references().definitions(hashTerm(name));
      return [...new Set(refs.map(({ file }) => index.files[file]!.path))];
    },
  };
}

/** The name on its own; word boundaries only where it begins and ends with letters. */
function wordOf(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`);
}
