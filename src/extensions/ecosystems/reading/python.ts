import type { DeclaredDependency, DependencyScope } from "../../../contracts/ecosystem.ts";
import { createLineFinder } from "./lines.ts";

/** Name and version part of a PEP 508 requirement; undefined when it is none. */
export function parseRequirement(
  text: string,
): { readonly name: string; readonly requirement: string } | undefined {
  const egg = /^(?:git|hg|svn|bzr)\+\S+?[#&]egg=([A-Za-z0-9][\w.-]*)/.exec(text);
  if (egg !== null) return { name: egg[1] ?? "", requirement: text };
  const match = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(text.trim());
  if (match === null) return undefined;
  const rest = (match[2] ?? "").split(";", 1)[0]?.trim() ?? "";
  if (rest !== "" && !/^[(<>=!~@]/.test(rest)) return undefined;
  return { name: match[1] ?? "", requirement: rest.replace(/^\((.*)\)$/, "$1").replace(/^@\s*/, "") };
}

/** What a group or extra is for, judged by its name. */
export function scopeOfGroup(group: string, fallback: DependencyScope): DependencyScope {
  if (/(^|[-_.])(tests?|testing|pytest)($|[-_.])/i.test(group)) return "test";
  return /(^|[-_.])(dev|develop|development|lint|linting|docs?|documentation|typing|mypy|format|ci|tools?)($|[-_.])/i.test(
    group,
  )
    ? "development"
    : fallback;
}

/**
 * A requirements file. Of one written by pip-compile or uv only the lines that name a file as their origin are direct;
 * the others are somebody else's dependencies.
 */
export function readRequirements(text: string, scope: DependencyScope): DeclaredDependency[] {
  const lines = text.split("\n");
  const isCompiled = /^[ \t]*# +via\b/m.test(text) && /^[ \t]*#.*\s-r\s/m.test(text);
  const found: DeclaredDependency[] = [];
  for (const [index, raw] of lines.entries()) {
    const statement = raw
      .replace(/(^|\s)#(?!egg=).*$/, "")
      .replace(/\\\s*$/, "")
      .replace(/\s--?\w[\s\S]*$/, "")
      .trim();
    const editable = /^\s*(?:-e|--editable)[\s=]+(\S+)/.exec(raw)?.[1];
    const requirement = parseRequirement(editable ?? statement);
    if (requirement === undefined || statement.startsWith("--hash")) continue;
    if (editable !== undefined && !editable.includes("egg=")) continue;
    if (isCompiled && !isDirect(lines, index)) continue;
    found.push({ ...requirement, scope, line: index + 1 });
  }
  return found;
}

function isDirect(lines: readonly string[], index: number): boolean {
  const origin = /(?:^|\s)-r\s|pyproject\.toml|setup\.(py|cfg)/;
  if (/#\s*via\s+\S/.test(lines[index] ?? "")) return origin.test((lines[index] ?? "").split("#")[1] ?? "");
  for (let at = index + 1; at < lines.length; at += 1) {
    const line = (lines[at] ?? "").trim();
    if (line.startsWith("--hash")) continue;
    if (!line.startsWith("#")) return false;
    if (origin.test(line)) return true;
  }
  return false;
}

/** One string literal of a Python list, tuple or dictionary, with the dictionary key it belongs to. */
interface PythonString {
  readonly value: string;
  readonly group: string;
  readonly line: number;
}

/**
 * The strings of the literal assigned to `keyword` in a Python file, read without running it. A name in its place is
 * followed once to a literal assigned at the top level.
 */
export function readPythonStrings(text: string, keyword: string): readonly PythonString[] {
  const lineAt = createLineFinder(text);
  const start = new RegExp(`(?:^|[\\s,(*{'"])${keyword}['"]?\\s*[=:]\\s*`).exec(text);
  if (start === null) return [];
  let at = start.index + start[0].length;
  const name = /^[A-Za-z_]\w*/.exec(text.slice(at, at + 80))?.[0];
  if (name !== undefined) {
    const assigned = new RegExp(`^${name}\\s*=\\s*(?=[[({'"])`, "m").exec(text);
    if (assigned === null) return [];
    at = assigned.index + assigned[0].length;
  }
  const found: PythonString[] = [];
  let depth = 0;
  let group = "";
  const token =
    /#[^\n]*|(?:[rbuf]{0,2})("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|[[({]|[\])}]|[^\s#"'[\](){}]+|\s+/y;
  token.lastIndex = at;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [whole, quoted] = match;
    if ("[({".includes(whole)) depth += 1;
    else if ("])}".includes(whole)) depth -= 1;
    else if (quoted !== undefined) {
      const value = quoted.replaceAll(/^("""|'''|"|')|("""|'''|"|')$/g, "");
      if (/^\s*:/.test(text.slice(token.lastIndex, token.lastIndex + 8))) group = value;
      else
        for (const [offset, part] of value.split("\n").entries())
          if (part.trim() !== "")
            found.push({ value: part.trim(), group, line: lineAt(match.index) + offset });
    } else if (depth === 0 && !whole.startsWith("#") && whole.trim() !== "") break;
    if (depth <= 0) break;
  }
  return found;
}

/** An INI file as `section → key → lines`, with continuation lines kept apart. */
export function readIni(
  text: string,
): ReadonlyMap<string, ReadonlyMap<string, readonly { readonly value: string; readonly line: number }[]>> {
  const sections = new Map<string, Map<string, { value: string; line: number }[]>>();
  let section = new Map<string, { value: string; line: number }[]>();
  let values: { value: string; line: number }[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/(^|\s)[#;].*$/, "").trimEnd();
    if (line.trim() === "") continue;
    const header = /^\[([^\]]+)\]/.exec(line);
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line);
    if (header !== null) {
      section = sections.get(header[1] ?? "") ?? new Map<string, { value: string; line: number }[]>();
      sections.set(header[1] ?? "", section);
      values = [];
    } else if (/^\s/.test(line)) values.push({ value: line.trim(), line: index + 1 });
    else if (pair !== null) {
      values = pair[2] === "" ? [] : [{ value: pair[2] ?? "", line: index + 1 }];
      section.set(pair[1] ?? "", values);
    }
  }
  return sections;
}
