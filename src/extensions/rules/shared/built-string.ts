import type { SyntaxNode } from "../../../contracts/review-rule.ts";

/** An expression inside a text that is put together. */
export interface Part {
  readonly text: string;
}

/** A piece of a text that is put together: what is written down, or an expression. */
export type Segment = string | Part;

const literal =
  /^(string|string_literal|template_string|interpreted_string_literal|raw_string_literal|encapsed_string|verbatim_string_literal|interpolated_string_expression|heredoc_body|subshell|line_string_literal|multi_line_string_literal|heredoc)$/;
const interpolation =
  /^(template_substitution|interpolation|interpolated_expression|variable_name|dynamic_variable_name|subscript_expression|member_access_expression|interpolated_identifier)$/;
/** Some grammars leave it to the text before what is interpolated. */
const interpolationMark = /(?:[$#]?\{|\$|\\\()$/;
const concatenation =
  /^(binary_expression|binary_operator|binary|additive_expression|concatenated_string|chained_string)$/;
const formatCall = /(^|[.:])(sprintf|format|formatted|Sprintf|Format)$/;
const maxSegments = 400;
/** Hostile code has parentheses in parentheses until the stack is full. */
const maxNesting = 40;

/** The pieces of a text that is concatenated, interpolated or formatted; null for any other expression. */
export function readBuiltString(node: SyntaxNode): readonly Segment[] | null {
  if (!isText(node)) return null;
  const segments: Segment[] = [];
  collect(node, segments, 0);
  return segments.some((segment) => typeof segment === "string") ? segments : null;
}

/** The whole of the chain of concatenations that a piece belongs to. */
export function wholeText(piece: SyntaxNode): SyntaxNode {
  let top = piece;
  for (let step = 0; step < maxSegments; step++) {
    const outer = top.parent;
    if (outer === null || !concatenation.test(outer.type) || !joins(outer)) return top;
    top = outer;
  }
  return top;
}

/** Whether its operator, if it has one, makes one text of two. */
function joins(node: SyntaxNode): boolean {
  const operator = node.childForFieldName("operator")?.text;
  return operator === undefined || /^[+.%]$/.test(operator);
}

/** Expressions that a text is built with, without those that nobody outside the code can choose. */
export function openParts(segments: readonly Segment[]): readonly Part[] {
  return segments.filter((segment): segment is Part => typeof segment !== "string" && !isClosed(segment));
}

/** A number, a name in capitals, a length, or a call that makes it harmless. */
export function isClosed(part: Part): boolean {
  const text = part.text.replace(/^[#$]?\{|\}$/g, "").trim();
  return (
    text.length > 400 ||
    /^[\w.]*\b[A-Z][A-Z0-9_]{2,}$|^(self|this|Self)::?[A-Z][A-Z0-9_]+$|^\d+$|^["'][^"']*["']$/.test(text) ||
    /\?\s*(["'`])[^"'`]*\1\s*:\s*(["'`])[^"'`]*\2$/.test(text) ||
    /\.(length|size|count|Length|Count)(\(\))?$|^(len|count|sizeof)\(/.test(text) ||
    /\b(quote\w*|escape\w*|shellescape|sanitize\w*|parseInt|Number|int|intval|float|placeholders?|bind\w*|to_i|Itoa|encodeURIComponent)\b[^.]*\(|\.(to_i|to_sym|toFixed\(\d*\)|shellescape|quote\w*)$|\(int\)/i.test(
      text,
    )
  );
}

/** Whether an expression is a text or makes one. */
function isText(node: SyntaxNode, depth = 0): boolean {
  if (depth > maxNesting) return false;
  if (literal.test(node.type)) return true;
  if (
    node.type === "parenthesized_expression" ||
    node.type === "concatenated_string" ||
    node.type === "chained_string"
  )
    return node.namedChildren.some((child) => isText(child, depth + 1));
  if (concatenation.test(node.type)) return isConcatenation(node);
  return formatArguments(node) !== null;
}

function isConcatenation(node: SyntaxNode): boolean {
  let left: SyntaxNode | null = node;
  for (let depth = 0; left !== null && depth < maxSegments; depth++) {
    if (!joins(left)) return false;
    const right: SyntaxNode | null = left.childForFieldName("right") ?? left.namedChildren[1] ?? null;
    if (right !== null && literal.test(right.type)) return true;
    left = left.childForFieldName("left") ?? left.namedChildren[0] ?? null;
    if (left !== null && !concatenation.test(left.type)) return literal.test(left.type);
  }
  return false;
}

function collect(node: SyntaxNode, into: Segment[], depth: number): void {
  if (into.length >= maxSegments || depth > maxSegments) return;
  const formatted = formatArguments(node);
  if (formatted !== null) return addFormatted(formatted, into);
  if (literal.test(node.type)) return addLiteral(node, into);
  const children = node.namedChildren.filter((child) => !/comment/.test(child.type));
  if (node.type === "parenthesized_expression" && children[0]) return collect(children[0], into, depth + 1);
  const operator = node.childForFieldName("operator")?.text;
  if (concatenation.test(node.type) && (operator === undefined || operator === "+" || operator === ".")) {
    for (const child of children) collect(child, into, depth + 1);
    return;
  }
  if (concatenation.test(node.type) && operator === "%" && children[0] && children[1])
    return addFormatted(
      [children[0], ...(/tuple|array/.test(children[1].type) ? children[1].namedChildren : [children[1]])],
      into,
    );
  into.push(node);
}

/** The text of a literal without its quotes, with what is interpolated in its place. */
function addLiteral(node: SyntaxNode, into: Segment[]): void {
  const text = node.text;
  const quote = /^[a-zA-Z@$]*(?:"""|'''|["'`])/.exec(text)?.[0] ?? "";
  const closing = text.length > quote.length ? (/(?:"""|'''|["'`])$/.exec(text)?.[0] ?? "") : "";
  let at = node.startIndex + quote.length;
  const add = (end: number, mark: RegExp | null = null): void => {
    const piece = end > at ? text.slice(at - node.startIndex, end - node.startIndex) : "";
    const own = mark === null ? piece : piece.replace(mark, "");
    if (own !== "") into.push(own);
  };
  for (const child of node.namedChildren) {
    if (!interpolation.test(child.type)) continue;
    add(child.startIndex, interpolationMark);
    into.push(child);
    at = child.endIndex;
  }
  add(node.endIndex - closing.length);
}

/** Format and arguments of a call that formats; null for anything else. */
function formatArguments(node: SyntaxNode): readonly SyntaxNode[] | null {
  if (node.type === "reference_expression" && node.namedChildren[0])
    return formatArguments(node.namedChildren[0]);
  if (node.type === "macro_invocation") {
    if (node.childForFieldName("macro")?.text !== "format") return null;
    const tokens = node.namedChildren.find(({ type }) => type === "token_tree")?.namedChildren ?? [];
    return tokens[0]?.type === "string_literal" ? tokens : null;
  }
  const called =
    node.childForFieldName("function") ?? node.childForFieldName("name") ?? node.childForFieldName("method");
  if (called === null || !formatCall.test(called.text.slice(-40))) return null;
  const list = node.childForFieldName("arguments")?.namedChildren ?? [];
  const given = list.map((entry) =>
    entry.type === "argument" ? (entry.namedChildren.at(-1) ?? entry) : entry,
  );
  const receiver = called.childForFieldName("object") ?? node.childForFieldName("object");
  const all = receiver !== null && literal.test(receiver.type) ? [receiver, ...given] : given;
  return all[0] !== undefined && literal.test(all[0].type) ? all : null;
}

/** Puts arguments where the format names them; Rust and Python name variables inside the braces too. */
function addFormatted([format, ...given]: readonly SyntaxNode[], into: Segment[]): void {
  const text = format!.text;
  let at = 0;
  let next = 0;
  for (const hole of text.matchAll(/%[-+0-9.]*[a-zA-Z]|%\((\w+)\)s|\{(\w*)(?:[:!][^{}]*)?\}/g)) {
    into.push(text.slice(at, hole.index));
    at = hole.index + hole[0].length;
    const name = hole[1] ?? hole[2] ?? "";
    if (name !== "" && !/^\d+$/.test(name)) into.push({ text: name });
    else {
      const part = given[next++];
      if (part !== undefined) into.push(part);
    }
  }
  into.push(text.slice(at));
}
