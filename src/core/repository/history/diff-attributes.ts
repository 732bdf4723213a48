import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Attributes that make Git count a path as binary, or not; nothing else of the file is kept. */
const relevant = /^(?:-diff|!diff|diff|binary|-binary|!binary)$/;

/**
 * Git reads no `.gitattributes` from the trees of a bare repository, but `git log --numstat` in a work tree obeys
 * them: `-diff` and `binary` make a path count as binary. This gathers just those lines, nested files included,
 * into one file for `core.attributesFile`; null when there are none, as in most repositories. `diff=<driver>` is left
 * out: drivers are configuration, and the foreign configuration is never used.
 */
export async function writeDiffAttributes(
  files: readonly { readonly path: string; readonly text: string }[],
  folder: string,
): Promise<{ readonly path: string; readonly hash: string } | null> {
  // Git lets deeper files win, and within one file later lines.
  const macros = new Set<string>();
  const lines = [...files]
    .sort((a, b) => depth(a.path) - depth(b.path))
    .flatMap((file) => relevantLines(file.path, file.text, macros));
  if (lines.length === 0) return null;
  const text = `${lines.join("\n")}\n`;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const path = join(folder, `attributes-${hash}`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.${process.pid}`, text);
  await rename(`${path}.${process.pid}`, path);
  return { path, hash };
}

function relevantLines(path: string, text: string, macros: Set<string>): string[] {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const keep = (attributes: string): string =>
    attributes
      .split(/\s+/)
      .filter((attribute) => relevant.test(attribute) || macros.has(attribute.replace(/^[-!]/, "")))
      .join(" ");
  return text.split(/\r?\n/).flatMap((line) => {
    const [, macro, meaning] = /^\s*\[attr\](\S+)\s+(.*)$/.exec(line) ?? [];
    if (macro !== undefined) {
      // Git takes macros from the top only.
      const kept = folder === "" ? keep(meaning!) : "";
      if (kept === "") return [];
      macros.add(macro);
      return [`[attr]${macro} ${kept}`];
    }
    const [, pattern, attributes] = /^\s*("(?:[^"\\]|\\.)*"|[^\s#]\S*)\s+(.*)$/.exec(line) ?? [];
    if (pattern === undefined || pattern.startsWith("!")) return [];
    const kept = keep(attributes!);
    return kept === "" ? [] : [`${quoted(anchored(folder, unquoted(pattern)))} ${kept}`];
  });
}

/** The pattern of a nested file as seen from the top; a folder's name is no pattern. */
function anchored(folder: string, pattern: string): string {
  if (folder === "") return pattern;
  const fixed = folder.replace(/[*?[\\]/g, String.raw`\$&`);
  return pattern.includes("/") ? `/${fixed}/${pattern.replace(/^\//, "")}` : `/${fixed}/**/${pattern}`;
}

/** Git takes a pattern with blanks in it as a C string. */
function unquoted(pattern: string): string {
  if (!pattern.startsWith('"')) return pattern;
  return pattern.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => (letter === "t" ? "\t" : letter));
}

function quoted(pattern: string): string {
  if (!/^["#!]|\s/.test(pattern)) return pattern;
  return `"${pattern.replace(/["\\]/g, String.raw`\$&`).replaceAll("\t", String.raw`\t`)}"`;
}

function depth(path: string): number {
  return path.split("/").length;
}
