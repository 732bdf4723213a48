import type { SyntaxNode } from "../../../contracts/review-rule.ts";
import { closest, functionType } from "./nodes.ts";

/** What the person at the other end writes into a request. */
export const requested =
  /\b(req|request|ctx|context|c)\.(params|query|body|headers|cookies|args|form|files|values|GET|POST|json|QueryParam|Param|Query|FormValue|PostForm|DefaultQuery)\b|\b(?:r|req|request)\.(URL\.Query\(\)|FormValue\(|PostFormValue\(|(?:Post)?Form\.Get\(|PathValue\(|param\(|data(?:\[|\.get\())|\$_(GET|POST|REQUEST|COOKIE)\b|\$_FILES\[[^\]]*\]\[["']name["']\]|\$request->(?:(?:query|request|cookies)->)?(input|query|get|post|route)\(|\b(?:nextUrl|url)\.searchParams\.get\(|\bparams\[|\bgetParameter\(|\bmux\.Vars\(|\bRequest\.(Query|QueryString|Form|Params)\b/;

const maxFunctionLength = 20_000;

/** The function around a node, or the whole file of a script; null when it is too long to be read. */
export function textAround(node: SyntaxNode, fileText: string): string | null {
  const around = closest(node, functionType)?.text ?? fileText;
  return around.length > maxFunctionLength ? null : around;
}

/** What the names in an expression were set to before a node, in the text around it. */
export function* earlierValues(expression: string, node: SyntaxNode, around: string): Generator<string> {
  const before = around.slice(0, Math.max(0, around.indexOf(node.text)));
  for (const [name] of expression.replace(/(["'`])(?:(?!\1)[^$])*\1/g, "").matchAll(/\$?[A-Za-z_]\w*/g)) {
    const set = new RegExp(
      `(?:^|[^\\w.$])${name.replace("$", "\\$")}\\s*(?:[,\\w\\s]{0,100}\\}\\s*)?(?::[^=\\n]{1,60})?:?=(?!=)([^\\n]{1,300})`,
      "g",
    );
    for (const [, value] of before.matchAll(set)) yield value!;
  }
}
