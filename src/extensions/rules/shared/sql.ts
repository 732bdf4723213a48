import type { SyntaxNode } from "../../../contracts/review-rule.ts";
import { isClosed, type Segment } from "./built-string.ts";
import { closest } from "./nodes.ts";

/** A whole statement, as databases read it; words of a sentence are not enough. */
export const statement =
  /^["'`$@rfbRFB{(\s\\n]*(select\s[^;]*?\sfrom\s+["'`[\w.{$]+|insert\s+(ignore\s+|or\s+\w+\s+)?into\s+["'`[\w.]+|update\s+["'`[\w.]+\s+set\s|delete\s+from\s+["'`[\w.]+|replace\s+into\s|with\s+\w+\s+as\s*\()/i;
/** After these a value stands, which could be bound. Names of tables and columns cannot. */
const beforeValue =
  /(?:=|<>|!=|<|>|\b(?:like|ilike|values|in|between|and|limit|offset)\b\s*\(?|,)\s*(?:N|E)?\s*['"]?%*$/i;
const insideValues = /\b(values|in)\s*\([^()]*$/i;
/** The condition alone, where a call such as `where` is given one. */
export const fragment = /^["'`(\s]*[\w.`"]+\s*(=|<>|!=|<|>|like\b|in\b)/i;
const aboutText =
  /\b(log\w*|print\w*|warn\w*|error|debug|info|trace|fail\w*|raise|throw|assert\w*|expect\w*|message|Errorf|panic|puts|echo|fatal\w*|explain\w*)\b[.\w!]*\s*\(?$/i;
const safeNames =
  /placeholder|table|column|field|schema|order|sort|direction|clause|where|condition|filter|prefix|suffix|sql|query|select|join|cols|names|keys|params\b(?![[.])|marks|binds|fragment|values|operator|\bop\b|cte|with|limit|offset|expr/i;

/** The first value that is written into the text instead of being bound. */
export function firstValue(segments: readonly Segment[]): string | null {
  let before = "";
  for (const segment of segments) {
    if (typeof segment === "string") {
      before += segment;
      continue;
    }
    const tail = before.slice(-200);
    const isValue = beforeValue.test(tail) && (!/,\s*['"]?$/.test(tail) || insideValues.test(tail));
    if (isValue && !isClosed(segment) && !safeNames.test(segment.text)) return segment.text;
    before += "?";
  }
  return null;
}

/** Whether the text is only told to somebody: logged, printed, thrown. */
export function isTold(node: SyntaxNode): boolean {
  const call = closest(node, /call|invocation|new_expression|object_creation|raise|throw|command/);
  const called =
    call?.childForFieldName("function") ??
    call?.childForFieldName("name") ??
    call?.childForFieldName("method") ??
    call?.childForFieldName("constructor");
  return (
    aboutText.test((called?.text ?? call?.text.slice(0, 30) ?? "").slice(-80)) ||
    /^(raise|throw)/.test(call?.type ?? "")
  );
}
