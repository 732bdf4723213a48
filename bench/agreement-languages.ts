import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { LineCounts } from "../src/contracts/file-facts.ts";
import { createAttributes } from "../src/core/repository/languages/attributes.ts";
import { countLines } from "../src/core/repository/languages/count-lines.ts";
import { detectLanguage } from "../src/core/repository/languages/detect.ts";
import { isGeneratedContent } from "../src/core/repository/languages/generated.ts";
import { countsInShare, languageInfo } from "../src/core/repository/languages/language-info.ts";
import { pathTraits } from "../src/core/repository/languages/path-traits.ts";

/**
 * How closely our languages and lines agree with cloc and github-linguist.
 *
 *   node bench/agreement-languages.ts [--peers <folder>] [--files] <checkout> […]
 *
 * For cloc two differences are printed: over all files of a language, and over the files that both put into
 * it ("same files"): only the second compares counting, the first also which files each tool takes.
 * `--peers` reads `<name>.cloc-files.json` and `<name>.linguist.json` there instead of running the tools;
 * `--files` also lists the files that differ.
 */
const usage = "node bench/agreement-languages.ts [--peers <folder>] [--files] <checkout> [...]";

interface Blob {
  readonly path: string;
  readonly bytes: Buffer;
}

interface ClocFile {
  readonly language: string;
  readonly code: number;
  readonly comment: number;
  readonly blank: number;
}

/** A file with its language by common name. */
interface Counted {
  readonly language: string;
  readonly lines: LineCounts;
}

interface LinguistLanguage {
  readonly size: number;
  readonly percentage: string;
  readonly files?: readonly string[];
}

/** cloc's and Linguist's names for the same languages, brought to one. cloc tells headers by extension alone. */
const commonNames: Readonly<Record<string, string>> = {
  "ANTLR Grammar": "ANTLR",
  "Bourne Again Shell": "Shell",
  "Bourne Shell": "Shell",
  C: "C and C++",
  "C++": "C and C++",
  "C/C++ Header": "C and C++",
  "Objective-C": "C and C++",
  CUDA: "Cuda",
  Cucumber: "Gherkin",
  "DOS Batch": "Batchfile",
  ERB: "HTML+ERB",
  "Fish Shell": "fish",
  "JSON with Comments": "JSON",
  JSON5: "JSON",
  Maven: "Maven POM",
  Mustache: "Mustache",
  ProGuard: "Proguard",
  Properties: "Java Properties",
  "Protocol Buffers": "Protocol Buffer",
  Rmd: "RMarkdown",
  "Ruby HTML": "HTML+ERB",
  TSX: "TypeScript",
  "Tcl/Tk": "Tcl",
  "Visual Studio Solution": "Microsoft Visual Studio Solution",
  XHTML: "HTML",
  diff: "Diff",
  m4: "M4",
  M4Sugar: "M4",
  make: "Makefile",
  "vim script": "Vim script",
  zsh: "Shell",
};

function main(args: readonly string[]): void {
  const peersAt = args.indexOf("--peers");
  const peers = peersAt === -1 ? undefined : args[peersAt + 1];
  const checkouts = args.filter(
    (word, index) => !word.startsWith("--") && (peersAt === -1 || index !== peersAt + 1),
  );
  if (checkouts.length === 0) throw new Error(usage);
  for (const checkout of checkouts) report(checkout, peers, args.includes("--files"));
}

function report(checkout: string, peers: string | undefined, showFiles: boolean): void {
  const name = basename(resolve(checkout));
  const blobs = readHead(checkout);
  const started = performance.now();
  const ours = measure(blobs);
  const elapsedMs = performance.now() - started;
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes.length, 0);
  print(
    `\n## ${name}: ${blobs.length} files, ${(bytes / 1e6).toFixed(1)} MB, detected and counted in ${elapsedMs.toFixed(0)} ms`,
  );
  const clocArgs = ["--vcs=git", "--skip-uniqueness", "--by-file", "--timeout=30", "--json", "."];
  const clocFile = peers && join(peers, `${name}.cloc-files.json`);
  compareCode(ours.counted, peer<ClocFile>(checkout, "cloc", clocArgs, clocFile), showFiles);
  const linguistFile = peers && join(peers, `${name}.linguist.json`);
  const linguist = peer<LinguistLanguage>(
    checkout,
    "github-linguist",
    ["--breakdown", "--json"],
    linguistFile,
  );
  compareShares(ours.sizes, linguist, showFiles);
}

