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
  const lines = [...files]
    .sort((a, b) => depth(a.path) - depth(b.path))
    .flatMap((file) => relevantLines(file.path, file.text));
  if (lines.length === 0) return null;
  const text = `${lines.join("\n")}\n`;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const path = join(folder, `attributes-${hash}`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.${process.pid}`, text);
  await rename(`${path}.${process.pid}`, path);
  return { path, hash };
}

function relevantLines(path: string, text: string): string[] {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return text.split(/\r?\n/).flatMap((line) => {
    if (/^\s*(#|$|\[attr\])/.test(line) || line.startsWith('"')) return [];
    const [pattern, ...attributes] = line.trim().split(/\s+/);
    const kept = attributes.filter((attribute) => relevant.test(attribute));
    return kept.length === 0 ? [] : [`${anchored(folder, pattern!)} ${kept.join(" ")}`];
  });
}

/** The pattern of a nested file as seen from the top. */
function anchored(folder: string, pattern: string): string {
  if (folder === "") return pattern;
  return pattern.includes("/") ? `/${folder}/${pattern.replace(/^\//, "")}` : `/${folder}/**/${pattern}`;
}

function depth(path: string): number {
  return path.split("/").length;
}
