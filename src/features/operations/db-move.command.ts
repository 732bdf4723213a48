import { defineCommand } from "../../contracts/command.ts";

export default defineCommand({
  name: "db move",
  summary: "Copy the database to a PostgreSQL server",
  description:
    "Copies every table of the configured database into an empty one and compares both. The source stays as it is; set\ndatabase.url afterwards. The address of the target comes from the environment, because others can read a command\nline.",
  positionals: [],
  options: {
    "to-env": {
      type: "string",
      value: "NAME",
      description: "Environment variable with the target's address (default: REPOWRIGHT_MOVE_TO)",
    },
    json: { type: "boolean", description: "Print one JSON object" },
  },
  examples: ["REPOWRIGHT_MOVE_TO=postgres://… repowright db move"],
  async run({ options, services, terminal, signal }) {
    const report = await (
      await services.databases()
    ).move(options["to-env"] ?? "REPOWRIGHT_MOVE_TO", {
      signal,
      onProgress: terminal.progress,
    });
    terminal.clearProgress();
    terminal.write(
      options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : `${report.rows} rows of ${report.tables} tables copied and compared. Set database.url to use them.\n`,
    );
    return 0;
  },
});
