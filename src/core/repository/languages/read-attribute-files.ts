import type { TreeEntry } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { readBlobs } from "../tree.ts";

/** Every `.gitattributes` of a tree with its text; one that is too large to be meant for people is left out. */
export async function readAttributeFiles(
  gitDir: string,
  entries: readonly TreeEntry[],
  services: Services,
  signal: AbortSignal,
): Promise<{ path: string; text: string }[]> {
  const maxBytes = services.config.values["limits.parse_bytes"];
  const wanted = entries.filter(
    (entry) =>
      /(^|\/)\.gitattributes$/.test(entry.path) &&
      entry.kind === "file" &&
      entry.sizeBytes >= 0 &&
      entry.sizeBytes <= maxBytes,
  );
  const texts = new Map<string, string>();
  await readBlobs(
    gitDir,
    [...new Set(wanted.map((entry) => entry.oid))],
    services.git,
    signal,
    (oid, bytes) => void texts.set(oid, bytes.toString("utf8")),
  );
  return wanted.map((entry) => ({ path: entry.path, text: texts.get(entry.oid) ?? "" }));
}
