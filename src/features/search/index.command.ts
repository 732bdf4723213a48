import { isAppError } from "../../base/errors.ts";
import { formatCount, printableLine } from "../../base/text.ts";
import { defineCommand } from "../../contracts/command.ts";
import { embedSnapshot, wantsEmbeddings } from "../../core/index/embed/embed-snapshot.ts";
import { openIndex } from "../../core/index/search/open-index.ts";
import { learnRepositoryWeights } from "../../core/index/search/repository-weights.ts";
import { summariseIndex } from "./summarise-index.ts";
import { snapshotOptions } from "./search-options.ts";

export default defineCommand({
  name: "index",
  summary: "Read a repository for search and questions",
  description:
    "Reads every text of one commit: its words, functions, classes and comments, and what the commits said that touched it. What was read once is kept, so after a push only what changed is read. Search does this by itself; this command does it ahead of time.",
  positionals: [
    {
      name: "source",
      description: "Path or address of a Git repository; default: this folder",
      required: false,
    },
  ],
  options: {
    ...snapshotOptions,
    "no-cache": { type: "boolean", description: "Read everything anew" },
    "no-learn": {
      type: "boolean",
      description: "Do not learn from older commits what speaks for a file in this repository",
    },
    embed: {
      type: "boolean",
      description:
        "Make vectors, too, with the model of embed in llm.models, whatever search.embeddings says",
    },
    json: { type: "boolean", description: "Print one JSON object" },
  },
  examples: [
    "repowright index",
    "repowright index --embed",
    "repowright index https://github.com/fastify/fastify --rev v5.0.0",
  ],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const startedAt = performance.now();
    const opened = await openIndex(
      {
        source: positionals[0] ?? ".",
        revision: options.rev ?? null,
        cwd,
        useCache: !options["no-cache"],
        builds: true,
        signal,
        onProgress: terminal.progress,
      },
      services,
    );
    if (!options["no-learn"] && opened.mayLearn)
      await learnRepositoryWeights(opened.snapshot, services, {
        useCache: true,
        signal,
        onProgress: terminal.progress,
      });
    const embedding =
      options.embed || (await wantsEmbeddings(services))
        ? await embedSnapshot(opened, services, {
            useCache: !options["no-cache"],
            jobId: null,
            signal,
            onProgress: terminal.progress,
          }).catch((error: unknown) => {
            // Whoever did not ask for them by name has what they asked for.
            if (options.embed || !isAppError(error, "model-calls-at-server")) throw error;
            terminal.note(`No vectors were made: ${error.message}`);
            return null;
          })
        : null;
    const summary = summariseIndex(opened, embedding, Math.round(performance.now() - startedAt));
    if (options.json) {
      terminal.write(`${JSON.stringify(summary, null, 2)}\n`);
      return 0;
    }
    terminal.write(
      `${summary.repository} at ${summary.rev.slice(0, 10)}: ${formatCount(summary.files)} files, ${formatCount(summary.lines)} lines, ${formatCount(summary.definitions)} definitions, ${formatCount(summary.commits)} commits, in ${(summary.tookMs / 1000).toFixed(1)} s\n`,
    );
    if (embedding !== null)
      terminal.write(
        `${formatCount(embedding.pieces)} pieces have a vector of ${printableLine(embedding.model)}, ${formatCount(embedding.embedded)} of them made now\n`,
      );
    for (const warning of opened.warnings.slice(0, 5))
      terminal.note(`${warning.path === undefined ? "" : `${warning.path}: `}${warning.message}`);
    return 0;
  },
});
