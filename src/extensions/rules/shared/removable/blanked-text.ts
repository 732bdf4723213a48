import { escapePattern } from "../changed-lines.ts";

const line = String.raw`\/\/[^\n]*`;
const block = String.raw`\/\*[\s\S]*?(?:\*\/|$)`;
const double = String.raw`"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*(?:"|\\?$|(?=\n))`;
const single = String.raw`'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*(?:'|\\?$|(?=\n))`;

/** Comments, then strings. Each begins a match that always succeeds, so that no text takes more than one pass. */
const tokens = {
  c: [`${line}|${block}`, String.raw`"""[\s\S]*?(?:"""|$)|${double}|'(?:[^'\\\n]|\\[^\n]{1,9}?)'`],
  go: [`${line}|${block}`, `\`[^\`]*(?:\`|$)|${double}|'(?:[^'\\\\\\n]|\\\\[^\\n]{1,9}?)'`],
  rust: [
    `${line}|${block}`,
    String.raw`\b[bc]?r(?<hashes>#{0,9})"[\s\S]*?(?:"\k<hashes>|$)|"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|'(?:[^'\\\n]|\\(?:u\{\w{1,6}\}|x\w\w|[^ux\n]))'`,
  ],
  php: [
    String.raw`\?>[\s\S]*?(?:<\?(?:php\b|=)|$)|#(?!\[)[^\n]*|${line}|${block}`,
    String.raw`<<<[ \t]*["']?(?<tag>\w+)["']?[\s\S]*?(?:\n[ \t]*\k<tag>\b|$)|"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|'[^'\\]*(?:\\[\s\S][^'\\]*)*(?:'|\\?$)`,
  ],
  ruby: [
    String.raw`(?<![^\n])=begin\b[\s\S]*?(?:\n=end\b|$)|(?<![^\n])__END__\b[\s\S]*|(?<![$?])#[^\n]*`,
    String.raw`<<[~-]["'\x60]?(?<tag>[A-Za-z_]\w*)["'\x60]?[\s\S]*?(?:\n[ \t]*\k<tag>\b|$)|%[qQwWiIr]?[({[][^\n\])}]{0,500}[\])}]|${double}|${single}`,
  ],
  ecmascript: [
    `${line}|${block}`,
    `${double}|${single}|\`[^\`\\\\]*(?:\\\\[\\s\\S][^\`\\\\]*)*(?:\`|\\\\?$)`,
  ],
  python: [String.raw`#[^\n]*`, String.raw`"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|${double}|${single}`],
} as const;

/** The text with spaces in place of comments, and of strings unless they are kept; every line stays where it is. */
export function blankText(text: string, syntax: keyof typeof tokens, keepsStrings = false): string {
  const [comment, string] = tokens[syntax];
  return text.replace(new RegExp(`(?<comment>${comment})|${string}`, "g"), (match, ...rest) => {
    const { comment: isComment } = rest.at(-1) as { comment?: string };
    return keepsStrings && isComment === undefined ? match : match.replace(/[^\n]/g, " ");
  });
}

/** Whether the name stands there, not as part of a longer one. */
export function hasWord(text: string, name: string): boolean {
  return text.includes(name) && wordPattern(name).test(text);
}

export function wordPattern(name: string): RegExp {
  return new RegExp(`(?<![\\w$])${escapePattern(name)}(?![\\w$])`);
}

/** From 1. */
export function lineAt(text: string, at: number): number {
  let lines = 1;
  for (let end = text.indexOf("\n"); end >= 0 && end < at; end = text.indexOf("\n", end + 1)) lines++;
  return lines;
}

/** Spaces in place of everything within braces, for what must stand at the top of a file. */
export function topLevel(blanked: string): string {
  let depth = 0;
  return blanked.replace(/[{}]|[^{}]+/g, (part) => {
    if (part === "{") return depth++ === 0 ? part : " ";
    if (part === "}") return (depth = Math.max(0, depth - 1)) === 0 ? part : " ";
    return depth === 0 ? part : part.replace(/[^\n]/g, " ");
  });
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The nearest folder at or above `folder` that holds a file of that name; null where none does. */
export function nearestWith(folder: string, name: string, has: (path: string) => boolean): string | null {
  for (let at = folder; ; at = folderOf(at)) {
    if (has(at === "" ? name : `${at}/${name}`)) return at;
    if (at === "") return null;
  }
}
