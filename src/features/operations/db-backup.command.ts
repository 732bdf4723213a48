import { resolve } from "node:path";
import { defineCommand } from "../../contracts/command.ts";

export default defineCommand({
  name: "db backup",
  summary: "Write all tables to one file",
  description:
    "The file can be restored into the embedded database and into PostgreSQL, by this version of Repowright and later\nones. A running server that uses the embedded database must be stopped first; its own snapshots lie in `snapshots`\nin the data directory.",
  positionals: [{ name: "file", description: "File to write, e.g. repowright.backup.gz", required: true }],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["repowright db backup repowright.backup.gz"],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const file = resolve(cwd, positionals[0]!);
    const report = await (
      await services.databases()
    ).backup(file, {
      signal,
      onProgress: terminal.progress,
    });
    terminal.clearProgress();
    terminal.write(
      options.json
        ? `${JSON.stringify({ file, ...report }, null, 2)}\n`
        : `${report.rows} rows of ${report.tables} tables written to ${file}\n`,
    );
    return 0;
  },
});
