import { paint } from "../../base/style.ts";
import { printable, printableLine } from "../../base/text.ts";
import type { FileSearchResult, SearchHit, SearchResult } from "../../contracts/search.ts";
import type { Terminal } from "../../contracts/terminal.ts";
import { splitWord } from "../../core/index/records/words.ts";

/** Lines of one hit that are shown. */
const shownLines = 6;

/** Shows places as `path:start-end  symbol` with the lines that say most. */
export function writeHits(result: SearchResult, terminal: Terminal): void {
  if (result.hits.length === 0) {
    terminal.note("Nothing was found.");
    return;
  }
  const wanted = new Set((result.query.match(/[\p{L}\p{N}_]+/gu) ?? []).flatMap((word) => splitWord(word)));
  for (const [at, hit] of result.hits.entries()) {
    const place = `${printableLine(hit.path)}:${hit.startLine}-${hit.endLine}`;
    const name =
      hit.symbol === null ? "" : `  ${hit.kind} ${paint(terminal, "bold", printableLine(hit.symbol))}`;
    terminal.write(`${at === 0 ? "" : "\n"}${paint(terminal, "cyan", place)}${name}\n`);
    for (const { line, text } of chooseLines(hit, wanted))
      terminal.write(
        `${paint(terminal, "dim", String(line).padStart(6))}  ${printable(text).slice(0, Math.max(20, terminal.columns - 9))}\n`,
      );
  }
}

export function writeFiles(result: FileSearchResult, terminal: Terminal): void {
  if (result.files.length === 0) terminal.note("Nothing was found.");
  for (const file of result.files)
    terminal.write(
      `${paint(terminal, "dim", file.score.toFixed(2).padStart(5))}  ${printableLine(file.path)}  ${paint(terminal, "dim", reasonsOf(file.signals))}\n`,
    );
}

const reasons: Readonly<Record<string, string>> = {
  exact: "as it stands",
  mention: "named",
  body: "text",
  path: "path",
  messages: "commit messages",
  similar: "similar commits",
  unit: "one place",
  cochange: "changed together",
  pair: "same name",
  dense: "meaning",
};

/** The strongest signals of a file, in words. */
function reasonsOf(signals: Readonly<Record<string, number>>): string {
  return Object.entries(signals)
    .filter(([name, value]) => value >= 0.5 && name in reasons)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([name]) => reasons[name])
    .join(", ");
}

/** The definition's first line and the lines that hold most of the query, in order. */
function chooseLines(hit: SearchHit, wanted: ReadonlySet<string>): { line: number; text: string }[] {
  const lines = hit.text.split("\n").map((text, at) => ({ line: hit.startLine + at, text }));
  const scored = lines
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
    .map((entry, at) => ({
      ...entry,
      score:
        new Set(
          (entry.text.match(/[\p{L}\p{N}_]+/gu) ?? []).flatMap((word) =>
            splitWord(word).filter((term) => wanted.has(term)),
          ),
        ).size + (at === 0 ? 0.5 : 0),
    }));
  return scored
    .toSorted((a, b) => b.score - a.score || a.line - b.line)
    .slice(0, shownLines)
    .toSorted((a, b) => a.line - b.line);
}
