import type { Node, QueryMatch } from "web-tree-sitter";
import type { SymbolFact, SymbolKind } from "../../contracts/file-facts.ts";

interface Definition {
  readonly node: Node;
  /** `members` groups methods but is no symbol. */
  readonly kind: SymbolKind | "members";
  readonly name: string;
  readonly nameRow: number;
  readonly pattern: number;
  /** Where the definition ends: its own node, or one that follows it. */
  readonly last: Node;
  readonly end: number;
  branches: number;
}

/** Longer names are damage from a broken parse. */
const maxNameLength = 200;

/**
 * Turns the matches of a language's query (see `LanguageDefinition.symbols`) into symbols in source order, with
 * complexity and function-or-method settled by nesting.
 *
 * Every access to `endIndex` or `endPosition` is a call into WebAssembly, so definitions ask once and
 * branches, ten times as many, never.
 */
export function toSymbols(matches: readonly QueryMatch[], text: string, namePart?: RegExp): SymbolFact[] {
  const byNode = new Map<number, Definition>();
  const branches: number[] = [];
  for (const match of matches) {
    const first = match.captures[0];
    if (first?.name === "branch") branches.push(first.node.startIndex);
    else {
      const definition = toDefinition(match, text, namePart);
      if (definition === undefined) continue;
      const known = byNode.get(definition.node.id);
      if (known === undefined || known.pattern < definition.pattern)
        byNode.set(definition.node.id, definition);
    }
  }
  const definitions = [...byNode.values()].sort(
    (a, b) => a.node.startIndex - b.node.startIndex || b.end - a.end,
  );
  branches.sort((a, b) => a - b);
  return nest(definitions, branches, text);
}

function toDefinition(match: QueryMatch, text: string, namePart: RegExp | undefined): Definition | undefined {
  let node: Node | undefined;
  let name: Node | undefined;
  let lastName: Node | undefined;
  let last: Node | undefined;
  let kind: Definition["kind"] | undefined;
  for (const capture of match.captures) {
    if (capture.name === "name") {
      name ??= capture.node;
      lastName = capture.node;
    } else if (capture.name === "end") {
      last = capture.node;
    } else if (isDefinitionKind(capture.name)) {
      node = capture.node;
      kind = capture.name;
    }
  }
  if (node === undefined || kind === undefined || (name === undefined && kind !== "members"))
    return undefined;
  return {
    node,
    kind,
    name: name === undefined ? "" : toName(text.slice(name.startIndex, lastName?.endIndex), namePart),
    nameRow: name?.startPosition.row ?? Infinity,
    pattern: match.patternIndex,
    last: last ?? node,
    end: (last ?? node).endIndex,
    branches: 0,
  };
}

function isDefinitionKind(name: string): name is Definition["kind"] {
  return (
    name === "function" || name === "method" || name === "class" || name === "type" || name === "members"
  );
}

function toName(source: string, namePart: RegExp | undefined): string {
  const name = namePart?.exec(source)?.[0] ?? source;
  return name.replace(/\s+/g, " ").slice(0, maxNameLength);
}

function nest(definitions: readonly Definition[], branches: readonly number[], text: string): SymbolFact[] {
  const enclosing: Definition[] = [];
  const kinds: Definition["kind"][] = [];
  let branch = 0;
  const closeUntil = (index: number) => {
    for (let top = enclosing.at(-1); top !== undefined && top.end <= index; top = enclosing.at(-1))
      enclosing.pop();
  };
  const giveBranchesBefore = (index: number) => {
    for (let at = branches[branch]; at !== undefined && at < index; at = branches[++branch]) {
      closeUntil(at);
      const around = enclosing.findLast(
        (definition) => definition.kind === "function" || definition.kind === "method",
      );
      if (around !== undefined) around.branches++;
    }
  };
  for (const definition of definitions) {
    giveBranchesBefore(definition.node.startIndex);
    closeUntil(definition.node.startIndex);
    const around = enclosing.at(-1)?.kind;
    const isMember = definition.kind === "function" && (around === "class" || around === "members");
    kinds.push(isMember ? "method" : definition.kind);
    enclosing.push(definition);
  }
  giveBranchesBefore(Infinity);
  const facts: SymbolFact[] = [];
  for (const [index, definition] of definitions.entries()) {
    const kind = kinds[index];
    if (kind === undefined || kind === "members") continue;
    facts.push({
      kind,
      name: definition.name,
      line: Math.min(definition.node.startPosition.row, definition.nameRow) + 1,
      endLine: definition.last.endPosition.row + 1 - countBreaksBefore(text, definition.end),
      complexity: kind === "function" || kind === "method" ? 1 + definition.branches : 0,
    });
  }
  return facts;
}

/** Where indentation is the syntax, a definition may reach to the next one, over the empty lines between the two. */
function countBreaksBefore(text: string, end: number): number {
  let breaks = 0;
  for (let index = end - 1; index >= 0; index--) {
    const character = text[index];
    if (character === "\n") breaks++;
    else if (character !== " " && character !== "\t" && character !== "\r") break;
  }
  return breaks;
}
