import type { SearchIndex } from "../../core/index/search/search-index.ts";
import type { Citation } from "./ask-result.ts";

export interface ShownLines {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** `src/a.ts:12-34`, `src/a.ts:12`, also in brackets or backticks; the path as the repository has it. */
const citation =
  /([\p{L}\p{N}_.@+$#~/\\-][\p{L}\p{N}_.@+$#~/\\ ()[\]-]*?):(\d{1,7})(?:\s?[-–]\s?(\d{1,7}))?(?![\p{L}\p{N}])/gu;
const maxCitations = 200;

/** Every place that a text cites, checked against the snapshot, each once. */
export function readCitations(
  text: string,
  index: SearchIndex,
  shown: readonly ShownLines[],
): readonly Citation[] {
  const linesOf = new Map(index.files.map(({ path, record }) => [path, record?.lines ?? 0]));
  const found = new Map<string, Citation>();
  for (const match of text.matchAll(citation)) {
    const path = toPath(match[1]!, linesOf);
    if (path === null) continue;
    const startLine = Number(match[2]);
    const endLine = match[3] === undefined ? startLine : Number(match[3]);
    const lines = linesOf.get(path);
    found.set(`${path}:${startLine}-${endLine}`, {
      path,
      startLine,
      endLine,
      exists: lines !== undefined && startLine >= 1 && endLine >= startLine && endLine <= lines,
      wasShown: shown.some(
        (one) => one.path === path && startLine <= one.endLine && endLine >= one.startLine,
      ),
    });
    if (found.size >= maxCitations) break;
  }
  return [...found.values()];
}

/** What of the text before the colon is a path: the longest end of it that the repository has, else what looks like one. */
function toPath(text: string, known: ReadonlyMap<string, unknown>): string | null {
  const clean = text.replaceAll("\\", "/").replace(/^\.\//, "");
  if (known.has(clean)) return clean;
  const words = clean.split(/[\s()[\]]+/);
  for (let from = 1; from < words.length; from++) {
    const rest = words.slice(from).join(" ");
    if (known.has(rest)) return rest;
  }
  const last = words.at(-1)!.replace(/^\.\//, "");
  // `12:30`, `http:80` and `localhost:3000` cite nothing.
  return /\/|\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(last) && !/^\d+\.|^\/\//.test(last) ? last : null;
}
