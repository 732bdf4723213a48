/**
 * How many of the functions and methods that universal-ctags finds do we find?
 *
 *   node bench/agreement-symbols.ts <checkout> … [--misses 20]
 *
 * A tag counts as found when the same file has a function or method of that name whose first line is at most
 * `lineSlack` away from the tag's line, or whose lines contain it. Tags that name no function body are counted
 * apart, by cause, and the causes are printed: a recall figure without them would flatter or blame us at random.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { SymbolFact } from "../src/contracts/file-facts.ts";
import { createSymbolReader } from "../src/core/index/symbols.ts";
import { languages } from "../src/extensions/languages/registry.generated.ts";

interface Tag {
  readonly name: string;
  readonly path: string;
  readonly pattern?: string;
  readonly language: string;
  readonly line: number;
  readonly kind: string;
  readonly end?: number;
}

interface Score {
  tags: number;
  found: number;
  readonly misses: Tag[];
  /** Tags left out of recall, by cause. */
  readonly excused: Map<string, Tag[]>;
}

const lineSlack = 3;
const limits = { maxBytes: 4_000_000, timeoutMs: 20_000 };
/** ctags' language, Linguist's language, ctags' kinds that are functions or methods. */
const compared = [
  { ctags: "Python", ours: "Python", kinds: ["function", "member"] },
  { ctags: "C", ours: "C", kinds: ["function"] },
  { ctags: "C++", ours: "C++", kinds: ["function"] },
  { ctags: "Go", ours: "Go", kinds: ["func", "methodSpec"] },
  { ctags: "Rust", ours: "Rust", kinds: ["function", "method"] },
  { ctags: "Java", ours: "Java", kinds: ["method"] },
  { ctags: "PHP", ours: "PHP", kinds: ["function"] },
  { ctags: "Ruby", ours: "Ruby", kinds: ["method", "singletonMethod"] },
  { ctags: "JavaScript", ours: "JavaScript", kinds: ["function", "method", "generator"] },
  { ctags: "TypeScript", ours: "TypeScript", kinds: ["function", "method", "generator"] },
  { ctags: "C#", ours: "C#", kinds: ["method"] },
  { ctags: "Sh", ours: "Shell", kinds: ["function"] },
  { ctags: "PowerShell", ours: "PowerShell", kinds: ["function"] },
  { ctags: "Kotlin", ours: "Kotlin", kinds: ["method"] },
  {
    ctags: "Elixir",
    ours: "Elixir",
    kinds: ["function", "macro", "delegate", "guard", "operator", "callback"],
  },
  { ctags: "Lua", ours: "Lua", kinds: ["function"] },
];

