import { deserialize, serialize } from "node:v8";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** What a change did to a path. */
export const changeStatus = { modified: 0, added: 1, deleted: 2, renamed: 3 } as const;

/**
 * What each commit says, as columns: row `i` is one commit, newest first. Commits never change, so these facts
 * are kept and only added to.
 */
export interface CommitFacts {
  readonly oids: string[];
  /** Parents per commit: 0 root, 1 ordinary, 2 or more merge. */
  readonly parents: Uint8Array;
  /** Seconds since 1970. */
  readonly authoredAt: Float64Array;
  readonly committedAt: Float64Array;
  /** Offset of the author's clock from UTC in minutes. */
  readonly authorOffsets: Int16Array;
  /** Index into `identities`. */
  readonly authors: Uint32Array;
  /** Index into `commitTypes`. */
  readonly types: Uint8Array;
  /** Row `i` owns the changes from `changeStarts[i]` up to `changeStarts[i + 1]`. */
  readonly changeStarts: Uint32Array;
  /** Index into `paths`, the new name for a rename. */
  readonly changePaths: Uint32Array;
  /** A `changeStatus`. */
  readonly changeStatuses: Uint8Array;
  /** For a rename the index of the old name, else 0. */
  readonly changeSources: Uint32Array;
  /** `name <email>` as written in the commits, before any mailmap. */
  readonly identities: string[];
  readonly paths: string[];
  /** Row `i` owns the terms of its message from `messageStarts[i]` up to `messageStarts[i + 1]`; see `readMessage`. */
  readonly messageStarts: Uint32Array;
  /** Those of the subject come first, up to here. */
  readonly subjectEnds: Uint32Array;
  /** Hashes; repeated as often as the message repeats them. */
  readonly messageTerms: Uint32Array;
}

/** Kinds of commit by the Conventional Commits prefix of the subject, else by its first word. */
export const commitTypes = [
  "other",
  "feat",
  "fix",
  "docs",
  "test",
  "refactor",
  "perf",
  "build",
  "ci",
  "style",
  "chore",
  "revert",
  "merge",
  "release",
] as const;
export type CommitType = (typeof commitTypes)[number];

/** The rows that `order` names, of whichever has them, and then those of `older` from row `from` on. */
export function joinFacts(
  newer: CommitFacts,
  older: CommitFacts,
  order: readonly string[],
  from: number,
): CommitFacts {
  const writer = createFactsWriter();
  const places = new Map<string, readonly [CommitFacts, number]>();
  for (const part of [older, newer])
    for (const [row, oid] of part.oids.entries()) {
      if (part === older && row === from) break;
      places.set(oid, [part, row]);
    }
  for (const oid of order) {
    const place = places.get(oid);
    if (place !== undefined) copyRow(...place, writer);
  }
  for (let row = from; row < older.oids.length; row++) copyRow(older, row, writer);
  return writer.finish();
}

function copyRow(part: CommitFacts, row: number, writer: FactsWriter): void {
  writer.commit({
    oid: part.oids[row]!,
    parents: part.parents[row]!,
    authoredAt: part.authoredAt[row]!,
    committedAt: part.committedAt[row]!,
    authorOffset: part.authorOffsets[row]!,
    identity: part.identities[part.authors[row]!]!,
    type: part.types[row]!,
    subject: part.messageTerms.subarray(part.messageStarts[row], part.subjectEnds[row]),
    body: part.messageTerms.subarray(part.subjectEnds[row], part.messageStarts[row + 1]),
  });
  for (let at = part.changeStarts[row]!; at < part.changeStarts[row + 1]!; at++) {
    const status = part.changeStatuses[at]!;
    writer.change(
      status,
      part.paths[part.changePaths[at]!]!,
      status === changeStatus.renamed ? part.paths[part.changeSources[at]!]! : null,
    );
  }
}

export interface CommitRow {
  readonly oid: string;
  readonly parents: number;
  readonly authoredAt: number;
  readonly committedAt: number;
  readonly authorOffset: number;
  readonly identity: string;
  readonly type: number;
  /** Hashes of terms. */
  readonly subject: ArrayLike<number>;
  readonly body: ArrayLike<number>;
}

