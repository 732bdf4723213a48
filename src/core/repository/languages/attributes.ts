import { compileAttributePattern } from "./attribute-pattern.ts";

/** What `.gitattributes` says about one path; absent when it says nothing. */
export interface LanguageAttributes {
  /** Value of `linguist-language`, as written. */
  readonly language?: string;
  readonly vendored?: boolean;
  readonly generated?: boolean;
  readonly documentation?: boolean;
  readonly detectable?: boolean;
}

interface AttributeLine {
  readonly matches: (relativePath: string) => boolean;
  /** Null takes an earlier value away (`!linguist-vendored`). */
  readonly changes: readonly (readonly [keyof LanguageAttributes, string | boolean | null])[];
}

const names: Readonly<Record<string, keyof LanguageAttributes>> = {
  "linguist-language": "language",
  "linguist-vendored": "vendored",
  "linguist-generated": "generated",
  "linguist-documentation": "documentation",
  "linguist-detectable": "detectable",
};

/** Lines after this many in one file are ignored. */
const lineLimit = 20_000;

/**
 * Reads `.gitattributes` files (any depth, `path` as in the tree) and answers what they say about a path, by
 * Git's rules: later lines win over earlier ones and deeper files over outer ones. Attributes other than
 * Linguist's are ignored, except macros (`[attr]name …`) that set one of Linguist's.
 */
export function createAttributes(
  files: readonly { readonly path: string; readonly text: string }[],
): (path: string) => LanguageAttributes {
  const macros = new Map<string, AttributeLine["changes"]>();
  const byFolder = new Map<string, readonly AttributeLine[]>();
  const outerFirst = files
    .filter(({ path }) => path === ".gitattributes" || path.endsWith("/.gitattributes"))
    .sort((a, b) => a.path.length - b.path.length);
  for (const { path, text } of outerFirst) {
    const lines = parseAttributes(text, macros);
    if (lines.length > 0) byFolder.set(path.slice(0, -".gitattributes".length), lines);
  }
  if (byFolder.size === 0) return () => nothing;
  return (path) => {
    const result: { -readonly [K in keyof LanguageAttributes]: LanguageAttributes[K] } = {};
    for (let end = 0; ; end = path.indexOf("/", end) + 1) {
      for (const line of byFolder.get(path.slice(0, end)) ?? []) {
        if (!line.matches(path.slice(end))) continue;
        for (const [name, value] of line.changes) {
          if (value === null) delete result[name];
          else if (name === "language") {
            if (typeof value === "string") result.language = value;
            else delete result.language;
          } else result[name] = value !== false && value !== "false";
        }
      }
      if (!path.includes("/", end)) return result;
    }
  };
}

const nothing: LanguageAttributes = {};

function parseAttributes(text: string, macros: Map<string, AttributeLine["changes"]>): AttributeLine[] {
  const lines: AttributeLine[] = [];
  for (const raw of text.replace(/^\uFEFF/, "").split("\n", lineLimit)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const quoted = /^"((?:[^"\\]|\\.)*)"\s/.exec(line);
    const pattern = quoted?.[1] === undefined ? (/^\S+/.exec(line)?.[0] ?? "") : unquote(quoted[1]);
    const changes = parseChanges(line.slice(quoted?.[0].length ?? pattern.length), macros);
    if (changes.length === 0) continue;
    if (pattern.startsWith("[attr]")) macros.set(pattern.slice("[attr]".length), changes);
    // Git forbids negative patterns in attribute files.
    else if (!pattern.startsWith("!")) lines.push({ matches: compileAttributePattern(pattern), changes });
  }
  return lines;
}

function parseChanges(words: string, macros: ReadonlyMap<string, AttributeLine["changes"]>) {
  return words.split(/\s+/).flatMap((word): AttributeLine["changes"] => {
    const [, sign = "", name = "", value] = /^([-!]?)([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    if (known === undefined) return sign === "" && value === undefined ? (macros.get(name) ?? []) : [];
    if (sign === "!") return [[known, null]];
    return [[known, sign === "-" ? false : (value ?? true)]];
  });
}

/** C-style escapes as Git writes them around patterns with spaces or odd characters. */
function unquote(text: string): string {
  return text.replaceAll(/\\([0-7]{3}|.)/g, (_all, escape: string) => {
    if (escape.length === 3) return String.fromCharCode(Number.parseInt(escape, 8));
    return { n: "\n", t: "\t" }[escape] ?? escape;
  });
}
