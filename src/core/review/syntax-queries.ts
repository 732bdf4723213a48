import { Parser, Query, type QueryMatch } from "web-tree-sitter";
import type { LanguageDefinition } from "../../contracts/language.ts";
import type { ReviewedFile, SyntaxMatch, SyntaxRule } from "../../contracts/review-rule.ts";
import { blank, createDeadline, type Grammars } from "../index/grammars.ts";

/** One match of a rule's query, on added lines. */
export interface RuleMatch {
  readonly rule: SyntaxRule;
  readonly match: SyntaxMatch;
}

export interface FileMatches {
  /** True when the time was over before the whole file was seen. */
  readonly isCut: boolean;
}

/** The patterns of all rules for one language, as one query over one parse. */
export interface SyntaxQueries {
  readonly definition: LanguageDefinition;
  /**
   * Hands over every match on added lines; nodes are gone when it returns. Throws what the parser throws, and then the
   * parser is of no further use.
   */
  find(file: ReviewedFile, timeoutMs: number, take: (found: RuleMatch) => void): FileMatches;
}

/** A match in a file with more of them is of a kind that nobody reads one by one. */
const maxMatches = 5_000;
/** Added lines that are closer together are asked for at once. */
const rangeGapLines = 20;
/** With more ranges than this the file is asked for as a whole. */
const maxRanges = 12;

/** Null when no rule speaks about the language. */
export async function loadSyntaxQueries(
  definition: LanguageDefinition,
  rules: readonly SyntaxRule[],
  grammars: Grammars,
  now: () => number,
): Promise<SyntaxQueries | null> {
  const parts = rules.flatMap((rule) =>
    rule.queries
      .filter(({ languages }) => languages.includes(definition.id))
      .map(({ query }) => ({ rule, query })),
  );
  if (parts.length === 0) return null;
  const grammar = await grammars.load(definition);
  const query = new Query(grammar, parts.map((part) => part.query).join("\n"));
  const rulesOfPatterns = assignPatterns(query, parts);
  const parser = new Parser().setLanguage(grammar);
  return {
    definition,
    find(file, timeoutMs, take) {
      const shouldStop = createDeadline(now, timeoutMs);
      const source = blank(file.text ?? "", definition.blankFirst ?? []);
      const tree = parser.parse(source, null, { progressCallback: shouldStop });
      if (tree === null) {
        parser.reset();
        return { isCut: true };
      }
      try {
        const known = file.isWhole ? null : knownLines(file);
        const seen = new Set<string>();
        for (const range of addedRanges(file)) {
          const found = query.matches(tree.rootNode, {
            ...range,
            matchLimit: maxMatches,
            progressCallback: shouldStop,
          });
          for (const match of found) {
            const captures = new Map(match.captures.toReversed().map(({ name, node }) => [name, node]));
            const node = captures.get("finding");
            if (node === undefined || !isSound(file, match, known)) continue;
            const key = `${match.patternIndex} ${match.captures.map((capture) => capture.node.id).join(" ")}`;
            if (seen.has(key)) continue;
            seen.add(key);
            // What rules make of a match counts too.
            if (shouldStop.isOver()) return { isCut: true };
            take({
              rule: rulesOfPatterns[match.patternIndex]!,
              match: {
                node,
                capture: (name) => captures.get(name),
                file,
                languageId: definition.id,
              },
            });
          }
        }
        return { isCut: shouldStop.hasStopped() };
      } finally {
        tree.delete();
      }
    },
  };
}

/** Which rule each pattern of the joined text came from. */
function assignPatterns(
  query: Query,
  parts: readonly { readonly rule: SyntaxRule; readonly query: string }[],
): readonly SyntaxRule[] {
  let end = 0;
  const ends = parts.map((part) => (end += Buffer.byteLength(part.query) + 1));
  return Array.from({ length: query.patternCount() }, (_, index) => {
    const start = query.startIndexForPattern(index);
    return parts[ends.findIndex((limit) => start < limit)]!.rule;
  });
}

/**
 * On an added line, and in text that was understood: around a syntax error a tree says what the parser guessed. Of a patch
 * everything that the match rests on must be shown, or an empty block could be one whose lines are only not in the patch.
 */
function isSound(file: ReviewedFile, match: QueryMatch, known: ReadonlySet<number> | null): boolean {
  let first = Infinity;
  let last = 0;
  let isAdded = false;
  for (const { name, node } of match.captures) {
    const start = node.startPosition.row + 1;
    const end = node.endPosition.row + 1;
    first = Math.min(first, start);
    last = Math.max(last, end);
    if (name !== "finding") continue;
    if (node.hasError || node.parent?.type === "ERROR") return false;
    isAdded ||= file.isAdded(start, end);
  }
  if (!isAdded) return false;
  if (known === null) return true;
  for (let line = first; line <= last; line++) if (!known.has(line)) return false;
  return true;
}

function knownLines(file: ReviewedFile): ReadonlySet<number> {
  return new Set(
    file.diff.hunks.flatMap((hunk) =>
      hunk.lines.flatMap(({ newLine }) => (newLine === null ? [] : [newLine])),
    ),
  );
}

interface QueryRange {
  readonly startPosition?: { readonly row: number; readonly column: number };
  readonly endPosition?: { readonly row: number; readonly column: number };
}

/** Where to look: around what was added. */
function addedRanges(file: ReviewedFile): readonly QueryRange[] {
  const ranges: { first: number; last: number }[] = [];
  for (const line of file.added) {
    const current = ranges.at(-1);
    if (current !== undefined && line - current.last <= rangeGapLines) current.last = line;
    else ranges.push({ first: line, last: line });
  }
  if (ranges.length > maxRanges) return [{}];
  return ranges.map(({ first, last }) => ({
    startPosition: { row: first - 1, column: 0 },
    endPosition: { row: last, column: 0 },
  }));
}
