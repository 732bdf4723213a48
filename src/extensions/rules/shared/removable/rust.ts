import { blankText, folderOf, hasWord, lineAt, nearestWith, topLevel, wordPattern } from "./blanked-text.ts";
import type { OfferedName, RemovableNames, Surroundings } from "./removable-names.ts";

const declared =
  /^(?:pub(?:\s*\([^()]*\))?\s+)?(?:(?:default|async|unsafe|const|extern(?:\s+"[^"]*"|\s{2,})?)\s+)*(?:fn|struct|enum|trait|const|static|type|union)\s+(?:mut\s+)?([A-Za-z_]\w+)/gm;
/** Attributes that write no names of their own. */
const quietAttributes =
  /^(?:derive|cfg|cfg_attr|allow|deny|warn|expect|inline|doc|must_use|test|repr|non_exhaustive|track_caller|deprecated|cold|macro_use|no_mangle)\b/;
const quietDerives =
  /^(?:(?:\w+::)*(?:Clone|Copy|Debug|Default|(?:Partial)?(?:Eq|Ord)|Hash|Serialize|Deserialize|Error))?$/;

interface Module {
  /** Folder of the crate's sources. */
  readonly root: string;
  readonly parts: readonly string[];
}

/** Rust: items of a module's file, named by a path from the crate, from `super` or from another crate of the workspace. */
export const rustNames: RemovableNames = {
  files: /\.rs$/,
  isGlobal: false,
  offered(path, text) {
    const module = moduleOf(path);
    if (module === null) return [];
    const scope = ["crate", ...module.parts].join("::");
    return [...topLevel(blankText(text, "rust")).matchAll(declared)].map(({ 1: name }): OfferedName => ({
      name: name!,
      fullName: `${scope}::${name}`,
      scope,
      kind: "value",
    }));
  },
  providers({ path }, { has }) {
    const module = moduleOf(path)!;
    if (has(path) || module.parts.length === 0) return [];
    const parents = module.parts.slice(0, -1).join("/");
    const own = [...(parents === "" ? [] : [parents]), module.parts.at(-1)!].join("/");
    return [
      ...(parents === "" ? ["lib.rs", "main.rs"] : [`${parents}.rs`, `${parents}/mod.rs`]),
      `${own}.rs`,
      `${own}/mod.rs`,
    ]
      .map((file) => `${module.root}/${file}`)
      .filter((file) => file !== path && has(file));
  },
  mayAnswer({ path, name }, other, text) {
    const module = moduleOf(path)!;
    const asked = moduleOf(other);
    if (asked === null || asked.root !== module.root) return false;
    const blanked = blankText(text, "rust");
    const place = asked.parts.join("/");
    if (place === module.parts.join("/")) {
      return maySupply(blanked, name);
    }
    // The module may have moved into its parent, or be supplied there under its name.
    if (module.parts.length === 0 || place !== module.parts.slice(0, -1).join("/")) return false;
    const last = module.parts.at(-1)!;
    return (
      text.includes("#[path") ||
      hasWord(blanked.replace(new RegExp(String.raw`\bmod\s+${last}\s*;`, "g"), ""), last)
    );
  },
  async findUse({ path: target, name }, path, text, around) {
    const module = moduleOf(target)!;
    const own = moduleOf(path);
    const blanked = blankText(text, "rust");
    const isInside = own !== null && own.root === module.root;
    const crate = isInside ? null : await crateNameFor(path, module.root, around);
    if (!isInside && crate === null) return null;
    const inner = isInside ? inlineModules(blanked) : [];
    for (const { parts, at } of pathsIn(blanked, crate)) {
      const last = parts.indexOf(name);
      if (last < 0) continue;
      const enclosing = inner.filter(({ start, end }) => start < at && at < end).map((found) => found.name);
      const full = isInside
        ? resolve(parts, [...own.parts, ...enclosing], blanked)
        : parts[0] === crate
          ? parts.slice(1)
          : null;
      if (full === null || full.length <= module.parts.length) continue;
      if (full[module.parts.length] !== name || module.parts.some((part, index) => full[index] !== part))
        continue;
      const place = at + Math.max(0, blanked.slice(at).search(wordPattern(name)));
      return { line: lineAt(blanked, place), how: `named here as \`${parts.join("::")}\`` };
    }
    return null;
  },
  examples: {
    bad: [
      {
        "Cargo.toml": ['[package]\nname = "shop"\n', '[package]\nname = "shop"\n'],
        "src/price/mod.rs": ["pub fn total() -> u8 { 1 }\n", "pub fn sum() -> u8 { 1 }\n"],
        "src/cart.rs": [
          "use crate::{cart::Cart, price::{self, total as t}};\n",
          "use crate::{cart::Cart, price::{self, total as t}};\n",
        ],
        "tests/all.rs": ["fn a() { shop::price::total(); }\n", "fn a() { shop::price::total(); }\n"],
      },
      {
        "src/price.rs": [
          "pub struct Total;\n\n#[cfg(test)]\nmod tests {\n    use super::Total;\n}\n",
          "pub struct Sum;\n",
        ],
        "src/price/net.rs": ["use super::Total;\n", "use super::Total;\n"],
      },
    ],
    good: [
      {
        "src/price.rs": ["pub fn total() {}\n", "pub use crate::parts::*;\n"],
        "src/cart.rs": ["use crate::price::total;\n", "use crate::price::total;\n"],
      },
      {
        "src/lib.rs": ["mod price;\n", "mod price { pub fn total() {} }\n"],
        "src/price.rs": ["pub fn total() {}\n", null],
        "src/cart.rs": ["use crate::price::total;\n", "use crate::price::total;\n"],
      },
      {
        "src/price.rs": ["pub struct Total;\n", "#[builder(Total)]\npub struct Sum;\n"],
        "src/cart.rs": [
          "use crate::other::Total; // crate::price::Total\n",
          "use crate::other::Total; // crate::price::Total\n",
        ],
      },
      {
        "src/price.rs": ["pub struct Total;\n", "pub struct Sum;\n"],
        "src/price/net.rs": [
          "mod a { pub struct Total; mod b { use super::Total; } }\n",
          "mod a { pub struct Total; mod b { use super::Total; } }\n",
        ],
        "other/src/cart.rs": ["use crate::price::Total;\n", "use crate::price::Total;\n"],
      },
    ],
  },
};

/** By its path, as almost all modules are; null for what is not below `src` or is a program of its own. */
function moduleOf(path: string): Module | null {
  const found = /^(?:(.*)\/)?src\/((?!bin\/).+)\.rs$/.exec(path);
  if (found === null || found[2]!.includes("src/")) return null;
  const parts = found[2]!.split("/");
  if (parts.at(-1) === "mod") parts.pop();
  if (parts.length === 1 && /^(?:lib|main)$/.test(parts[0]!)) parts.pop();
  return { root: found[1] === undefined ? "src" : `${found[1]}/src`, parts };
}

/** What the crate with those sources is called where the file at `path` uses it; null where it may be a released one. */
async function crateNameFor(path: string, root: string, { has, read }: Surroundings): Promise<string | null> {
  const folder = folderOf(root);
  const manifestAt = (at: string): string => (at === "" ? "Cargo.toml" : `${at}/Cargo.toml`);
  const user = nearestWith(folderOf(path), "Cargo.toml", has);
  const manifest = await read(manifestAt(folder));
  if (user === null || manifest === null) return null;
  const library = /^\[lib\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1];
  const name = library ?? /^\[package\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1];
  if (name === undefined) return null;
  if (user !== folder) {
    const dependency = new RegExp(
      String.raw`^${name}(?:\.workspace\s*=\s*true|\.path\s*=|\s*=\s*\{[^}]*\b(?:path|workspace)\s*=)`,
      "m",
    );
    if (!dependency.test((await read(manifestAt(user))) ?? "")) return null;
  }
  return name.replaceAll("-", "_");
}

function resolve(
  parts: readonly string[],
  here: readonly string[],
  blanked: string,
): readonly string[] | null {
  let at = 0;
  let base: readonly string[] = [];
  if (parts[0] === "crate") at = 1;
  else if (parts[0] === "self" || parts[0] === "super") {
    base = here;
    if (parts[0] === "self") at = 1;
    for (; parts[at] === "super"; at++) {
      if (base.length === 0) return null;
      base = base.slice(0, -1);
    }
  } else if (
    new RegExp(String.raw`^[ \t]*(?:pub(?:\s*\([^()]*\))?\s+)?mod\s+${parts[0]}\b`, "m").test(blanked)
  )
    base = here;
  else return null;
  return [...base, ...parts.slice(at)];
}

/** Declared anywhere in it, brought in by `use`, or possibly written by a macro. */
function maySupply(blanked: string, name: string): boolean {
  const flat = topLevel(
    blanked.replace(/\buse\s[^;{}]{0,500}\{[^;]{0,4000};/g, (found) => found.replace(/[{}]/g, " ")),
  );
  if (/\binclude\w*!|^(?:\w+::)*\w+!\s*(?:\(\s*\)|\{\s*\}|\[\s*\])/m.test(blanked)) return true;
  const hasMacros = /^(?:\w+::)*\w+!/m.test(flat);
  if (/\buse\b[^;]{0,4000}\*/.test(hasMacros ? blanked : flat)) return true;
  if (hasMacros) return hasWord(blanked, name);
  const isDeclared = new RegExp(
    String.raw`\b(?:fn|struct|enum|trait|const|static|type|union|mod|mut|crate|macro_rules!)\s+${name}\b|#!?\[[^\]]{0,500}\b${name}\b`,
  ).test(blanked);
  if (isDeclared || new RegExp(String.raw`\buse\b[^;]{0,4000}\b${name}\b`).test(flat)) return true;
  // `Total` with an attribute that may write `TotalBuilder`.
  return (
    writesNames(flat) &&
    [...flat.matchAll(/\b(?:struct|enum|trait|fn)\s+(\w+)/g)].some(({ 1: other }) =>
      name.toLowerCase().startsWith(other!.toLowerCase()),
    )
  );
}

function writesNames(flat: string): boolean {
  return [...flat.matchAll(/^#\[\s*([\w:]+)(?:\(([^\]]*)\))?/gm)].some(([, attribute, list]) =>
    attribute === "derive"
      ? (list ?? "").split(",").some((name) => !quietDerives.test(name.trim()))
      : !quietAttributes.test(attribute!),
  );
}

interface NamedPath {
  readonly parts: readonly string[];
  readonly at: number;
}

/** Every path in `use` declarations, taken apart, and every one in code that begins where it can be resolved. */
function pathsIn(blanked: string, crate: string | null): readonly NamedPath[] {
  const found: NamedPath[] = [];
  for (const { 1: tree, index, 0: whole } of blanked.matchAll(/\buse\s+([^;]{1,4000});/g)) {
    const paths: (readonly string[])[] = [];
    spread(tree!, [], paths, 0);
    for (const parts of paths) found.push({ parts, at: index + whole.indexOf(tree!) });
  }
  const start = crate === null ? "crate|super|self" : crate;
  for (const match of blanked.matchAll(new RegExp(String.raw`(?<![\w:])(?:${start})(?:\s*::\s*\w+)+`, "g")))
    if (
      !/\s*::\s*[{*]/y.test(blanked.slice(match.index + match[0].length, match.index + match[0].length + 20))
    )
      found.push({ parts: match[0].split(/\s*::\s*/), at: match.index });
  return found;
}

const maxDepth = 8;

function spread(tree: string, before: readonly string[], found: (readonly string[])[], depth: number): void {
  const open = tree.indexOf("{");
  const head = (open < 0 ? tree : tree.slice(0, open)).replace(/\s+as\s+\w+\s*$/, "");
  const parts = [
    ...before,
    ...head
      .split("::")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  ];
  if (open < 0) {
    if (head.trim() !== "") found.push(parts);
    return;
  }
  if (depth > maxDepth) return;
  let level = 0;
  let from = open + 1;
  for (let at = open; at < tree.length; at++) {
    const sign = tree[at];
    if (sign === "{") level++;
    if ((sign === "," && level === 1) || (sign === "}" && level === 1)) {
      spread(tree.slice(from, at), parts, found, depth + 1);
      from = at + 1;
    }
    if (sign === "}") level--;
  }
}

function inlineModules(
  blanked: string,
): readonly { readonly name: string; readonly start: number; readonly end: number }[] {
  const found: { name: string; start: number; end: number }[] = [];
  const open: ({ name: string; start: number } | null)[] = [];
  for (const match of blanked.matchAll(/\bmod\s+(\w+)\s*\{|[{}]/g)) {
    if (match[0] !== "}") open.push(match[1] === undefined ? null : { name: match[1], start: match.index });
    else {
      const closed = open.pop();
      if (closed) found.push({ ...closed, end: match.index });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
