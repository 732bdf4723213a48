import { AppError } from "../../base/errors.ts";
import type { CopyOptions, CopyReport, Database } from "../../contracts/database.ts";
import {
  advanceSequences,
  assertEmpty,
  beginCopy,
  listTables,
  readRows,
  sumUp,
  writeRows,
} from "./tables.ts";

/**
 * Copies our tables into an empty database, both at the same version: all of it or nothing. Counts and sums of both
 * sides are compared before it counts; the source is only read.
 * @throws AppError `database-invalid`, `cancelled`
 */
export async function copyDatabase(from: Database, to: Database, options: CopyOptions): Promise<CopyReport> {
  const { onProgress, signal } = options;
  return await from.transaction(async (source) => {
    await beginCopy(source, "read");
    const tables = await listTables(source);
    return await to.transaction(async (target) => {
      await beginCopy(target, "write");
      await assertEmpty(target, tables);
      let total = 0;
      for (const table of tables) {
        let done = 0;
        for await (const rows of readRows(source, table, signal)) {
          await writeRows(target, table, rows);
          done += rows.length;
          onProgress({ stage: "copy", fraction: null, message: `Copying ${table}: ${done} rows` });
        }
        total += done;
      }
      for (const table of tables) {
        onProgress({ stage: "compare", fraction: null, message: `Comparing ${table}` });
        const [original, copy] = await Promise.all([sumUp(source, table), sumUp(target, table)]);
        if (original.rows !== copy.rows || original.sum !== copy.sum)
          throw new AppError(
            "internal",
            `The copy of ${table} differs: ${copy.rows} rows of ${original.rows}. Nothing was kept of it.`,
          );
      }
      await advanceSequences(target);
      return { tables: tables.length, rows: total };
    });
  });
}
