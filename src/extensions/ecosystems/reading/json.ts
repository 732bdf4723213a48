import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { createLineFinder } from "./lines.ts";

export type JsonNode = Node;

export interface JsonEntry {
  readonly key: string;
  readonly value: JsonNode;
  /** Line of the key, or of the element in a list. */
  readonly line: number;
}

/** A JSON text with positions; reads on behind mistakes. */
export interface JsonDocument {
  at(...path: readonly (string | number)[]): JsonNode | undefined;
  /** The string at `path`, or undefined when it is absent or something else. */
  text(...path: readonly (string | number)[]): string | undefined;
  line(node: JsonNode): number;
  /** Members of an object or elements of a list (with the index as key). */
  entries(node: JsonNode | undefined): readonly JsonEntry[];
  readonly problems: readonly { readonly message: string; readonly line?: number }[];
}

export function readJson(text: string): JsonDocument {
  const lineAt = createLineFinder(text);
  const errors: ParseError[] = [];
  let root: Node | undefined;
  let failure: string | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
  } catch (error) {
    failure = error instanceof RangeError ? "nested too deeply" : String(error);
  }
  const first = errors[0];
  if (first !== undefined) failure = printParseErrorCode(first.error);
  else if (failure === undefined && root === undefined) failure = "empty file";
  else if (failure === undefined && root?.type !== "object") failure = "expected an object";
  const at = (...path: readonly (string | number)[]): Node | undefined =>
    root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  return {
    at,
    text: (...path) => stringOf(at(...path)),
    line: (node) => lineAt(node.parent?.type === "property" ? node.parent.offset : node.offset),
    entries: (node) => {
      if (node?.children === undefined) return [];
      if (node.type === "array")
        return node.children.map((value, index) => ({
          key: String(index),
          value,
          line: lineAt(value.offset),
        }));
      if (node.type !== "object") return [];
      return node.children.flatMap((property) => {
        const [key, value] = property.children ?? [];
        if (key === undefined || value === undefined) return [];
        return [{ key: String(key.value), value, line: lineAt(property.offset) }];
      });
    },
    problems:
      failure === undefined
        ? []
        : [{ message: `Not valid JSON: ${failure}.`, line: lineAt(first?.offset ?? 0) }],
  };
}

export function stringOf(node: JsonNode | undefined): string | undefined {
  return node?.type === "string" ? String(node.value) : undefined;
}

/** A JSON text without positions, for large lock files; undefined when it is not an object. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
