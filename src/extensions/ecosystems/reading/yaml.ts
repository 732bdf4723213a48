import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from "yaml";

export interface YamlEntry {
  readonly key: string;
  readonly value: Node | null;
  readonly line: number;
}

export interface YamlDocument {
  at(...path: readonly string[]): Node | null;
  text(...path: readonly string[]): string | undefined;
  /** Members of the mapping, or elements of the list, at `path`. */
  entries(...path: readonly string[]): readonly YamlEntry[];
  readonly problems: readonly { readonly message: string; readonly line?: number }[];
}

/** A small YAML text with positions. Slow (about 1 ms for 100 lines): not for lock files. */
export function readYaml(text: string): YamlDocument {
  const counter = new LineCounter();
  const problems: { message: string; line?: number }[] = [];
  let root: Node | null = null;
  try {
    const document = parseDocument(text, { lineCounter: counter, logLevel: "silent", prettyErrors: false });
    root = document.contents;
    const first = document.errors[0];
    if (first !== undefined)
      problems.push({
        message: `Not valid YAML: ${first.message}.`,
        line: counter.linePos(first.pos[0]).line,
      });
    else if (!isMap(root)) problems.push({ message: "Not valid YAML: expected a mapping.", line: 1 });
  } catch (error) {
    problems.push({
      message: `Not valid YAML: ${error instanceof RangeError ? "nested too deeply" : String(error)}.`,
    });
  }
  const at = (...path: readonly string[]): Node | null => {
    let node: Node | null = root;
    for (const part of path)
      node = entriesOf(node, counter).find((entry) => entry.key === part)?.value ?? null;
    return node;
  };
  return {
    at,
    text: (...path) => scalarText(at(...path)),
    entries: (...path) => entriesOf(at(...path), counter),
    problems,
  };
}

/** A scalar as text; undefined for anything else. */
export function scalarText(node: Node | null): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === "string" ? node.value : (node.source ?? JSON.stringify(node.value));
}

function entriesOf(node: Node | null, counter: LineCounter): readonly YamlEntry[] {
  const lineOf = (item: Node): number => counter.linePos(item.range?.[0] ?? 0).line;
  if (isMap<Node, Node | null>(node))
    return node.items.flatMap((pair) =>
      isScalar(pair.key) ? [{ key: String(pair.key.value), value: pair.value, line: lineOf(pair.key) }] : [],
    );
  if (isSeq<Node>(node))
    return node.items.map((value, index) => ({ key: String(index), value, line: lineOf(value) }));
  return [];
}
