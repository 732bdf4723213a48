import { defineCommand } from "../../contracts/command.ts";
import { evaluateSearch } from "../../core/index/evaluation/evaluate-search.ts";
import { openRepository, resolveSnapshot } from "../../core/repository/repositories.ts";
import { describeEvaluation } from "./evaluation-text.ts";
import { readCount } from "../../base/read-count.ts";
import { snapshotOptions } from "./search-options.ts";

const usualCommits = 150;
const mostCommits = 1_000;
const usualFiles = 10;
const mostFiles = 300;

export default defineCommand({
  name: "eval search",
  summary: "Measure search on a repository's own history",
  description:
    "Every commit that changes few files is a question: its subject is asked of the index of its parent, with only the\n" +
    "history before it, and the answer should be the files and functions that it changed. Next to search stand\n" +
    "simpler ways on the same questions. Further questions are what functions say of themselves, with all comments\n" +
    "left out of the index. Figures come with the interval in which 95 of 100 repetitions would lie.",
  positionals: [
    {
      name: "source",
      description: "Path or address of a Git repository; default: this folder",
      required: false,
    },
  ],
  options: {
    ...snapshotOptions,
    commits: {
      type: "string",
      value: "N",
      description: `Newest commits to ask about (default ${usualCommits})`,
    },
    "max-files": {
      type: "string",
      value: "N",
      description: `Leave out commits that change more files (default ${usualFiles})`,
    },
    embeddings: {
      type: "boolean",
      description:
        "Measure vectors, too, with the model of embed in llm.models; makes those that are missing",
    },
    json: { type: "boolean", description: "Print one JSON object with every figure" },
  },
  examples: [
    "repowright eval search",
    "repowright eval search ../other --commits 300 --max-files 5",
    "repowright eval search --embeddings",
    "repowright eval search --json | jq '.files.masked.methods.ours.mrr'",
  ],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const commits = readCount("--commits", options.commits, usualCommits, mostCommits);
    const maxFiles = readCount("--max-files", options["max-files"], usualFiles, mostFiles);
    const { git, locks, hosts, config } = services;
    const ports = { git, locks, hosts, config: config.values };
    const onProgress = terminal.progress;
    const repository = await openRepository(positionals[0] ?? ".", ports, { cwd, signal, onProgress });
    const snapshot = await resolveSnapshot(repository, options.rev ?? "HEAD", ports, signal);
    const evaluation = await evaluateSearch(snapshot, services, {
      commits,
      maxFiles,
      embeddings: options.embeddings ?? false,
      signal,
      onProgress,
    });
    terminal.clearProgress();
    terminal.write(
      options.json ? `${JSON.stringify(evaluation, null, 2)}\n` : describeEvaluation(evaluation),
    );
    return 0;
  },
});
