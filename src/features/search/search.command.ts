import { printableLine } from "../../base/text.ts";
import { defineCommand } from "../../contracts/command.ts";
import { openIndex } from "../../core/index/search/open-index.ts";
import { searchFiles, searchUnits } from "../../core/index/search/search.ts";
import { readCount } from "../../base/read-count.ts";
import { readSourceAndText, snapshotOptions } from "./search-options.ts";
import { writeFiles, writeHits } from "./search-text.ts";

const usual = 10;
const most = 1_000;

export default defineCommand({
  name: "search",
  summary: "Find the places in a repository that a query is about",
  description:
    "Finds functions, classes and passages by what they say, what they are called, and what the commits said that touched them. A text in quotation marks or backticks is found as it stands, `/…/` is a regular expression (Perl's), a line of a stack trace leads to its function.\n\nTests, documentation and other people's code stand back unless the query asks for them.",
  positionals: [
    {
      name: "source",
      description: "Path or address of a Git repository; default: this folder",
      required: false,
    },
    { name: "query", description: "What to find, in quotation marks", required: true },
  ],
  options: {
    ...snapshotOptions,
    files: { type: "boolean", description: "Whole files instead of places in them" },
    limit: { type: "string", short: "k", value: "N", description: `At most so many (default ${usual})` },
    "no-cache": { type: "boolean", description: "Read everything anew" },
    json: { type: "boolean", description: "Print one JSON object" },
  },
  examples: [
    'repowright search "where is the request body limit enforced"',
    'repowright search ../other "parse the config file" -k 3',
    "repowright search --files 'fix: retry on a closed connection' --json",
    "repowright search '/catch\\s*\\{\\s*\\}/'",
  ],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const limit = readCount("--limit", options.limit, usual, most);
    const { source, text } = readSourceAndText(positionals);
    const opened = await openIndex(
      {
        source,
        revision: options.rev ?? null,
        cwd,
        useCache: !options["no-cache"],
        builds: true,
        signal,
        onProgress: terminal.progress,
      },
      services,
    );
    const request = { query: text, limit, signal };
    if (options.files) {
      const result = await searchFiles(opened, request, services.git);
      for (const note of result.notes) terminal.note(printableLine(note));
      if (options.json) terminal.write(`${JSON.stringify(result, null, 2)}\n`);
      else writeFiles(result, terminal);
      return 0;
    }
    const result = await searchUnits(opened, request, services.git);
    for (const note of result.notes) terminal.note(printableLine(note));
    if (options.json) terminal.write(`${JSON.stringify(result, null, 2)}\n`);
    else writeHits(result, terminal);
    return 0;
  },
});
