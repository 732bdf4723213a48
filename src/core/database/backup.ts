import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip, createGzip } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { AppError } from "../../base/errors.ts";
import type { CopyOptions, CopyReport, Database } from "../../contracts/database.ts";
import { toDiskError, writeWhole } from "./disk.ts";
import { advanceSequences, assertEmpty, beginCopy, listTables, readRows, writeRows } from "./tables.ts";

/**
 * Gzipped lines of JSON: a header, `["table",{row}]` for each row, and an end with the counts, without which the file is
 * cut off. The same for every engine, and readable by people.
 */
const headerSchema = z.object({
  format: z.literal("repowright-backup"),
  /** Of this format. */
  formatVersion: z.literal(1),
  /** Of the tables. */
  version: z.number().int().positive(),
  createdAt: z.string(),
});
const endSchema = z.object({ end: z.record(z.string(), z.number()) });

export type BackupHeader = z.output<typeof headerSchema>;

const batchRows = 1_000;
const batchBytes = 4 * 2 ** 20;

/** @throws AppError `disk-full`, `permission-denied`, `output-failed`, `cancelled` */
export async function backupDatabase(
  database: Database,
  file: string,
  at: { readonly version: number; readonly now: number },
  options: CopyOptions,
): Promise<CopyReport> {
  const { onProgress, signal } = options;
  const counts: Record<string, number> = {};

  async function* lines(): AsyncGenerator<string> {
    const header: BackupHeader = {
      format: "repowright-backup",
      formatVersion: 1,
      version: at.version,
      createdAt: new Date(at.now).toISOString(),
    };
    yield `${JSON.stringify(header)}\n`;
    for (const table of await listTables(source!)) {
      counts[table] = 0;
      for await (const rows of readRows(source!, table, signal)) {
        counts[table] += rows.length;
        onProgress({ stage: "write", fraction: null, message: `Writing ${table}: ${counts[table]} rows` });
        yield rows.map((row) => `["${table}",${row}]\n`).join("");
      }
    }
    yield `${JSON.stringify({ end: counts })}\n`;
  }

  let source: Parameters<Parameters<Database["transaction"]>[0]>[0] | undefined;
  await database.transaction(async (transaction) => {
    source = transaction;
    await beginCopy(transaction, "read");
    try {
      await writeWhole(file, compressed(lines()));
    } catch (error) {
      const known = toDiskError(error, `The backup ${file}`);
      if (known instanceof AppError || !isFileError(error)) throw known;
      throw new AppError(
        "output-failed",
        `The backup ${file} cannot be written: ${error.message}.`,
        {},
        error,
      );
    }
  });
  return report(counts);
}

/** Begins with the first pull, and has let go of `lines` when it ends, however it ends. */
async function* compressed(lines: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  let failure: unknown = null;
  const writing = pipeline(lines, gzip).catch((error: unknown) => (failure = error));
  try {
    for await (const chunk of gzip) yield chunk as Uint8Array;
  } catch (error) {
    await writing;
    throw failure ?? error;
  } finally {
    gzip.destroy();
    await writing;
  }
}

/**
 * Whether a file is a snapshot of the embedded engine or a backup; one of ours is read to its end, so that a damaged one
 * is known before anything is touched.
 * @throws AppError `backup-invalid`
 */
export async function recognise(file: string): Promise<BackupHeader | "snapshot"> {
  try {
    let header: BackupHeader | null = null;
    for await (const entry of readEntries(file)) {
      if (entry.kind === "other") return "snapshot";
      if (entry.kind === "header") header = entry.header;
    }
    if (header === null) throw new Error("it is empty");
    return header;
  } catch (error) {
    throw invalid(file, error);
  }
}

/**
 * Fills the empty tables of a database that is at the header's version; all of it or nothing.
 * @throws AppError `backup-invalid`, `database-invalid`, `cancelled`
 */
export async function restoreBackup(
  database: Database,
  file: string,
  options: CopyOptions,
): Promise<CopyReport> {
  const { onProgress, signal } = options;
  return await database.transaction(async (transaction) => {
    await beginCopy(transaction, "write");
    const tables = await listTables(transaction);
    await assertEmpty(transaction, tables);
    let batch: string[] = [];
    let bytes = 0;
    let table = "";
    let total = 0;

    async function flush(): Promise<void> {
      if (batch.length > 0) await writeRows(transaction, table, batch);
      total += batch.length;
      onProgress({ stage: "restore", fraction: null, message: `Restoring ${table}: ${total} rows in all` });
      batch = [];
      bytes = 0;
    }

    try {
      for await (const entry of readEntries(file)) {
        if (signal.aborted) throw new AppError("cancelled", "Cancelled.");
        if (entry.kind !== "row") continue;
        if (!tables.includes(entry.table)) throw new Error(`it has a table ${entry.table}, which is unknown`);
        if (entry.table !== table || batch.length >= batchRows || bytes >= batchBytes) {
          await flush();
          table = entry.table;
        }
        batch.push(entry.row);
        bytes += entry.row.length;
      }
      await flush();
    } catch (error) {
      throw invalid(file, error);
    }
    await advanceSequences(transaction);
    return { tables: tables.length, rows: total };
  });
}

type Entry =
  | { readonly kind: "header"; readonly header: BackupHeader }
  | { readonly kind: "row"; readonly table: string; readonly row: string }
  /** The file is packed, but its first line is none of ours. */
  | { readonly kind: "other" };

/** What is in a backup; rejects where it is not as it was written, at the latest at its end. */
async function* readEntries(file: string): AsyncGenerator<Entry> {
  const counts: Record<string, number> = {};
  let end: Readonly<Record<string, number>> | null = null;
  let number = 0;
  for await (const line of linesOf(file)) {
    if (++number === 1) {
      if (line.includes("\0")) {
        yield { kind: "other" };
        return;
      }
      yield { kind: "header", header: headerSchema.parse(JSON.parse(line)) };
    } else if (line.startsWith("{")) end = endSchema.parse(JSON.parse(line)).end;
    else {
      const [start, table] = /^\["([a-z_]+)",/.exec(line) ?? [];
      if (start === undefined || table === undefined || !line.endsWith("]") || end)
        throw new Error(`its line ${number} is not as it should be`);
      counts[table] = (counts[table] ?? 0) + 1;
      yield { kind: "row", table, row: line.slice(start.length, -1) };
    }
  }
  if (!end) throw new Error("its end is missing");
  for (const [table, count] of Object.entries(end))
    if ((counts[table] ?? 0) !== count) throw new Error(`rows of its table ${table} are missing`);
}

/** Lines of the unpacked file; a failure in the middle (cut off, damaged) rejects. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const unpacked = createGunzip();
  const lines = createInterface({ input: unpacked, crlfDelay: Infinity });
  let failure: unknown = null;
  const reading = pipeline(createReadStream(file), unpacked).catch((error: unknown) => {
    failure = error;
    lines.close();
  });
  try {
    yield* lines;
    await reading;
    if (failure) throw failure;
  } finally {
    unpacked.destroy();
  }
}

function report(counts: Readonly<Record<string, number>>): CopyReport {
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { tables: Object.keys(counts).length, rows };
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function invalid(file: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const isUnreadable = error instanceof z.ZodError || error instanceof SyntaxError;
  const reason = isUnreadable ? "its first line is not a backup's" : (error as Error).message;
  return new AppError("backup-invalid", `${file} is no backup, or damaged: ${reason}.`, {}, error);
}
