import { escapePattern } from "../changed-lines.ts";
import { folderOf, hasWord, lineAt, nearestWith } from "./blanked-text.ts";
import type { NameUse, OfferedName, RemovableNames, Surroundings } from "./removable-names.ts";

const ending = /\.[cm]?[jt]sx?$/;
const declared =
  /^[ \t]*export\s+(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|enum|const|let|var)\s+([A-Za-z_$][\w$]{2,80})/gm;
const listed =
  /^[ \t]*export\s+(?:type\s+)?\{([^{}]{1,4000})\}|^[ \t]*module\.exports\s*=\s*\{([^{}]{1,4000})\}/gm;
const assigned = /^[ \t]*(?:module\.)?exports\.([A-Za-z_$][\w$]{2,80})\s*=/gm;
const loadable = /\.(?:[cm]?[jt]sx?|vue|svelte|json|node)$/;
/** What it exports is not all written in it. */
const passesOn =
  /^[ \t]*export\s*\*|\bmodule\.exports\s*=\s*[\w$.]+\s*(?:\(|;|$)|\bmodule\.exports\s*=\s*\{[^{}]*\.\.\.|\bObject\.(?:assign|definePropert(?:y|ies))\(\s*(?:module\.)?exports\b|\bexports\[/m;

/** JavaScript and TypeScript: what is imported by name from a path that means that very file. */
export const ecmascriptNames: RemovableNames = {
  files: /(?<!\.d)\.[cm]?[jt]sx?$/,
  isGlobal: false,
  offered(_, text) {
    const names = [...text.matchAll(declared), ...text.matchAll(assigned)].map((match) => match[1]!);
    for (const match of text.matchAll(listed))
      for (const part of (match[1] ?? match[2]!).replace(/\/\*.*?\*\/|\/\/.*$/gm, "").split(",")) {
        const name = /^[ \t]*(?:type\s+)?(?:[\w$]+\s+as\s+)?([A-Za-z_$][\w$]{2,80})\s*(?::|$)/.exec(
          part.trim(),
        )?.[1];
        if (name !== undefined && name !== "default") names.push(name);
      }
    return names.map((name): OfferedName => ({ name, fullName: name, scope: "", kind: "value" }));
  },
  // Another file may answer for the same import: `x.ts` for `x.js`, a folder for a module.
  providers({ path }, { paths, has }) {
    return paths.filter(
      (other) => other !== path && isSubstitute(other, path) && (!has(path) || loadable.test(other)),
    );
  },
  mayAnswer({ name, path }, other, text) {
    if (other === path) return passesOn.test(text) || maySupply(text, name);
    return isSubstitute(other, path);
  },
  async findUse({ name, path: target }, path, text, around) {
    return findImport(name, target, path, text, await aliasesFor(path, around));
  },
  examples: {
    bad: [
      {
        "src/price.ts": [
          "export function total(): number {\n  return 1;\n}\n",
          "export function sum(): number {\n  return 1;\n}\n",
        ],
        "src/shop.ts": [
          'import { total } from "./price.ts";\ntotal();\n',
          'import { total } from "./price.ts";\ntotal();\n',
        ],
      },
      {
        "tsconfig.json": '{\n  "paths": {\n    "@/*": ["./src/*"]\n  }\n}\n',
        "src/price.ts": ["export const total = 1;\n", "export const sum = 1;\n"],
        "web/shop.ts": ['import { total } from "@/price";\n', 'import { total } from "@/price";\n'],
      },
      {
        "lib/price.js": ["module.exports = { total, sum }\n", "module.exports = { sum }\n"],
        "lib/shop.js": ["const { total } = require('./price')\n", "const { total } = require('./price')\n"],
      },
    ],
    good: [
      {
        "tsconfig.json": '{\n  "paths": {\n    "@/*": ["./lib/*"]\n  }\n}\n',
        "src/price.ts": ["export const total = 1;\n", "export const sum = 1;\n"],
        "web/shop.ts": ['import { total } from "@/price";\n', 'import { total } from "@/price";\n'],
      },
      {
        "src/price.ts": ["export function total() {}\n", "export const total = () => 1;\n"],
        "src/shop.ts": ['import { total } from "./price.ts";\n', 'import { total } from "./price.ts";\n'],
      },
      {
        "src/price.ts": ["export function total() {}\n", "export function sum() {}\n"],
        "src/shop.ts": ['import { total } from "./price.ts";\n', 'import { sum } from "./price.ts";\n'],
      },
      {
        "src/price.ts": ["export function total() {}\n", "export function sum() {}\n"],
        "src/shop.ts": ['import { total } from "./other.ts";\n', 'import { total } from "./other.ts";\n'],
        "src/other.ts": ["export function total() {}\n", "export function total() {}\n"],
      },
      {
        "src/price.ts": ["export function total() {}\n", 'export * from "./parts.ts";\n'],
        "src/shop.ts": ['import { total } from "./price.ts";\n', 'import { total } from "./price.ts";\n'],
      },
      {
        "src/price.js": ["export function total() {}\n", null],
        "src/price.ts": "export { total } from './parts.ts';\n",
        "src/shop.ts": ['import { total } from "./price.js";\n', 'import { total } from "./price.js";\n'],
      },
    ],
  },
};

function isSubstitute(other: string, path: string): boolean {
  const bare = path.replace(/(?:\/index)?\.\w+$/, "");
  return other.startsWith(bare) && /^(?:\/index)?(?:\.d)?\.\w+$/.test(other.slice(bare.length));
}

/** Named after an `export`; where CommonJS exports things, named at all. */
function maySupply(text: string, name: string): boolean {
  if (!hasWord(text, name)) return false;
  const word = String.raw`(?<![\w$])${escapePattern(name)}(?![\w$])`;
  return (
    /\bexports\b/.test(text) ||
    new RegExp(
      String.raw`\bexport\s+(?:type\s+)?\{[^{}]{0,4000}${word}|\bexport\s+(?:const|let|var)\b[^;]{0,2000}${word}|\bexport\s[^\n]{0,500}${word}`,
    ).test(text)
  );
}

/** What the nearest `tsconfig.json` says of paths that begin with a word: `@server/*` is `server/*`. */
async function aliasesFor(path: string, { has, read }: Surroundings): Promise<ReadonlyMap<string, string>> {
  const folder = nearestWith(folderOf(path), "tsconfig.json", has);
  const config =
    folder === null ? null : await read(folder === "" ? "tsconfig.json" : `${folder}/tsconfig.json`);
  const found = new Map<string, string>();
  if (config === null) return found;
  const base = /^[ \t]*"baseUrl"\s*:\s*"([^"\n]*)"/m.exec(config)?.[1] ?? ".";
  for (const [, prefix, place] of config.matchAll(/^[ \t]*"([^"*\n]+)\*"\s*:\s*\[\s*"([^"*\n]*)\*"\s*\]/gm)) {
    const to = resolvePath(folder === "" ? "tsconfig.json" : `${folder}/tsconfig.json`, `${base}/${place}`);
    if (to !== null) found.set(prefix!, to);
  }
  return found;
}

function resolveImport(path: string, from: string, aliases: ReadonlyMap<string, string>): string | null {
  if (from.startsWith(".")) return resolvePath(path, from);
  for (const [prefix, to] of aliases)
    if (from.startsWith(prefix)) return `${to === "" ? "" : `${to}/`}${from.slice(prefix.length)}`;
  return null;
}

function findImport(
  name: string,
  target: string,
  path: string,
  text: string,
  aliases: ReadonlyMap<string, string>,
): NameUse | null {
  const taken = new RegExp(
    `(?:^|[{,])\\s*(?:type\\s+)?${escapePattern(name)}\\s*(?:as\\s+\\w+\\s*|:\\s*\\w+\\s*)?(?:[,}]|$)`,
  );
  const statements =
    /(?:^|[\n;])[ \t]*(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^{}]{1,4000})\}\s*from\s*["']([^"'\n]{1,300})["']|(?:const|let|var)\s*\{([^{}]{1,2000})\}\s*=\s*require\(\s*["']([^"'\n]{1,300})["']/g;
  for (const match of text.matchAll(statements)) {
    const names = match[1] ?? match[3]!;
    const from = match[2] ?? match[4]!;
    if (
      !taken.test(names.replace(/\/\*.*?\*\/|\/\/.*$/gm, "")) ||
      !pointsTo(resolveImport(path, from, aliases), target)
    )
      continue;
    const at = match.index + match[0].search(new RegExp(`\\b${escapePattern(name)}\\b`));
    return { line: lineAt(text, at), how: `imported here from \`${from}\`` };
  }
  return null;
}

/** An import may leave out or change the ending, and mean a folder by its index. */
function pointsTo(imported: string | null, target: string): boolean {
  if (imported === null) return false;
  const bare = target.replace(ending, "");
  const asked = imported.replace(/\.[cm]?jsx?$|\.[cm]?tsx?$/, "");
  return (
    imported === target ||
    asked === bare ||
    (/(?:^|\/)index$/.test(bare) && asked === bare.replace(/\/?index$/, ""))
  );
}

function resolvePath(path: string, from: string): string | null {
  const parts = path.split("/").slice(0, -1);
  for (const part of from.split("/")) {
    if (part === "." || part === "") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
