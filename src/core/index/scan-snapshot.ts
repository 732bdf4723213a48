import type { Cache } from "../../contracts/cache.ts";
import type { ContentFacts, SymbolFacts } from "../../contracts/file-facts.ts";
import type { Git } from "../../contracts/git.ts";
import type { OnProgress, Snapshot, TreeEntry, Warning } from "../../contracts/repository.ts";
import type { Scanner } from "../../contracts/scanner.ts";
import type { SharedRecords } from "../../contracts/stores.ts";
import { nameKey } from "../repository/languages/name-key.ts";
import { readBlobs } from "../repository/tree.ts";
import { selectReadable } from "./select-readable.ts";
import { pushShared, withShared } from "./share-scanned.ts";
import { decodeRecord } from "./records/blob-record.ts";

/** Raise when detection, counting or their data change, so that kept facts are made anew. */
const contentVersion = "content/1";
/** Raise when grammars, queries or complexity change. */
const symbolVersion = "symbols/2";
/** Raise when words, units, the form of a record or the languages whose symbols are read change. */
export const recordVersion = "record/3";

export interface ScanPorts {
  readonly git: Git;
  readonly cache: Cache;
  readonly scanner: Scanner;
  /** Where other machines' records come from and ours go to; null where there is one machine. */
  readonly shared?: (() => Promise<SharedRecords>) | null;
}

