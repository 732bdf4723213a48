import { decodeName } from "../../base/text.ts";

/** Paths of one file on both sides, still with `a/` and the like; null where there is no file (`/dev/null`). */
export interface SidePaths {
  readonly oldPath: string | null;
  readonly newPath: string | null;
}

/** Header lines are handed around as Latin-1, one character for a byte; only here they become text. */
function decodeLatin1(name: string): string {
  return decodeName(Buffer.from(name, "latin1")).text;
}

const simpleEscapes: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  "\\": 92,
};

/** Reads a C-quoted name at the beginning of `text`; null when it is none. `end` is the index after it. */
function readQuoted(text: string): { readonly name: string; readonly end: number } | null {
  if (!text.startsWith('"')) return null;
  const bytes: number[] = [];
  for (let at = 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') return { name: decodeName(Uint8Array.from(bytes)).text, end: at + 1 };
    if (character !== "\\") {
      bytes.push(text.charCodeAt(at));
      continue;
    }
    const next = text[++at] ?? "";
    const simple = simpleEscapes[next];
    if (simple !== undefined) {
      bytes.push(simple);
      continue;
    }
    const octal = text.slice(at, at + 3);
    if (!/^[0-3][0-7]{2}$/.test(octal)) return null;
    bytes.push(Number.parseInt(octal, 8));
    at += 2;
  }
  return null;
}

/** A name that stands alone on its line, quoted or not. */
export function readName(text: string): string {
  return readQuoted(text)?.name ?? decodeLatin1(text);
}

const timestamp = /\s+\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[-+]\d{4})?$/;
// What `diff -N` prints for a side without a file, in any time zone.
const epoch = /(?:1970-01-01 (?:0\d|1[0-4])|1969-12-31 \d\d):\d\d:\d\d(?:\.0+)?(?: [-+]\d{4})?$/;

/** What stands after `--- ` or `+++ `; null for `/dev/null`. */
export function readSideName(text: string): string | null {
  const quoted = readQuoted(text);
  if (quoted) return quoted.name;
  const tab = text.indexOf("\t");
  const name = tab >= 0 ? text.slice(0, tab) : text.slice(0, -200) + text.slice(-200).replace(timestamp, "");
  return name === "/dev/null" ? null : decodeLatin1(name);
}

/** Whether there is no file on that side. */
export function isAbsentSide(text: string): boolean {
  return epoch.test(text.slice(-60)) || readSideName(text) === null;
}

/**
 * Names on a `diff --git` line. They are the same but for their prefixes, unless the file was renamed: then other
 * lines say so. Null where the line alone does not tell.
 */
export function readGitLine(text: string): { readonly path: string } | null {
  const pair = splitGitLine(text);
  return pair === null ? null : commonPath(pair[0], pair[1]);
}

function splitGitLine(text: string): readonly [string, string] | null {
  const first = readQuoted(text);
  if (first) {
    if (text[first.end] !== " ") return null;
    return [first.name, readName(text.slice(first.end + 1))];
  }
  if (text.endsWith('"')) {
    const at = text.indexOf(' "');
    return at < 0 ? null : [decodeLatin1(text.slice(0, at)), readName(text.slice(at + 1))];
  }
  // Prefixes are of the same length in everything that is common, so that the blank stands in the middle.
  const middle = text.length >> 1;
  if (text.length % 2 === 1 && text[middle] === " ") {
    const pair = [decodeLatin1(text.slice(0, middle)), decodeLatin1(text.slice(middle + 1))] as const;
    if (commonPath(...pair)) return pair;
  }
  const only = text.indexOf(" ");
  if (only < 0 || text.includes(" ", only + 1)) return null;
  return [decodeLatin1(text.slice(0, only)), decodeLatin1(text.slice(only + 1))];
}

/** The path that two names share after their prefixes (`a/` and `b/`, `old/` and `new/`, or none). */
function commonPath(left: string, right: string): { readonly path: string } | null {
  if (left === right) return { path: left };
  const afterLeft = left.indexOf("/") + 1;
  const afterRight = right.indexOf("/") + 1;
  if (afterLeft === 0 || afterRight === 0) return null;
  const path = left.slice(afterLeft);
  return path !== "" && path === right.slice(afterRight) ? { path } : null;
}

const gitPrefix = /^[abciow12]\//;

/** What `--- ` and `+++ ` lines alone say of the paths. */
export function stripPrefixes(names: SidePaths): SidePaths {
  const { oldPath, newPath } = names;
  if (oldPath === null || newPath === null)
    return {
      oldPath: oldPath?.replace(gitPrefix, "") ?? null,
      newPath: newPath?.replace(gitPrefix, "") ?? null,
    };
  const common = commonPath(oldPath, newPath);
  if (common) return { oldPath: common.path, newPath: common.path };
  if (gitPrefix.test(oldPath) && gitPrefix.test(newPath) && oldPath[0] !== newPath[0])
    return { oldPath: oldPath.slice(2), newPath: newPath.slice(2) };
  return names;
}

/** A path as the contract wants it; null for one that leads out of the repository, or is none. */
export function cleanPath(path: string): string | null {
  const clean = path.replace(/^(?:\.?\/)+/, "");
  if (clean === "" || clean.includes("\0")) return null;
  return clean.split("/").includes("..") ? null : clean;
}

/** A name as Git writes it in headers: quoted where anything in it is unusual. */
export function formatName(name: string): string {
  if (!/[\u0000-\u001f"\\\u007f-\uffff]/.test(name)) return name;
  let quoted = "";
  for (const byte of Buffer.from(name, "utf8")) {
    const letter = Object.entries(simpleEscapes).find(([, value]) => value === byte)?.[0];
    if (letter !== undefined) quoted += `\\${letter}`;
    else if (byte < 0x20 || byte >= 0x7f) quoted += `\\${byte.toString(8).padStart(3, "0")}`;
    else quoted += String.fromCharCode(byte);
  }
  return `"${quoted}"`;
}
