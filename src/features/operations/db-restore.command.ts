import { resolve } from "node:path";
import { defineCommand } from "../../contracts/command.ts";

export default defineCommand({
  name: "db restore",
  summary: "Fill the database from a backup or a snapshot",
  description:
    "The embedded database is replaced as a whole: the new one is made and checked first, and the old one is kept aside\nin the data directory. On a PostgreSQL server the tables must be empty.",
  positionals: [
    {
      name: "file",
      description: "File that `repowright db backup` or the snapshot timer wrote",
      required: true,
    },
  ],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["repowright db restore repowright.backup.gz"],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const file = resolve(cwd, positionals[0]!);
    const report = await (
      await services.databases()
    ).restore(file, {
      signal,
      onProgress: terminal.progress,
    });
    terminal.clearProgress();
    if (options.json) {
      terminal.write(`${JSON.stringify({ file, ...report }, null, 2)}\n`);
      return 0;
    }
    // A snapshot is taken as it is; nobody counts what is in it.
    const what = report.tables === 0 ? "Snapshot" : `${report.rows} rows of ${report.tables} tables`;
    terminal.write(`${what} restored from ${file}\n`);
    if (report.keptAside !== null) terminal.write(`The database before is kept in ${report.keptAside}\n`);
    return 0;
  },
});