export interface ScanOptions {
  /** False: nothing is read from the cache (but what is found is kept). */
  readonly useCache: boolean;
  readonly maxFileBytes: number;
  readonly maxContentBytes: number;
  /** `linguist-language` of a path, if set. */
  readonly forcedLanguage: (path: string) => string | undefined;
  readonly wantsSymbols: (path: string) => boolean;
  /** Whether search wants to find the file; default: none. */
  readonly wantsRecord?: (path: string) => boolean;
  /** Paths whose text the caller wants to read itself. */
  readonly wantsText: (path: string) => boolean;
  /** False: only what is in the cache is given; default true. */
  readonly readsContents?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface ScanResult {
  /** Facts by the entry's key; see `keyOf`. */
  readonly contents: ReadonlyMap<string, ContentFacts>;
  readonly symbols: ReadonlyMap<string, SymbolFacts>;
  /** See core/index/records/blob-record.ts. */
  readonly records: ReadonlyMap<string, Uint8Array>;
  readonly texts: ReadonlyMap<string, string>;
  readonly keyOf: (entry: TreeEntry) => string;
  /** Keys whose thread died: the report is not whole and must not be kept. */
  readonly lost: ReadonlySet<string>;
  /** How many contents were wanted and not read, because `readsContents` is false. */
  readonly unread: () => number;
  readonly warnings: readonly Warning[];
}

/**
 * Facts of every file of a snapshot: from the cache where the same content was ever seen under a name of the same
 * kind, otherwise from the scanner's threads. `contents` and `texts` are whole when `contentsReady` resolves,
 * `symbols` when `done` does.
 */
export function scanSnapshot(
  snapshot: Snapshot,
  entries: readonly TreeEntry[],
  ports: ScanPorts,
  options: ScanOptions,
): { readonly result: ScanResult; readonly contentsReady: Promise<void>; readonly done: Promise<void> } {
  const contents = new Map<string, ContentFacts>();
  const symbols = new Map<string, SymbolFacts>();
  const records = new Map<string, Uint8Array>();
  const texts = new Map<string, string>();
  const warnings: Warning[] = [];
  const lost = new Set<string>();
  let unread = 0;
  const keyOf = (entry: TreeEntry): string => {
    const forced = options.forcedLanguage(entry.path);
    return `${entry.oid}:${nameKey(entry.path)}${forced === undefined ? "" : `=${forced}`}`;
  };
  let onContentsReady: () => void;
  let onFailure: (error: unknown) => void;
  const contentsReady = new Promise<void>((resolve, reject) => {
    onContentsReady = resolve;
    onFailure = reject;
  });
  const done = work().catch((error: unknown) => {
    onFailure(error);
    throw error;
  });
  // Both are awaited by the caller, one after the other; a failure of the first must not be reported as unhandled.
  contentsReady.catch(() => {});
  done.catch(() => {});
  return {
    result: { contents, symbols, records, texts, keyOf, lost, unread: () => unread, warnings },
    contentsReady,
    done,
  };

  async function work(): Promise<void> {
    const readable = selectReadable(entries, options, warnings);
    const entryByKey = new Map(readable.map((entry) => [keyOf(entry), entry]));
    // The same content may lie in several places; it is parsed when one of them asks for it.
    const parseKeys = new Set(readable.filter((entry) => options.wantsSymbols(entry.path)).map(keyOf));
    const knownSymbols = loadKnown(entryByKey);
    const newContents: [string, Uint8Array][] = [];
    const newSymbols: [string, Uint8Array][] = [];
    const newRecords: [string, Uint8Array][] = [];
    const { wantsRecord = () => false } = options;
    const recordKeys = new Set(readable.filter((entry) => wantsRecord(entry.path)).map(keyOf));
    const made: Record<string, string[]> = { [contentVersion]: [], [recordVersion]: [] };
    if (options.useCache) {
      loadRecords(recordKeys);
      if (recordKeys.size > 0 && ports.shared) await pullShared(ports.shared, recordKeys);
    }
    let totalBytes = 0;
    let hasSettled = false;
    const scan = ports.scanner.start(
      {
        onContent(key, facts, isFinal) {
          contents.set(key, facts);
          if (isFinal) {
            newContents.push([key, encode(facts)]);
            made[contentVersion]!.push(key);
          } else lost.add(key);
        },
        onSymbols(key, facts, isFinal) {
          symbols.set(key, facts);
          // A file that was too large or too slow may fit the limits of the next run.
          if (isFinal && facts.problem !== "too-large" && facts.problem !== "parse-time-out")
            newSymbols.push([key, encode(facts)]);
          if (!isFinal) lost.add(key);
          if (newSymbols.length >= 256) ports.cache.putMany(symbolVersion, newSymbols.splice(0));
        },
        onRecord(key, record) {
          records.set(key, record);
          // Nothing is kept that a file too slow to parse today may give tomorrow.
          if (symbols.get(key)?.problem !== "parse-time-out" && !lost.has(key)) keepRecord(key, record);
          if (newRecords.length >= 256) ports.cache.putMany(recordVersion, newRecords.splice(0));
        },
        onProgress(parsedBytes) {
          if (hasSettled)
            options.onProgress({
              stage: "symbols",
              fraction: totalBytes === 0 ? 1 : parsedBytes / totalBytes,
              message: "Reading symbols",
            });
        },
      },
      options.signal,
    );
    const tasksByOid = new Map<string, string[]>();
    const pathsByOid = new Map<string, string[]>();
    for (const [key, entry] of entryByKey) {
      const known = contents.get(key);
      const needsSymbols =
        parseKeys.has(key) &&
        !knownSymbols.has(key) &&
        (known === undefined ||
          (known.language !== null &&
            !known.minified &&
            !known.lfsPointer &&
            ports.scanner.supports(known.language)));
      const needsRecord = recordKeys.has(key) && !records.has(key) && mayHaveRecord(known);
      if (known === undefined || needsSymbols || needsRecord) append(tasksByOid, entry.oid, key);
    }
    if (options.readsContents === false) {
      unread = tasksByOid.size;
      onContentsReady();
      return;
    }
    for (const entry of readable)
      if (options.wantsText(entry.path)) append(pathsByOid, entry.oid, entry.path);
    // Manifests first: the stack is shown before the symbols are read.
    const wanted = [...new Set([...pathsByOid.keys(), ...tasksByOid.keys()])];
    const damaged = await readBlobs(
      snapshot.repository.gitDir,
      wanted,
      ports.git,
      options.signal,
      async (oid, bytes) => {
        for (const path of pathsByOid.get(oid) ?? []) texts.set(path, bytes.toString("utf8"));
        for (const key of tasksByOid.get(oid) ?? []) {
          totalBytes += bytes.length;
          const entry = entryByKey.get(key)!;
          const known = contents.get(key);
          const forcedLanguage = options.forcedLanguage(entry.path);
          await scan.add(
            {
              key,
              path: entry.path,
              wantsSymbols: parseKeys.has(key) && !knownSymbols.has(key),
              wantsRecord: recordKeys.has(key) && !records.has(key),
              ...(forcedLanguage === undefined ? {} : { forcedLanguage }),
              ...(known ? { known } : {}),
              ...(knownSymbols.has(key) ? { knownSymbols: symbols.get(key)!.symbols } : {}),
            },
            bytes,
          );
        }
      },
    );
    for (const entry of readable)
      if (damaged.includes(entry.oid))
        warnings.push({
          code: "missing-blob",
          message: "Its content is damaged, so it is counted as a file and nothing more.",
          path: entry.path,
        });
    await scan.contentsDone();
    ports.cache.putMany(contentVersion, newContents);
    onContentsReady();
    hasSettled = true;
    await scan.done();
    ports.cache.putMany(symbolVersion, newSymbols);
    if (newRecords.length > 0) ports.cache.putMany(recordVersion, newRecords);
    if (recordKeys.size > 0 && ports.shared) await pushShared(ports.shared, made);

    function keepRecord(key: string, record: Uint8Array): void {
      newRecords.push([key, record]);
      made[recordVersion]!.push(key);
    }
  }

  function loadRecords(keys: ReadonlySet<string>): void {
    for (const [key, bytes] of ports.cache.getMany(recordVersion, [...keys]))
      if (decodeRecord(bytes) !== null) records.set(key, bytes);
  }

  async function pullShared(
    open: () => Promise<SharedRecords>,
    recordKeys: ReadonlySet<string>,
  ): Promise<void> {
    const missing = [...recordKeys].filter((key) => !records.has(key) && mayHaveRecord(contents.get(key)));
    if (missing.length === 0) return;
    await withShared(open, async (shared) => {
      const unknown = missing.filter((key) => !contents.has(key));
      if ((await shared.pull(contentVersion, unknown)) > 0) loadFacts(contentVersion, unknown, contents);
      const wanted = missing.filter((key) => mayHaveRecord(contents.get(key)));
      if ((await shared.pull(recordVersion, wanted)) > 0) loadRecords(new Set(wanted));
    });
  }

  function loadKnown(entryByKey: ReadonlyMap<string, TreeEntry>): ReadonlySet<string> {
    if (!options.useCache) return new Set();
    const keys = [...entryByKey.keys()];
    loadFacts(contentVersion, keys, contents);
    loadFacts(symbolVersion, keys, symbols);
    return new Set(symbols.keys());
  }

  function loadFacts<T>(space: string, keys: readonly string[], into: Map<string, T>): void {
    for (const [key, bytes] of ports.cache.getMany(space, keys)) {
      const facts = decode(bytes);
      if (facts !== null) into.set(key, facts as T);
    }
  }
}

/** Pictures, pointers to contents elsewhere and what was made by a minifier have none. */
function mayHaveRecord(known: ContentFacts | undefined): boolean {
  return known === undefined || (!known.binary && !known.minified && !known.lfsPointer);
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function encode(facts: ContentFacts | SymbolFacts): Uint8Array {
  return Buffer.from(JSON.stringify(facts));
}

/** Null for what is damaged: it is read anew, as if it had never been kept. */
function decode(bytes: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"),
    );
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
