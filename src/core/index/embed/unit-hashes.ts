import { createHash } from "node:crypto";
import type { Cache } from "../../../contracts/cache.ts";
import type { Git } from "../../../contracts/git.ts";
import { readBlobs } from "../../repository/tree.ts";
import type { BlobRecord } from "../records/blob-record.ts";
import { hashTerm } from "../records/words.ts";
import type { IndexedFile } from "../search/search-index.ts";
import { findCodeLines, hasText, isEmbedded, toUnitText } from "./unit-text.ts";

/** Raise when `toUnitText` gives another text. */
const space = "unit-hashes/2";
const hashBytes = 32;
const filesAtOnce = 2_000;

/** The hashes of a file's texts, by unit; empty for a unit without one. */
export type FileHashes = readonly string[];

export interface UnitHashPorts {
  readonly git: Git;
  readonly cache: Cache;
}

export interface UnitHashOptions {
  /** False: texts without comments, for measuring; default true. */
  readonly withComments?: boolean;
  readonly signal: AbortSignal;
}

/**
 * What each piece of the files is embedded under. Contents are read where this machine has not seen them; the hashes
 * stay in its cache. Files whose content cannot be read are left out.
 */
export async function readUnitHashes(
  gitDir: string,
  files: readonly IndexedFile[],
  { git, cache }: UnitHashPorts,
  options: UnitHashOptions,
): Promise<ReadonlyMap<IndexedFile, FileHashes>> {
  const withComments = options.withComments ?? true;
  const wanted = files.filter(isEmbedded);
  const found = new Map<IndexedFile, FileHashes>();
  for (let from = 0; from < wanted.length; from += filesAtOnce) {
    const some = wanted.slice(from, from + filesAtOnce);
    const keys = new Map(some.map((file) => [file, keyOf(file, withComments)]));
    const kept = cache.getMany(space, [...keys.values()]);
    const unread: IndexedFile[] = [];
    for (const file of some) {
      const bytes = kept.get(keys.get(file)!);
      if (bytes?.byteLength === file.record!.unitKinds.length * hashBytes) found.set(file, decode(bytes));
      else unread.push(file);
    }
    const fresh: [string, Uint8Array][] = [];
    await readUnitTexts(gitDir, unread, git, { ...options, withComments }, (file, textOf) => {
      const hashes = Array.from({ length: file.record!.unitKinds.length }, (_, unit) => {
        const text = textOf(unit);
        return text === null ? "" : createHash("sha256").update(text).digest("hex");
      });
      found.set(file, hashes);
      fresh.push([keys.get(file)!, encode(hashes)]);
    });
    if (fresh.length > 0) cache.putMany(space, fresh);
  }
  return found;
}

/** Calls `onFile` with what gives the text of each unit; null for one that has too little. */
export async function readUnitTexts(
  gitDir: string,
  files: readonly IndexedFile[],
  git: Git,
  options: UnitHashOptions,
  onFile: (file: IndexedFile, textOf: (unit: number) => string | null) => void,
): Promise<void> {
  const byOid = Map.groupBy(files, ({ oid }) => oid);
  if (byOid.size === 0) return;
  await readBlobs(gitDir, [...byOid.keys()], git, options.signal, (oid, bytes) => {
    const text = bytes.toString("utf8");
    const lines = text.split("\n");
    for (const file of byOid.get(oid)!) {
      const maySay = options.withComments === false ? findCodeLines(text, file.language) : undefined;
      onFile(file, (unit) =>
        hasText(file.record!, unit) ? toUnitText(file.path, file.record!, unit, lines, maySay) : null,
      );
    }
  });
}

function keyOf(file: IndexedFile, withComments: boolean): string {
  return `${file.oid} ${layoutOf(file.record!)}${withComments ? "" : " code"} ${file.path}`;
}

/** The same content is cut otherwise when its language, or our reading of it, is another one. */
function layoutOf(record: BlobRecord): string {
  const places = [record.unitStarts, record.unitEnds, record.unitWords].map((column) => column.join(" "));
  return hashTerm(`${places.join("/")}/${record.names().join(" ")}`).toString(36);
}

function encode(hashes: FileHashes): Uint8Array {
  const bytes = Buffer.alloc(hashes.length * hashBytes);
  for (const [at, hash] of hashes.entries()) if (hash !== "") bytes.write(hash, at * hashBytes, "hex");
  return bytes;
}

function decode(bytes: Uint8Array): FileHashes {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / hashBytes }, (_, at) => {
    const part = buffer.subarray(at * hashBytes, (at + 1) * hashBytes);
    return part.every((byte) => byte === 0) ? "" : part.toString("hex");
  });
}
