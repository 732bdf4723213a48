import { defineCommand } from "../../contracts/command.ts";
import { analyzeRepository } from "./analyze.ts";
import { createTerminalReport } from "./report/terminal-report.ts";

export default defineCommand({
  name: "analyze",
  summary: "Report on a repository: history, languages, stack, structure, symbols",
  description: "Analyses one commit of a repository. Nothing in the repository is changed or run.",
  positionals: [{ name: "source", description: "Path or address (https://, ssh://, git@host:path); default: the current folder", required: false }],
  options: {
    rev: { type: "string", value: "REV", description: "Commit, branch or tag to analyse; default: HEAD" },
    since: { type: "string", value: "DATE", description: "Only history after this date (any date Git understands)" },
    json: { type: "boolean", description: "Print one JSON object" },
    "no-lines": { type: "boolean", description: "Do not count changed lines, which takes the longest" },
    "no-cache": { type: "boolean", description: "Compute everything anew" },
  },
  examples: ["repowright analyze", "repowright analyze ../other --since '6 months ago'", "repowright analyze https://github.com/fastify/fastify --json"],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const screen = options.json ? null : createTerminalReport(terminal, !options["no-lines"]);
    const report = await analyzeRepository(
      { source: positionals[0] ?? ".", revision: options.rev ?? null, since: options.since ?? null, countsLines: !options["no-lines"], useCache: !options["no-cache"], cwd },
      services,
      { onProgress: terminal.progress, onPart: (part) => screen?.onPart(part) },
      signal,
    );
    if (options.json) terminal.write(`${JSON.stringify(report, null, 2)}\n`);
    else screen?.finish(report);
    return 0;
  },
});
