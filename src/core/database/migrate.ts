import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../base/errors.ts";
import type { Database, Migration, Queryable } from "../../contracts/database.ts";

export interface Migrated {
  /** Names of the migrations that were applied just now. */
  readonly applied: readonly string[];
  /** The version that the database is at. */
  readonly version: number;
  /** Whether pgvector is there. */
  readonly hasVector: boolean;
}

interface LedgerRow {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** Any number; it only has to be the same for all of us. */
const migrationLock = 7_201_002;

/** The files of `migrations/` in order. */
export function readMigrations(folder: string): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
  return names.map((file, index) => {
    const match = /^(\d{4})_[a-z0-9-]+\.sql$/.exec(file);
    if (Number(match?.[1]) !== index + 1)
      throw new AppError(
        "internal",
        `${join(folder, file)} must be named ${String(index + 1).padStart(4, "0")}_<words>.sql.`,
      );
    return {
      version: index + 1,
      name: file.slice(0, -".sql".length),
      sql: readFileSync(join(folder, file), "utf8"),
    };
  });
}

/**
 * Brings the tables to the newest version. Each migration and its line in the ledger are one transaction, under a lock:
 * processes that start together take turns, and one that is killed has done a migration wholly or not at all.
 * @throws AppError `database-newer`, `database-invalid`; nothing is changed then
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<Migrated> {
  const applied: string[] = [];
  for (;;) {
    const name = await database.transaction((transaction) => applyNext(transaction, migrations));
    if (name === null) break;
    applied.push(name);
  }
  if (!(await hasVector(database))) await database.script(createVector);
  return { applied, version: migrations.length, hasVector: await hasVector(database) };
}

async function hasVector(database: Queryable): Promise<boolean> {
  const rows = await database.query("select 1 from pg_extension where extname = 'vector'");
  return rows.length > 0;
}

/** The name of the migration that was missing and is applied now, or null. */
async function applyNext(transaction: Queryable, migrations: readonly Migration[]): Promise<string | null> {
  // Neither a large migration nor the wait for another process is a statement that hangs.
  await transaction.query("set local statement_timeout = 0");
  await transaction.query("select pg_advisory_xact_lock($1)", [migrationLock]);
  const ledger = await readLedger(transaction);
  assertKnown(ledger, migrations);
  const next = migrations[ledger.length];
  if (!next) return null;
  if (ledger.length === 0) {
    await transaction.script(createVector);
    await transaction.script(createLedger);
  }
  try {
    await transaction.script(next.sql);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "database-invalid",
      `The migration ${next.name} does not fit this database: ${reason}.`,
      {},
      error,
    );
  }
  await transaction.query("insert into repowright.migrations (version, name, checksum) values ($1, $2, $3)", [
    next.version,
    next.name,
    checksum(next),
  ]);
  return next.name;
}

const createLedger = `
  create table if not exists repowright.migrations (
    version integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`;

/** pgvector where there is one and we may: everything but search by meaning works without. */
const createVector = `
  do $$ begin
    create extension if not exists vector with schema public;
  exception when others then
    raise notice 'no pgvector: %', sqlerrm;
  end $$`;

async function readLedger(transaction: Queryable): Promise<readonly LedgerRow[]> {
  const [table] = await transaction.query("select 1 where to_regclass('repowright.migrations') is not null");
  if (!table) return [];
  return await transaction.query<LedgerRow>(
    "select version, name, checksum from repowright.migrations order by version",
  );
}

function assertKnown(ledger: readonly LedgerRow[], migrations: readonly Migration[]): void {
  const newest = ledger.at(-1);
  if (newest && newest.version > migrations.length)
    throw new AppError(
      "database-newer",
      `The database is at version ${newest.version} (${newest.name}); this Repowright knows up to ${migrations.length}.`,
    );
  for (const [index, row] of ledger.entries()) {
    const migration = migrations[index]!;
    if (row.version !== migration.version || row.checksum !== checksum(migration))
      throw new AppError(
        "database-invalid",
        `The database was made with another ${row.name} than this Repowright's ${migration.name}.`,
      );
  }
}

/** Of the text without regard to line ends, which Git may change. */
function checksum(migration: Migration): string {
  return createHash("sha256").update(migration.sql.replaceAll("\r\n", "\n")).digest("hex");
}
