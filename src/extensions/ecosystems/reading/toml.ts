import { parse, TomlError } from "smol-toml";
import { asObject } from "./json.ts";

export interface TomlDocument {
  /** The value at `path`, or undefined. */
  at(...path: readonly (string | number)[]): unknown;
  text(...path: readonly (string | number)[]): string | undefined;
  /** Members of the table at `path`, with the line of each. */
  entries(
    ...path: readonly (string | number)[]
  ): readonly { readonly key: string; readonly value: unknown; readonly line: number }[];
  /** Strings of the list at `path`, with the line of each. */
  strings(
    ...path: readonly (string | number)[]
  ): readonly { readonly value: string; readonly line: number }[];
  line(...path: readonly (string | number)[]): number;
  readonly problems: readonly { readonly message: string; readonly line?: number }[];
}

const SEPARATOR = "\u0000";
const MAX_RETRIES = 4;
/** Deeper keys and values keep no line of their own; without it a line of brackets costs quadratic time and memory. */
const MAX_DEPTH = 64;

/** A TOML text with the line of every key and list element. When it is invalid, the part before the mistake is read. */
export function readToml(text: string): TomlDocument {
  const problems: { message: string; line?: number }[] = [];
  let root: unknown = {};
  let rest = text;
  for (let attempt = 0; attempt <= MAX_RETRIES; attempt += 1) {
    try {
      root = parse(rest);
      break;
    } catch (error) {
      const line = error instanceof TomlError ? error.line : 1;
      if (attempt === 0) {
        const reason =
          error instanceof TomlError ? (error.message.split("\n")[0] ?? "") : "nested too deeply";
        problems.push({ message: `Not valid TOML: ${reason.replace("Invalid TOML document: ", "")}.`, line });
      }
      rest = cutBefore(rest, line, attempt > 0);
    }
  }
  const lines = locateKeys(text);
  const at = (...path: readonly (string | number)[]): unknown => {
    let value: unknown = root;
    for (const part of path) {
      if (Array.isArray(value) && typeof part === "number") value = value[part];
      else {
        const table = asObject(value);
        value = table !== undefined && Object.hasOwn(table, String(part)) ? table[String(part)] : undefined;
      }
    }
    return value;
  };
  const line = (...path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const found = lines.get(path.slice(0, length).join(SEPARATOR));
      if (found !== undefined) return found;
    }
    return 1;
  };
  return {
    at,
    text: (...path) => {
      const value = at(...path);
      return typeof value === "string" ? value : undefined;
    },
    line,
    entries: (...path) =>
      Object.entries(asObject(at(...path)) ?? {}).map(([key, value]) => ({
        key,
        value,
        line: line(...path, key),
      })),
    strings: (...path) => {
      const list = at(...path);
      if (!Array.isArray(list)) return [];
      return list.flatMap((value, index) =>
        typeof value === "string" ? [{ value, line: line(...path, index) }] : [],
      );
    },
    problems,
  };
}

/** The lines before `line`; the second time back to the last table header, which drops a half-read value. */
function cutBefore(text: string, line: number, toHeader: boolean): string {
  const kept = text.split("\n").slice(0, Math.max(0, line - 1));
  if (toHeader) while (kept.length > 0 && !kept.pop()?.startsWith("[")) continue;
  return kept.join("\n");
}

const TOKEN =
  /"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?|#[^\n]*|\n|[[\]{},=.]|[^\s[\]{},=."'#]+/g;

/** Line of each key path; list elements count as keys `0`, `1` …. A second pass of its own because smol-toml keeps no positions. */
function locateKeys(text: string): ReadonlyMap<string, number> {
  const tokens = text.match(TOKEN) ?? [];
  const lines = new Map<string, number>();
  const tableCounts = new Map<string, number>();
  let prefix: readonly (string | number)[] = [];
  let line = 1;
  let at = 0;
  const remember = (path: readonly (string | number)[]): void => {
    const key = path.join(SEPARATOR);
    if (!lines.has(key)) lines.set(key, line);
  };
  const advance = (): void => {
    const token = tokens[at] ?? "";
    if (token === "\n") line += 1;
    else if (token.startsWith('"""') || token.startsWith("'''")) line += token.split("\n").length - 1;
    at += 1;
  };
  const skipSpace = (): void => {
    while (tokens[at] === "\n" || tokens[at]?.startsWith("#") === true) advance();
  };
  const readKey = (base: readonly (string | number)[]): (string | number)[] => {
    const path = [...base];
    while (at < tokens.length) {
      const token = tokens[at] ?? "";
      if (token === "=" || token === "]" || token === "\n" || token === "}" || token === ",") break;
      if (token !== "." && path.length < MAX_DEPTH) {
        path.push(unquote(token));
        remember(path);
      }
      advance();
    }
    return path;
  };
  const readValue = (path: readonly (string | number)[], depth: number): void => {
    const token = tokens[at];
    if (depth > MAX_DEPTH || (token !== "[" && token !== "{")) {
      while (at < tokens.length && !["\n", ",", "]", "}"].includes(tokens[at] ?? "")) advance();
      return;
    }
    const close = token === "[" ? "]" : "}";
    advance();
    for (let index = 0; at < tokens.length; index += 1) {
      skipSpace();
      if (tokens[at] === close || at >= tokens.length) break;
      const before = at;
      let child = [...path, index] as (string | number)[];
      if (close === "}") {
        child = readKey(path);
        if (tokens[at] === "=") advance();
      } else remember(child);
      readValue(child, depth + 1);
      skipSpace();
      if (tokens[at] === ",") advance();
      else if (at === before) advance();
    }
    advance();
  };
  while (at < tokens.length) {
    skipSpace();
    if (tokens[at] === "[") {
      const isList = tokens[at + 1] === "[";
      advance();
      if (isList) advance();
      const name = readKey([]);
      if (isList) {
        const key = name.join(SEPARATOR);
        const count = tableCounts.get(key) ?? 0;
        tableCounts.set(key, count + 1);
        prefix = [...name, count];
        remember(prefix);
      } else prefix = name;
    } else if (at < tokens.length) {
      const path = readKey(prefix);
      if (tokens[at] === "=") {
        advance();
        readValue(path, 0);
      }
    }
    while (at < tokens.length && tokens[at] !== "\n") advance();
  }
  return lines;
}

function unquote(token: string): string {
  return token.startsWith('"') || token.startsWith("'") ? token.slice(1, -1) : token;
}

/** Names and versions of the `[[package]]` tables of Cargo.lock, poetry.lock, uv.lock and pdm.lock, which are too large to parse whole. */
export function readLockedPackages(
  text: string,
): readonly { readonly name: string; readonly version: string }[] {
  return [...text.matchAll(/^\[\[package\]\]\r?\nname = "([^"\n]+)"\r?\nversion = "([^"\n]+)"/gm)].map(
    (match) => ({
      name: match[1] ?? "",
      version: match[2] ?? "",
    }),
  );
}
