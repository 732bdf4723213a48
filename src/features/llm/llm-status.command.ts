import { formatColumns } from "../../base/columns.ts";
import { defineCommand } from "../../contracts/command.ts";
import type { ModelState } from "../../contracts/model-gateway.ts";

export default defineCommand({
  name: "llm status",
  summary: "Ask the provider of every configured model whether it can be asked",
  description:
    "Costs nothing: no model has to answer a prompt. Exit code 1 when models are configured and none can be asked.",
  positionals: [],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: [
    "repowright llm status",
    "repowright llm status --json | jq '.models[] | select(.isAnswering | not)'",
  ],
  async run({ options, services, terminal, signal }) {
    terminal.progress({ stage: "llm", fraction: null, message: "Asking the providers" });
    const status = await (await services.models()).status(signal);
    terminal.clearProgress();
    if (options.json) terminal.write(`${JSON.stringify(status, null, 2)}\n`);
    else {
      if (status.message !== null) terminal.note(status.message);
      if (status.models.length > 0)
        terminal.write(
          formatColumns(status.models.map(toRow), terminal.isInteractive ? terminal.columns : Infinity),
        );
    }
    return status.status === "unavailable" ? 1 : 0;
  },
});

function toRow(state: ModelState): readonly string[] {
  const window = state.contextWindow === null ? "window unknown" : `${state.contextWindow} tokens`;
  return [
    state.isAnswering ? "ok" : "FAIL",
    state.model,
    state.tasks.join(","),
    state.isAnswering ? `${window}, ${state.durationMs} ms` : `${state.code}: ${state.message}`,
  ];
}
