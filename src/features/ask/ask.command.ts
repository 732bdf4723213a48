import { isAppError } from "../../base/errors.ts";
import { defineCommand } from "../../contracts/command.ts";
import { parseSource } from "../../core/repository/source.ts";
import { openIndex } from "../../core/index/search/open-index.ts";
import { analysisOf, ask } from "./ask.ts";
import { askAtServer } from "./ask-at-server.ts";
import type { AskResult } from "./ask-result.ts";
import { writeAnswer, writeModelEvent } from "./ask-text.ts";
import { keepConversation, lastConversation } from "./conversation.ts";

export default defineCommand({
  name: "ask",
  summary: "Answer a question about a repository, with places that exist",
  description:
    "Without a model it names the best places, why they are, and who changed them last; questions about facts (licence, versions, who knows what) are answered by the analysis. With one (llm.models, or --model) it writes an answer from the best pieces of the repository, and every line that the answer cites is checked.",
  positionals: [
    {
      name: "source",
      description: "Path or address of a Git repository; default: this folder",
      required: false,
    },
    { name: "question", description: "In quotation marks", required: true },
  ],
  options: {
    rev: {
      type: "string",
      value: "REVISION",
      description: "Commit, branch or tag to ask about; default: HEAD",
    },
    model: {
      type: "string",
      value: "PROVIDER/NAME",
      description: "Model to ask, e.g. ollama/qwen3; or several, separated by commas",
    },
    "no-model": { type: "boolean", description: "Ask no model" },
    continue: {
      type: "boolean",
      short: "c",
      description: "Go on with the last conversation about this repository",
    },
    json: { type: "boolean", description: "Print one JSON object" },
  },
  examples: [
    'repowright ask "where are uploads checked for their size?"',
    'repowright ask ../other "which licence is it under?"',
    'repowright ask --continue "and what happens when it is exceeded?"',
    'repowright ask --model ollama/qwen3 "how does a request reach its handler?"',
  ],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const [first = "", second] = positionals;
    const { source, question } =
      second === undefined ? { source: ".", question: first } : { source: first, question: second };
    const opened = await openIndex(
      {
        source,
        revision: options.rev ?? null,
        cwd,
        useCache: true,
        builds: true,
        signal,
        onProgress: terminal.progress,
      },
      services,
    );
    const { cache } = services;
    const conversation = options.continue ? lastConversation(cache, opened.snapshot.repository) : [];
    const askHere = (usesModel: boolean): Promise<AskResult> =>
      ask(
        opened,
        {
          question,
          conversation,
          model: options.model,
          usesModel,
          jobId: null,
          readAnalysis: () => analysisOf(opened, services, terminal.progress, signal),
          signal,
        },
        services,
        {
          onPlaces() {},
          onModelEvent: (event) => {
            if (!options.json && terminal.isInteractive) writeModelEvent(event, terminal);
          },
        },
      );
    let isStreamed = terminal.isInteractive;
    const result = await askHere(!options["no-model"]).catch(async (error: unknown): Promise<AskResult> => {
      if (!isAppError(error, "model-calls-at-server")) throw error;
      isStreamed = false;
      const request = {
        question,
        source: toAbsolute(source, cwd),
        revision: options.rev ?? null,
        model: options.model,
        conversation,
        cwd,
        onProgress: terminal.progress,
        signal,
      };
      try {
        return await askAtServer(request, (await services.jobs()).jobs);
      } catch (refusal) {
        if (signal.aborted || !isAppError(refusal)) throw refusal;
        const here = await askHere(false);
        return {
          ...here,
          notes: [...here.notes, `The server did not answer: ${refusal.message} ${refusal.help}`],
        };
      }
    });
    keepConversation(cache, opened.snapshot.repository, result.conversation);
    if (options.json) terminal.write(`${JSON.stringify(result, null, 2)}\n`);
    else writeAnswer(result, terminal, isStreamed);
    return 0;
  },
});

/** A server has another current folder than the person. */
function toAbsolute(source: string, cwd: string): string {
  const parsed = parseSource(source, { cwd, protocols: ["https", "http", "ssh", "file"] });
  return parsed.kind === "local" ? parsed.path : source;
}
