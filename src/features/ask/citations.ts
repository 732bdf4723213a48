import type { SearchIndex } from "../../core/index/search/search-index.ts";
import type { Citation } from "./ask-result.ts";

export interface ShownLines {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

/** What follows a path: `:12`, `:12-34`, `#L12-L34`. */
const lineNumbers = /(?::L?|#L)(\d{1,7})(?:( ?)[-–] ?L?(\d{1,7}))?(?![\p{L}\p{N}])/gu;
const maxCitations = 200;
/** Longer paths are not recognised in a text. */
const maxPath = 400;
/** Before the first letter of a path. */
const isBorder = /[\s()[\]{}<>`"'*,;|=!&]/;
const unknownPath = /[\p{L}\p{N}_.@+$#~/\\-]+$/u;

/** Every place that a text cites, checked against the snapshot, each once. */
export function readCitations(
  text: string,
  index: SearchIndex,
  shown: readonly ShownLines[],
): readonly Citation[] {
  const found = new Map<string, Citation>();
  for (const { path, startLine, endLine, exists } of findCitations(text, index)) {
    found.set(`${path}:${startLine}-${endLine}`, {
      path,
      startLine,
      endLine,
      exists,
      wasShown: shown.some(
        (one) => one.path === path && startLine <= one.endLine && endLine >= one.startLine,
      ),
    });
    if (found.size >= maxCitations) break;
  }
  return [...found.values()];
}

/** What does not exist must not look like a source. */
export function strikeWrong(text: string, index: SearchIndex): string {
  let checked = "";
  let at = 0;
  for (const { exists, from, to } of findCitations(text, index)) {
    if (exists) continue;
    checked += `${text.slice(at, from)}[no such lines]`;
    at = to;
  }
  return checked + text.slice(at);
}

interface Cited extends Omit<Citation, "wasShown"> {
  /** Where it stands in the text. */
  readonly from: number;
  readonly to: number;
}

function* findCitations(text: string, index: SearchIndex): Generator<Cited> {
  const linesOf = new Map(index.files.map(({ path, record }) => [path, record?.lines ?? 0]));
  let end = 0;
  for (const match of text.matchAll(lineNumbers)) {
    const found = findPath(text, Math.max(end, match.index - maxPath), match.index, linesOf);
    if (found === null) continue;
    const startLine = Number(match[1]);
    const last = match[3] === undefined ? startLine : Number(match[3]);
    // `a.ts:12 - 3 times` is no range.
    const isRange = last >= startLine || match[2] === "";
    const endLine = isRange ? last : startLine;
    const lines = linesOf.get(found.path);
    end = match.index + (isRange ? match[0].length : match[0].indexOf(" "));
    yield {
      path: found.path,
      startLine,
      endLine,
      exists: lines !== undefined && startLine >= 1 && endLine >= startLine && endLine <= lines,
      from: found.from,
      to: end,
    };
  }
}

/** The path that ends at `to`: the longest that the repository has, else what looks like one. */
function findPath(
  text: string,
  from: number,
  to: number,
  known: ReadonlyMap<string, unknown>,
): { readonly path: string; readonly from: number } | null {
  let end = to;
  // `` `a.ts`:12 ``
  while (end > from && /[`*]/.test(text[end - 1]!)) end--;
  const before = text.slice(Math.max(from, text.lastIndexOf("\n", end - 1) + 1), end);
  const start = end - before.length;
  for (let at = 0; at < before.length; at++) {
    if (at > 0 && !isBorder.test(before[at - 1]!)) continue;
    const path = toPath(before.slice(at));
    if (known.has(path)) return { path, from: start + at };
  }
  const last = unknownPath.exec(before)?.[0] ?? "";
  const path = toPath(last);
  // `12:30`, `http:80` and `localhost:3000` cite nothing.
  if (!/\/|\.[A-Za-z][A-Za-z0-9]{0,9}$/.test(path) || /^\d+\.|^\/\//.test(path)) return null;
  return { path, from: end - last.length };
}

function toPath(text: string): string {
  return text.replaceAll("\\", "/").replace(/^\.\//, "");
}
