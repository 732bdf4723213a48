import type { OnProgress, Snapshot, TreeEntry, Warning } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import type { SharedRecords } from "../../../contracts/stores.ts";
import { fillTree } from "../../repository/fill.ts";
import { loadHistory } from "../../repository/history/load-history.ts";
import { createAttributes } from "../../repository/languages/attributes.ts";
import { readAttributeFiles } from "../../repository/languages/read-attribute-files.ts";
import { readTree } from "../../repository/tree.ts";
import { decodeRecord } from "../records/blob-record.ts";
import { scanSnapshot } from "../scan-snapshot.ts";
import { roleOf } from "./file-role.ts";
import { indexHistory } from "./history-index.ts";
import { createSearchIndex, type IndexedFile, type SearchIndex } from "./search-index.ts";

export interface LoadIndexOptions {
  /** False: everything is read anew (and kept). */
  readonly useCache: boolean;
  /** False: contents that were never read are left out; default true. */
  readonly builds?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** The index of a snapshot: records of blobs that were seen before are taken as they are, the others made. */
export async function loadSearchIndex(
  snapshot: Snapshot,
  services: Services,
  options: LoadIndexOptions,
): Promise<{ readonly index: SearchIndex; readonly missing: number; readonly warnings: readonly Warning[] }> {
  const { git, cache, config } = services;
  const { values } = config;
  const history = loadHistory(snapshot, git, cache, {
    useCache: options.useCache,
    maxChanges: values["limits.paths"],
    signal: options.signal,
    onProgress: options.onProgress,
  });
  history.catch(() => {});
  const tree = await readTree(snapshot, git, { maxPaths: values["limits.paths"], signal: options.signal });
  const entries = await fillTree(snapshot, tree.entries, git, options.signal);
  const { files, missing, warnings } = await readFiles(snapshot, entries, services, options);
  const loaded = await history;
  const index = createSearchIndex(
    snapshot.commit,
    files,
    indexHistory(
      loaded.facts,
      files.map((file) => file.path),
    ),
  );
  return { index, missing, warnings: [...tree.warnings, ...warnings, ...loaded.warnings] };
}

/** Null with the embedded database, which belongs to this machine alone. */
function sharedRecords(services: Services): (() => Promise<SharedRecords>) | null {
  if (services.config.values["database.url"] === "") return null;
  return async () => (await services.stores()).records;
}

/** Records of the files among `entries`, which may be of several commits. */
export async function readFiles(
  snapshot: Snapshot,
  entries: readonly TreeEntry[],
  services: Services,
  options: LoadIndexOptions,
): Promise<{
  readonly files: readonly IndexedFile[];
  readonly missing: number;
  readonly warnings: readonly Warning[];
}> {
  const { git, cache, config, scanner } = services;
  const { values } = config;
  const attributesOf = createAttributes(
    await readAttributeFiles(snapshot.repository.gitDir, entries, services, options.signal),
  );
  const { result, done } = scanSnapshot(
    snapshot,
    entries,
    { git, cache, scanner, shared: sharedRecords(services) },
    {
      useCache: options.useCache,
      maxFileBytes: values["limits.file_bytes"],
      maxContentBytes: values["limits.content_bytes"],
      forcedLanguage: (path) => attributesOf(path).language,
      wantsSymbols: () => false,
      wantsRecord: () => true,
      wantsText: () => false,
      readsContents: options.builds ?? true,
      signal: options.signal,
      onProgress: options.onProgress,
    },
  );
  await done;
  const files = entries
    .filter((entry) => entry.kind === "file" || entry.kind === "executable")
    .map((entry): IndexedFile => {
      const key = result.keyOf(entry);
      const facts = result.contents.get(key);
      const bytes = result.records.get(key);
      return {
        path: entry.path,
        oid: entry.oid,
        language: facts?.language ?? null,
        record: bytes === undefined ? null : decodeRecord(bytes),
        traits: roleOf(entry.path, facts, attributesOf(entry.path)),
      };
    });
  return { files, missing: result.unread(), warnings: result.warnings };
}
