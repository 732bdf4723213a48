import { AppError } from "../../base/errors.ts";
import type { Queryable } from "../../contracts/database.ts";

/** Rows as PostgreSQL writes them as JSON: nothing is read into JavaScript, so nothing is rounded on the way. */
export type RowText = string;

const batchBytes = 4 * 2 ** 20;
const mostRows = 1_000;

/** Our tables but the ledger of migrations, each after those that it refers to. */
export async function listTables(database: Queryable): Promise<readonly string[]> {
  const rows = await database.query<{ name: string; needs: readonly string[] }>(`
    select t.relname as name, coalesce(array_agg(distinct r.relname::text) filter (where r.oid <> t.oid), '{}') as needs
    from pg_class t
    left join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
    left join pg_class r on r.oid = c.confrelid
    where t.relnamespace = 'repowright'::regnamespace and t.relkind = 'r' and t.relname <> 'migrations'
    group by t.relname order by t.relname`);
  const sorted: string[] = [];
  while (sorted.length < rows.length) {
    const next = rows.find(
      (row) => !sorted.includes(row.name) && row.needs.every((name) => sorted.includes(name)),
    );
    if (!next) throw new AppError("internal", "Tables refer to each other in a circle.");
    sorted.push(next.name);
  }
  return sorted;
}

/** Makes text forms the same on every server, and one moment of what is read; first in a transaction that copies. */
export async function beginCopy(transaction: Queryable, mode: "read" | "write"): Promise<void> {
  if (mode === "read") await transaction.query("set transaction isolation level repeatable read, read only");
  for (const setting of [
    "timezone = 'UTC'",
    "datestyle = 'ISO'",
    "bytea_output = 'hex'",
    "extra_float_digits = 1",
    "statement_timeout = 0",
    "idle_in_transaction_session_timeout = 0",
  ])
    await transaction.query(`set local ${setting}`);
}

/** All rows of a table, some at a time: as many as make a few megabytes. */
export async function* readRows(
  transaction: Queryable,
  table: string,
  signal: AbortSignal,
): AsyncGenerator<readonly RowText[]> {
  const [size] = await transaction.query<{ average: number }>(
    `select coalesce(avg(length(to_jsonb(t)::text)), 0)::float8 as average from (select * from ${quote(table)} limit 1000) t`,
  );
  const count = Math.max(1, Math.min(mostRows, Math.floor(batchBytes / Math.max(1, size!.average))));
  await transaction.query(
    `declare copying no scroll cursor for select to_jsonb(t)::text as row from ${quote(table)} t`,
  );
  for (;;) {
    if (signal.aborted) throw new AppError("cancelled", "Cancelled.");
    const rows = await transaction.query<{ row: RowText }>(`fetch ${count} from copying`);
    if (rows.length === 0) break;
    yield rows.map((row) => row.row);
  }
  await transaction.query("close copying");
}

export async function writeRows(
  transaction: Queryable,
  table: string,
  rows: readonly RowText[],
): Promise<void> {
  const name = quote(table);
  await transaction.query(
    `insert into ${name} overriding system value select * from jsonb_populate_recordset(null::${name}, $1::jsonb)`,
    [`[${rows.join(",")}]`],
  );
}

/** Rows of a table, and a sum over their contents in any order. */
export async function sumUp(
  transaction: Queryable,
  table: string,
): Promise<{ readonly rows: number; readonly sum: string }> {
  const [row] = await transaction.query<{ rows: number; sum: string }>(
    `select count(*) as rows,
       coalesce(sum(('x' || substr(md5(to_jsonb(t)::text), 1, 15))::bit(60)::bigint), 0)::text as sum
     from ${quote(table)} t`,
  );
  return row!;
}

/** @throws AppError `database-invalid` when a table holds anything */
export async function assertEmpty(database: Queryable, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const rows = await database.query(`select 1 from ${quote(table)} limit 1`);
    if (rows.length > 0)
      throw new AppError(
        "database-invalid",
        `The database to fill is not empty: its table ${table} has rows. Give an empty one.`,
      );
  }
}

/** Generated numbers go on after the largest that came in. */
export async function advanceSequences(transaction: Queryable): Promise<void> {
  const columns = await transaction.query<{ table: string; column: string; sequence: string }>(`
    select table_name as table, column_name as column,
      pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) as sequence
    from information_schema.columns where table_schema = 'repowright'
      and pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) is not null`);
  for (const { table, column, sequence } of columns)
    await transaction.query(
      `select setval('${sequence}', greatest(1, (select coalesce(max(${quote(column)}), 0) from ${quote(table)})))`,
    );
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
