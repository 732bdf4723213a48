import type { SyntaxNode } from "../../../contracts/review-rule.ts";
import { closest, functionType } from "./nodes.ts";

const longestFunction = 20_000;

/** How frameworks say that a parameter of a function is filled from the request, around the parameter's name. */
const bindings: Readonly<Record<string, (name: string) => string>> = {
  java: (name) => String.raw`@RequestParam(?:\([^)]{0,200}\))?\s+(?:final\s+)?String\s+${name}\b`,
  csharp: (name) =>
    String.raw`\bpublic\s[^(]{0,200}ActionResult\b[^(]{0,200}\([^)]{0,500}\bstring\??\s+${name}\b`,
  python: (name) =>
    String.raw`^@\w+\.(?:route|get|post|put|patch|delete)\([\s\S]{0,2000}?\bdef\s+\w+\([^)]{0,500}\b${name}\s*[:,)=]`,
  typescript: (name) => String.raw`@(?:Query|Body|Param)\([^)]{0,200}\)\s*${name}\b`,
};

/** Whether a variable is a parameter that the framework fills from the request and that nothing sets again. */
export function isBoundToRequest(variable: SyntaxNode, languageId: string): boolean {
  const own = closest(variable, functionType);
  const binding = bindings[languageId];
  if (own === null || binding === undefined || !/^[A-Za-z_]\w*$/.test(variable.text)) return false;
  const around = own.parent?.type === "decorated_definition" ? own.parent : own;
  const text = around.text;
  const body = own.childForFieldName("body")?.text ?? "";
  return (
    text.length <= longestFunction &&
    new RegExp(binding(variable.text)).test(text) &&
    !new RegExp(String.raw`\b${variable.text}\s*=(?!=)`).test(body)
  );
}