function compareCode(
  ours: ReadonlyMap<string, Counted>,
  cloc: Readonly<Record<string, ClocFile>>,
  showFiles: boolean,
): void {
  const rows = new Map<string, { mine: number; theirs: number; mineSame: number; theirsSame: number }>();
  const row = (language: string) => {
    const found = rows.get(language) ?? { mine: 0, theirs: 0, mineSame: 0, theirsSame: 0 };
    rows.set(language, found);
    return found;
  };
  for (const { language, lines } of ours.values()) row(language).mine += lines.code;
  const differing: string[] = [];
  for (const [key, file] of Object.entries(cloc)) {
    if (key === "header" || key === "SUM") continue;
    const path = key.replace(/^\.\//, "");
    const common = commonNames[file.language] ?? file.language;
    const found = row(common);
    found.theirs += file.code;
    const mine = ours.get(path);
    if (mine?.language !== common) {
      differing.push(`${path}: ${file.language} for cloc, ${mine?.language ?? "nothing"} for us`);
      continue;
    }
    found.theirsSame += file.code;
    found.mineSame += mine.lines.code;
    const { code, comments, blanks } = mine.lines;
    if (code !== file.code || comments !== file.comment || blanks !== file.blank) {
      const theirs = `${file.code}, ${file.comment}, ${file.blank}`;
      differing.push(`${path}: code, comments, blanks ${code}, ${comments}, ${blanks}; cloc ${theirs}`);
    }
  }
  print("  lines of code                   ours      cloc    all files   same files");
  for (const [language, { mine, theirs, mineSame, theirsSame }] of [...rows].sort(
    (a, b) => b[1].theirs - a[1].theirs,
  )) {
    if (theirs < 100) continue;
    const same = percent(mineSame, theirsSame);
    const verdict = Math.abs(same) <= 0.5 ? "" : theirs < 1000 ? "  (small)" : "  MISS";
    const all = `${percent(mine, theirs).toFixed(2).padStart(11)} %`;
    print(
      `  ${language.padEnd(26)}${pad(mine)}${pad(theirs)}${all}${same.toFixed(2).padStart(11)} %${verdict}`,
    );
  }
  if (showFiles) for (const line of differing) print(`      ${line}`);
}

function percent(mine: number, theirs: number): number {
  return theirs === 0 ? 0 : (100 * (mine - theirs)) / theirs;
}

function sum(sizes: Iterable<number>): number {
  return [...sizes].reduce((total, size) => total + size, 0);
}

function compareShares(
  ours: ReadonlyMap<string, ReadonlyMap<string, number>>,
  linguist: Readonly<Record<string, LinguistLanguage>>,
  showFiles: boolean,
): void {
  const ourTotal = sum([...ours.values()].map((files) => sum(files.values())));
  const theirTotal = sum(Object.values(linguist).map(({ size }) => size));
  print("  share of bytes           ours  linguist      points");
  for (const language of new Set([...ours.keys(), ...Object.keys(linguist)])) {
    const files = ours.get(language) ?? new Map<string, number>();
    const mine = (100 * sum(files.values())) / ourTotal;
    const theirs = (100 * (linguist[language]?.size ?? 0)) / theirTotal;
    const verdict = Math.abs(mine - theirs) <= 1 ? "" : "  MISS";
    print(
      `  ${language.padEnd(20)}${mine.toFixed(2).padStart(9)}${theirs.toFixed(2).padStart(10)}${(mine - theirs).toFixed(2).padStart(12)}${verdict}`,
    );
    if (!showFiles) continue;
    const theirFiles = new Set(linguist[language]?.files ?? []);
    for (const file of files.keys()) if (!theirFiles.has(file)) print(`      only we: ${file}`);
    for (const file of theirFiles) if (!files.has(file)) print(`      only linguist: ${file}`);
  }
}

/** Language and lines of every file, and by language group the size of every file that counts in the shares. */
function measure(blobs: readonly Blob[]) {
  const attributesOf = createAttributes(
    blobs
      .filter(({ path }) => basename(path) === ".gitattributes")
      .map(({ path, bytes }) => ({ path, text: bytes.toString("utf8") })),
  );
  const counted = new Map<string, Counted>();
  const sizes = new Map<string, Map<string, number>>();
  for (const { path, bytes } of blobs) {
    const attributes = attributesOf(path);
    const { language } = detectLanguage(path, bytes, attributes.language);
    if (language === null) continue;
    const common = commonNames[language] ?? language;
    counted.set(path, { language: common, lines: countLines(bytes, language) });
    const traits = pathTraits(path);
    const counts = countsInShare({
      language,
      vendored: attributes.vendored ?? traits.vendored,
      documentation: attributes.documentation ?? traits.documentation,
      generated: attributes.generated ?? (traits.generatedByPath || isGeneratedContent(path, bytes)),
      detectable: attributes.detectable,
    });
    if (!counts) continue;
    const { group } = languageInfo(language);
    const files = sizes.get(group) ?? new Map<string, number>();
    sizes.set(group, files.set(path, bytes.length));
  }
  return { counted, sizes };
}

/** The regular files of HEAD with their content; blobs that are missing are left out. */
function readHead(checkout: string): Blob[] {
  const options = { cwd: checkout, maxBuffer: 2 ** 31 - 1 };
  const tree = execFileSync("git", ["ls-tree", "-r", "-z", "HEAD"], options).toString("utf8");
  const entries = tree.split("\0").flatMap((line) => {
    const [, mode, oid, path] = /^(\d+) blob (\w+)\t(.*)$/s.exec(line) ?? [];
    return mode?.startsWith("100") && oid !== undefined && path !== undefined ? [{ oid, path }] : [];
  });
  const input = entries.map(({ oid }) => `${oid}\n`).join("");
  const batch = execFileSync("git", ["cat-file", "--batch"], { ...options, input });
  let at = 0;
  return entries.flatMap(({ path }) => {
    const headerEnd = batch.indexOf(10, at);
    const [, kind, size = "0"] = batch.toString("latin1", at, headerEnd).split(" ");
    at = headerEnd + 1;
    if (kind !== "blob") return [];
    const bytes = batch.subarray(at, at + Number(size));
    at += Number(size) + 1;
    return [{ path, bytes }];
  });
}

function peer<T>(checkout: string, tool: string, args: readonly string[], saved: string | undefined) {
  const text =
    saved !== undefined && existsSync(saved)
      ? readFileSync(saved, "utf8")
      : execFileSync(tool, args, {
          cwd: checkout,
          maxBuffer: 2 ** 30,
          stdio: ["ignore", "pipe", "ignore"],
        }).toString();
  return JSON.parse(text) as Readonly<Record<string, T>>;
}

function pad(value: number): string {
  return String(value).padStart(10);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(process.argv.slice(2));
