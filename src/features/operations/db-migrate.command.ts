import { defineCommand } from "../../contracts/command.ts";

export default defineCommand({
  name: "db migrate",
  summary: "Bring the tables of the database to this version",
  description:
    "Every command that opens the database does this by itself. Run it alone to do it before an update is rolled out, or\nto see that the database can be reached.",
  positionals: [],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: ["repowright db migrate", "DATABASE_URL=postgres://… repowright db migrate --json"],
  async run({ options, services, terminal }) {
    const report = await (await services.databases()).migrate();
    if (options.json) {
      terminal.write(`${JSON.stringify(report, null, 2)}\n`);
      return 0;
    }
    for (const name of report.applied) terminal.write(`applied ${name}\n`);
    terminal.write(`${report.database} is at version ${report.version}`);
    terminal.write(report.hasVector ? ", with pgvector\n" : ", without pgvector\n");
    return 0;
  },
});