function readTags(checkout: string): Tag[] {
  const files = readdirSync(checkout, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/.git"))
    .map((entry) => relative(checkout, join(entry.parentPath, entry.name)))
    .join("\n");
  const output = execFileSync(
    "ctags",
    [
      "--output-format=json",
      "--fields=+nKel",
      "--langmap=TypeScript:+.tsx",
      "--langmap=JavaScript:+.mjs.cjs",
      "-f",
      "-",
      "-L",
      "-",
    ],
    { cwd: checkout, input: files, encoding: "utf8", maxBuffer: 1 << 30, stdio: ["pipe", "pipe", "ignore"] },
  );
  return output
    .split("\n")
    .filter((line) => line.startsWith('{"_type": "tag"'))
    .map((line) => JSON.parse(line) as Tag);
}

/** Why a tag that we do not have is no function we should have, or undefined when the miss is ours. */
function excuse(tag: Tag, lines: readonly string[], symbols: readonly SymbolFact[]): string | undefined {
  const line = lines[tag.line - 1] ?? "";
  if (tag.name.startsWith("__anon") || /^anonymousFunction|^AnonymousFunction/.test(tag.name))
    return "anonymous";
  if (!line.includes(tag.name.replace(/^operator\s*/, ""))) return "the name is not on the tag's line";
  const text = line.trim();
  if (tag.language === "Java" && /^[A-Z][A-Z0-9_]*\s*(?:\(.*\))?\s*\{/.test(text))
    return "an enum constant with a body";
  if (/^C(?:\+\+)?$/.test(tag.language) && /^[A-Z][A-Z0-9_]*$/.test(tag.name)) return "a macro's use";
  if (tag.language.endsWith("Script")) {
    if (/^(?:if|for|while|switch|catch|return|new)$/.test(tag.name)) return "a keyword";
    if (!/function|=>|\)\s*\{|\{\s*$/.test(line)) return "no function on the line";
    if (/=\s*\(\s*function/.test(line)) return "the value of a call";
    const isNamedValue =
      new RegExp(`[=:(]\\s*(?:async\\s+)?function\\s*\\*?\\s*${tag.name}\\b`).test(line) ||
      tag.name === "exports";
    if (isNamedValue && symbols.some((symbol) => symbol.line === tag.line))
      return "known here by what it is assigned to";
  }
  if (tag.language === "Kotlin" && !/\bfun\b/.test(line)) return "no function on the line";
  if (tag.language === "Lua" && !/(?:=|^|\blocal)\s*function\b/.test(text))
    return "the value of an expression";
  if (tag.language === "Elixir" && isInHeredoc(lines, tag.line)) return "inside a text of several lines";
  if (/^(?:\/\/|\/\*|\*|#|--)/.test(text) && !text.startsWith("#!")) return "inside a comment or a directive";
  if (symbols.some((symbol) => symbol.name === tag.name && Math.abs(symbol.line - tag.line) <= lineSlack)) {
    return "a type here, a function there";
  }
  return undefined;
}

/** Examples in documentation and code that a test writes. */
function isInHeredoc(lines: readonly string[], line: number): boolean {
  return lines.slice(0, line - 1).filter((text) => /"""|'''/.test(text)).length % 2 === 1;
}

/** ctags goes by the extension alone; `.h` may be C, and zsh is another language than the one we read. */
function chooseLanguage(path: string, text: string, byExtension: string): string | undefined {
  if (path.endsWith(".tsx")) return "TSX";
  if (path.endsWith(".zsh") || /^#!.*\bzsh\b/.test(text)) return undefined;
  if (path.endsWith(".h") && !/^\s*(?:class|namespace|template|using)\b/m.test(text)) return "C";
  return byExtension;
}

function normalise(name: string): string {
  if (/^operator\b/.test(name)) return name.replace(/\bconst\b|.*::|<.*|[\s*&]/g, "");
  return name.replace(/^["'`#]|["'`]$/g, "").replace(/^(?:\w+[.:])+/, "");
}

async function compare(checkout: string): Promise<Map<string, Score>> {
  const reader = createSymbolReader(languages);
  const scores = new Map<string, Score>();
  const byFile = Map.groupBy(readTags(checkout), (tag) => tag.path);
  for (const [path, tags] of byFile) {
    const pair = compared.find(({ ctags }) => ctags === tags[0]?.language);
    if (pair === undefined) continue;
    const text = readFileSync(join(checkout, path), "utf8");
    const ours = chooseLanguage(path, text, pair.ours);
    if (ours === undefined) continue;
    await reader.load(ours);
    const symbols = reader.read(ours, text, limits).symbols;
    const byName = Map.groupBy(
      symbols.filter(({ kind }) => kind === "function" || kind === "method"),
      ({ name }) => normalise(name),
    );
    const score = scores.get(ours) ?? { tags: 0, found: 0, misses: [], excused: new Map<string, Tag[]>() };
    scores.set(ours, score);
    const lines = text.split("\n");
    for (const tag of tags) {
      if (tag.language !== pair.ctags || !pair.kinds.includes(tag.kind)) continue;
      const found = byName
        .get(normalise(tag.name))
        ?.some(
          ({ line, endLine }) =>
            Math.abs(line - tag.line) <= lineSlack || (line <= tag.line && tag.line <= endLine),
        );
      const cause = found ? undefined : excuse(tag, lines, symbols);
      if (cause !== undefined) {
        score.excused.set(cause, [...(score.excused.get(cause) ?? []), tag]);
        continue;
      }
      score.tags++;
      if (found) score.found++;
      else score.misses.push(tag);
    }
  }
  return scores;
}

// Node does not wait for a grammar that compiles in the background when nothing else keeps it going.
const waiting = setInterval(() => {}, 60_000);
const args = process.argv.slice(2);
const shownAt = args.indexOf("--misses");
const shown = shownAt === -1 ? 5 : Number(args[shownAt + 1]);
const checkouts = shownAt === -1 ? args : args.toSpliced(shownAt, 2);
const print = (line: string) => process.stdout.write(`${line}\n`);
for (const checkout of checkouts) {
  print(`\n${checkout}`);
  for (const [language, { tags, found, misses, excused }] of await compare(checkout)) {
    print(`  ${language}: ${found} of ${tags} (${((100 * found) / Math.max(tags, 1)).toFixed(2)} %)`);
    for (const tag of misses.slice(0, shown))
      print(`    miss  ${tag.path}:${tag.line} ${tag.kind} ${tag.name}`);
    for (const [cause, list] of excused) {
      print(`    left out, ${cause}: ${list.length}`);
      for (const tag of list.slice(0, shown)) print(`      ${tag.path}:${tag.line} ${tag.kind} ${tag.name}`);
    }
  }
}
clearInterval(waiting);
