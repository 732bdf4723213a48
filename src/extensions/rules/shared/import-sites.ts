import { escapePattern } from "./changed-lines.ts";

/** A place that takes a name out of a file, beyond doubt. */
export interface ImportSite {
  /** From 1. */
  readonly line: number;
  /** As it is written there, for people. */
  readonly from: string;
}

const ecmascript = /\.[cm]?[jt]sx?$/;
const python = /\.py$/;

/** Whether imports of such a file are understood. */
export function isImportable(path: string): boolean {
  return (ecmascript.test(path) && !/\.d\.[cm]?ts$/.test(path)) || python.test(path);
}

/** Where `text`, at `path`, imports `name` by itself from the file at `target`. */
export function findImport(name: string, target: string, path: string, text: string): ImportSite | null {
  if (!text.includes(name)) return null;
  if (ecmascript.test(path) && ecmascript.test(target)) return findEcmascript(name, target, path, text);
  if (python.test(path) && python.test(target)) return findPython(name, target, path, text);
  return null;
}

function findEcmascript(name: string, target: string, path: string, text: string): ImportSite | null {
  const taken = new RegExp(
    `(?:^|[{,])\\s*(?:type\\s+)?${escapePattern(name)}\\s*(?:as\\s+\\w+\\s*|:\\s*\\w+\\s*)?(?:[,}]|$)`,
  );
  const statements =
    /(?:^|[\n;])[ \t]*(?:import|export)\s+(?:type\s+)?(?:\w+\s*,\s*)?\{([^{}]{1,4000})\}\s*from\s*["'](\.[^"'\n]{1,300})["']|(?:const|let|var)\s*\{([^{}]{1,2000})\}\s*=\s*require\(\s*["'](\.[^"'\n]{1,300})["']/g;
  for (const match of text.matchAll(statements)) {
    const names = match[1] ?? match[3]!;
    const from = match[2] ?? match[4]!;
    if (!taken.test(names.replace(/\/\*.*?\*\/|\/\/.*$/gm, "")) || !pointsTo(resolvePath(path, from), target))
      continue;
    const at = match.index + match[0].search(new RegExp(`\\b${escapePattern(name)}\\b`));
    return { line: lineOf(text, at), from };
  }
  return null;
}

/** An import may leave out or change the ending, and mean a folder by its index. */
function pointsTo(imported: string | null, target: string): boolean {
  if (imported === null) return false;
  const bare = target.replace(ecmascript, "");
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

function findPython(name: string, target: string, path: string, text: string): ImportSite | null {
  const statements =
    /^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(?:\(([^()]{1,4000})\)|([^\n(]{1,1000}))/gm;
  const taken = new RegExp(`(?:^|,)\\s*${escapePattern(name)}\\s*(?:as\\s+\\w+\\s*)?(?:,|$)`);
  for (const match of text.matchAll(statements)) {
    const names = (match[2] ?? match[3]!).replace(/#.*$/gm, "").replace(/\s+/g, " ");
    if (!taken.test(names.trim()) || !isModule(match[1]!, target, path)) continue;
    const at = match.index + match[0].search(new RegExp(`\\b${escapePattern(name)}\\b`));
    return { line: lineOf(text, at), from: match[1]! };
  }
  return null;
}

/** Relative modules must fit exactly; of absolute ones two parts, as a root may be anywhere. */
function isModule(module: string, target: string, path: string): boolean {
  const file = target.replace(/(?:\/__init__)?\.py$/, "");
  const dots = /^\.*/.exec(module)![0].length;
  const rest = module
    .slice(dots)
    .split(".")
    .filter((part) => part !== "");
  if (dots > 0) {
    const folder = path.split("/").slice(0, -dots);
    return [...folder, ...rest].join("/") === file;
  }
  return rest.length >= 2 && (file === rest.join("/") || file.endsWith(`/${rest.join("/")}`));
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