export interface FactsWriter {
  commit(row: CommitRow): void;
  /** A change of the commit written last. */
  change(status: number, path: string, source: string | null): void;
  finish(): CommitFacts;
}

export function createFactsWriter(): FactsWriter {
  const oids: string[] = [];
  const parents: number[] = [];
  const authoredAt: number[] = [];
  const committedAt: number[] = [];
  const authorOffsets: number[] = [];
  const authors: number[] = [];
  const types: number[] = [];
  const starts: number[] = [];
  const changePaths: number[] = [];
  const statuses: number[] = [];
  const sources: number[] = [];
  const messageStarts: number[] = [];
  const subjectEnds: number[] = [];
  const messageTerms = createWordColumn();
  const identities = createInterner();
  const paths = createInterner();
  return {
    commit(row) {
      oids.push(row.oid);
      parents.push(row.parents);
      authoredAt.push(row.authoredAt);
      committedAt.push(row.committedAt);
      authorOffsets.push(row.authorOffset);
      authors.push(identities.idOf(row.identity));
      types.push(row.type);
      starts.push(changePaths.length);
      messageStarts.push(messageTerms.length());
      messageTerms.append(row.subject);
      subjectEnds.push(messageTerms.length());
      messageTerms.append(row.body);
    },
    change(status, path, source) {
      statuses.push(status);
      changePaths.push(paths.idOf(path));
      sources.push(source === null ? 0 : paths.idOf(source));
    },
    finish() {
      starts.push(changePaths.length);
      messageStarts.push(messageTerms.length());
      return {
        oids,
        parents: Uint8Array.from(parents),
        authoredAt: Float64Array.from(authoredAt),
        committedAt: Float64Array.from(committedAt),
        authorOffsets: Int16Array.from(authorOffsets),
        authors: Uint32Array.from(authors),
        types: Uint8Array.from(types),
        changeStarts: Uint32Array.from(starts),
        changePaths: Uint32Array.from(changePaths),
        changeStatuses: Uint8Array.from(statuses),
        changeSources: Uint32Array.from(sources),
        identities: identities.all,
        paths: paths.all,
        messageStarts: Uint32Array.from(messageStarts),
        subjectEnds: Uint32Array.from(subjectEnds),
        messageTerms: messageTerms.finish(),
      };
    },
  };
}

/** Numbers by the million: a plain array would hold each in twice the space, and grow by copying. */
function createWordColumn(): {
  length(): number;
  append(values: ArrayLike<number>): void;
  finish(): Uint32Array;
} {
  let column = new Uint32Array(4_096);
  let used = 0;
  return {
    length: () => used,
    append(values) {
      if (used + values.length > column.length) {
        const larger = new Uint32Array(Math.max(column.length * 2, used + values.length));
        larger.set(column);
        column = larger;
      }
      column.set(values, used);
      used += values.length;
    },
    finish: () => column.slice(0, used),
  };
}

function createInterner(): { idOf(text: string): number; readonly all: string[] } {
  const ids = new Map<string, number>();
  const all: string[] = [];
  return {
    all,
    idOf(text) {
      let id = ids.get(text);
      if (id === undefined) {
        id = all.length;
        ids.set(text, id);
        all.push(text);
      }
      return id;
    },
  };
}

const formatVersion = 2;

/** Facts of everything reachable from `head`. */
export interface KeptFacts {
  readonly head: string;
  readonly facts: CommitFacts;
}

export function encodeFacts(kept: KeptFacts): Uint8Array {
  return zstdCompressSync(serialize({ ...kept, formatVersion }));
}

/** Null when the bytes are not facts of this version. */
export function decodeFacts(bytes: Uint8Array): KeptFacts | null {
  try {
    const value = deserialize(zstdDecompressSync(bytes)) as KeptFacts & { formatVersion: number };
    return value.formatVersion === formatVersion ? value : null;
  } catch {
    return null;
  }
}
