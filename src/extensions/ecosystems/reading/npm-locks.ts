import { asObject, parseJsonObject } from "./json.ts";
import { addVersion } from "./lines.ts";

export function readNpmLock(text: string): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  const root = parseJsonObject(text);
  const packages = asObject(root?.["packages"]);
  for (const [path, value] of Object.entries(packages ?? {})) {
    const entry = asObject(value);
    const at = path.lastIndexOf("node_modules/");
    if (at === -1 || typeof entry?.["version"] !== "string") continue;
    addVersion(versions, path.slice(at + "node_modules/".length), entry["version"]);
  }
  const waiting: unknown[] = packages === undefined ? [root?.["dependencies"]] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const [name, value] of Object.entries(asObject(next) ?? {})) {
      const entry = asObject(value);
      if (typeof entry?.["version"] === "string") addVersion(versions, name, entry["version"]);
      if (entry?.["dependencies"] !== undefined) waiting.push(entry["dependencies"]);
    }
  return versions;
}

/** Version 1 (`name@range:` / `version "1"`) and Berry (`"name@npm:range":` / `version: 1`). */
export function readYarnLock(text: string): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  for (const match of text.matchAll(
    /^"?(@?[^@"\s]+)@[^\n]*:\r?\n(?: {2}#[^\n]*\n)*  version:? "?([^"\s]+)"?/gm,
  ))
    if (match[2] !== "0.0.0-use.local") addVersion(versions, match[1] ?? "", match[2] ?? "");
  return versions;
}

export function readPnpmLock(text: string): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  const start = /^packages:\s*$/m.exec(text);
  if (start === null) return versions;
  const rest = text.slice(start.index + "packages:".length);
  const section = rest.slice(0, /^\w/m.exec(rest)?.index ?? rest.length);
  // 9: `name@1.0.0:`, 6: `/name@1.0.0(peer):`, 5: `/name/1.0.0_peer:`.
  for (const match of section.matchAll(
    /^ {2}'?\/?(@[^/\s]+\/[^@/\s]+|[^@/\s']+)[@/](\d[^:()_'\s]*)[^\n]*:/gm,
  ))
    addVersion(versions, match[1] ?? "", match[2] ?? "");
  return versions;
}

export function readBunLock(text: string): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  for (const match of text.matchAll(/^ {4}"[^"\n]+": \["(@?[^@"\n]+)@(\d[^"\n]*)"/gm))
    addVersion(versions, match[1] ?? "", match[2] ?? "");
  return versions;
}
