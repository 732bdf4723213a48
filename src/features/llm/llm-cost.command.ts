import { formatColumns } from "../../base/columns.ts";
import { AppError } from "../../base/errors.ts";
import { defineCommand } from "../../contracts/command.ts";
import { costGroups, type CostLine } from "../../contracts/model-call.ts";
import { readCount } from "../../base/read-count.ts";
import { formatCost } from "./amounts.ts";

const usualDays = 30;
const mostDays = 3_650;

export default defineCommand({
  name: "llm cost",
  summary: "Say what calls at models came to",
  description:
    "By current prices, or as the provider says. Calls whose price is unknown are counted apart and never as free.",
  positionals: [],
  options: {
    by: { type: "string", value: "WHAT", description: `Sums by ${costGroups.join(", ")} (default model)` },
    days: { type: "string", value: "N", description: `Days, today included (default ${usualDays})` },
    json: { type: "boolean", description: "Print one JSON object" },
  },
  examples: ["repowright llm cost", "repowright llm cost --by day --days 7"],
  async run({ options, services, terminal }) {
    const by = costGroups.find((group) => group === (options.by ?? "model"));
    if (by === undefined)
      throw new AppError("usage", `--by takes ${costGroups.join(", ")}, not ${JSON.stringify(options.by)}.`);
    const days = readCount("--days", options.days, usualDays, mostDays);
    const lines = await (await services.stores()).calls.cost(by, days);
    const costUsd = lines.reduce((sum, line) => sum + line.costUsd, 0);
    const unpriced = lines.reduce((sum, line) => sum + line.unpriced, 0);
    if (options.json) terminal.write(`${JSON.stringify({ by, days, costUsd, unpriced, lines }, null, 2)}\n`);
    else if (lines.length === 0) terminal.note("There were no calls.");
    else {
      const head = [by, "calls", "failed", "from cache", "in", "cached", "written", "out", "cost"];
      terminal.write(formatColumns([head, ...lines.map(toRow)], Infinity));
      terminal.write(`${formatCost(costUsd)} in ${days} days${describeUnpriced(unpriced)}\n`);
    }
    return 0;
  },
});

function toRow(line: CostLine): readonly string[] {
  return [
    line.key === "" ? "no job" : line.key,
    String(line.calls),
    String(line.failed),
    String(line.cached),
    String(line.inputTokens),
    String(line.cacheReadTokens),
    String(line.cacheWriteTokens),
    String(line.outputTokens),
    `${formatCost(line.costUsd)}${describeUnpriced(line.unpriced)}`,
  ];
}

function describeUnpriced(count: number): string {
  return count === 0 ? "" : ` + ${count} ${count === 1 ? "call" : "calls"} at an unknown price`;
}
