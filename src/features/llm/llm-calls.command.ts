import { formatColumns } from "../../base/columns.ts";
import { AppError } from "../../base/errors.ts";
import { defineCommand } from "../../contracts/command.ts";
import { type CallFilter, callOutcomes, type ModelCall } from "../../contracts/model-call.ts";
import { readCount } from "../../base/read-count.ts";
import { formatCost } from "./amounts.ts";

const usual = 20;
const most = 10_000;
const pageSize = 100;
const outcomes = [...callOutcomes, "running", "unknown"] as const;

export default defineCommand({
  name: "llm calls",
  summary: "List calls at models, the newest first",
  description:
    "Of the server that runs on this data directory (or at server.url), or else of the database itself.",
  positionals: [],
  options: {
    job: { type: "string", value: "ID", description: "Only calls of this job" },
    task: { type: "string", value: "TASK", description: "Only calls for this task, e.g. ask" },
    provider: { type: "string", value: "NAME", description: "Only calls at this provider" },
    outcome: { type: "string", value: "OUTCOME", description: `Only these: ${outcomes.join(", ")}` },
    limit: { type: "string", value: "N", description: `At most so many (default ${usual})` },
    json: { type: "boolean", description: "Print one JSON object" },
  },
  examples: ["repowright llm calls", "repowright llm calls --outcome failed --limit 100 --json"],
  async run({ options, services, terminal }) {
    const outcome = outcomes.find((one) => one === options.outcome);
    if (options.outcome !== undefined && outcome === undefined)
      throw new AppError(
        "usage",
        `There is no outcome ${JSON.stringify(options.outcome)}; there is ${outcomes.join(", ")}.`,
      );
    const limit = readCount("--limit", options.limit, usual, most);
    const filter: CallFilter = {
      jobId: options.job,
      task: options.task,
      provider: options.provider,
      outcome,
    };
    const { calls: ledger } = await services.stores();
    const calls: ModelCall[] = [];
    let cursor: string | undefined;
    do {
      const page = await ledger.list(filter, { limit: Math.min(pageSize, limit - calls.length), cursor });
      calls.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && calls.length < limit);
    if (options.json) terminal.write(`${JSON.stringify({ calls }, null, 2)}\n`);
    else if (calls.length === 0) terminal.note("There are no such calls.");
    else {
      const head = [
        "time (UTC)",
        "task",
        "model",
        "outcome",
        "in",
        "cached",
        "written",
        "out",
        "cost",
        "ms",
        "why",
      ];
      terminal.write(
        formatColumns([head, ...calls.map(toRow)], terminal.isInteractive ? terminal.columns : Infinity),
      );
    }
    return 0;
  },
});

function toRow(call: ModelCall): readonly string[] {
  return [
    call.startedAt.slice(0, 19).replace("T", " "),
    call.task,
    `${call.provider}/${call.model}`,
    call.outcome,
    show(call.inputTokens),
    show(call.cacheReadTokens),
    show(call.cacheWriteTokens),
    show(call.outputTokens),
    formatCost(call.costUsd),
    show(call.durationMs),
    [call.purpose === "first" ? "" : call.purpose, call.code ?? ""].filter((part) => part !== "").join(" "),
  ];
}

function show(count: number | null): string {
  return count === null ? "?" : String(count);
}
