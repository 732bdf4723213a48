import type { LineCounts } from "../../../contracts/file-facts.ts";
import type { FilterSyntax } from "./comment-syntax-filters.ts";
import { commentSyntax } from "./comment-syntax.ts";
import { endsInBackslash, firstInk, lineEnd, textStart } from "./scan-bytes.ts";
import { scanComments } from "./scan-comments.ts";
import { hasShebang, scanDocstrings } from "./scan-docstrings.ts";
import { toByteText, toLatin1 } from "./text.ts";

/**
 * Lines of code, comment and blank, in cloc's sense: every line is exactly one of the three, a line with code
 * and comment is code, a last line without a line end counts. `language` is a Linguist name; for null and for
 * languages whose comments are not known every visible line is code. Never throws.
 */
export function countLines(bytes: Uint8Array, language: string | null): LineCounts {
  const text = toByteText(bytes);
  const start = textStart(text);
  const syntax = language === null ? undefined : commentSyntax(language);
  if (syntax === undefined) return scanComments(text, start, {});
  if (syntax.kind === "docstrings") return scanDocstrings(text, start, syntax.syntax);
  if (syntax.kind === "filters") return countFiltered(text, start, syntax.syntax);
  const counts = scanComments(text, start, syntax.syntax);
  if (
    syntax.syntax.script !== true ||
    syntax.syntax.drop?.includes("#") !== true ||
    !hasShebang(text, start)
  ) {
    return counts;
  }
  return { ...counts, code: counts.code + 1, comments: counts.comments - 1 };
}

function countFiltered(bytes: Uint8Array, start: number, syntax: FilterSyntax): LineCounts {
  const continuation = syntax.continuation === true;
  let visible: readonly string[] = [];
  const lines: string[] = [];
  let total = 0;
  let continues = false;
  for (let at = start; at < bytes.length;) {
    const end = lineEnd(bytes, at);
    total++;
    if (firstInk(bytes, at) < end || (continuation && continues)) {
      lines.push(toLatin1(bytes, at, bytes[end - 1] === 13 ? end - 1 : end));
    }
    continues = endsInBackslash(bytes, end);
    at = end + 1;
  }
  visible = lines;
  for (const filter of syntax.filters) {
    const filtered: readonly string[] = filter(visible);
    visible = filtered.filter(
      (line, index) => /\S/.test(line) || (continuation && filtered[index - 1]?.endsWith("\\") === true),
    );
  }
  const shebang = syntax.script === true && visible[0] !== lines[0] && hasShebang(bytes, start) ? 1 : 0;
  // Filters only leave lines out or shorten them; the clamp keeps the sum right should one ever add a line.
  const code = Math.min(lines.length, visible.length + shebang);
  return { code, comments: lines.length - code, blanks: total - lines.length };
}
