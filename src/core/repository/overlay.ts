import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ForeignRefs, ForeignRepository } from "./foreign.ts";

/**
 * A bare repository of ours over a foreign object store: own HEAD, own refs, own (empty) configuration, and the
 * foreign objects through `alternates`. Git run here reads the foreign commits at full speed, copies nothing,
 * writes nothing into the foreign folder, and never sees the foreign configuration or hooks.
 */
export async function writeOverlay(
  gitDir: string,
  foreign: ForeignRepository,
  refs: ForeignRefs,
): Promise<void> {
  await mkdir(join(gitDir, "objects", "info"), { recursive: true });
  await mkdir(join(gitDir, "refs"), { recursive: true });
  const extensions =
    refs.objectFormat === "sha256"
      ? "\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n"
      : "\trepositoryformatversion = 0\n";
  await Promise.all([
    writeIfChanged(join(gitDir, "config"), `[core]\n\tbare = true\n${extensions}`),
    writeIfChanged(
      join(gitDir, "objects", "info", "alternates"),
      `${quotePath(join(foreign.commonDir, "objects"))}\n`,
    ),
    writeIfChanged(join(gitDir, "packed-refs"), refs.packedRefs),
    writeIfChanged(join(gitDir, "HEAD"), `${refs.head}\n`),
    refs.shallow === null
      ? rm(join(gitDir, "shallow"), { force: true })
      : writeIfChanged(join(gitDir, "shallow"), refs.shallow),
  ]);
}

async function writeIfChanged(path: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8").catch(() => null)) === text) return;
  const temporary = `${path}.${process.pid}.new`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

/** Git reads a line that starts with a quote as a C string; paths with odd characters need that form. */
function quotePath(path: string): string {
  if (!/^["#]|[\n\\"]/.test(path)) return path;
  return `"${path.replace(/["\\]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
}
