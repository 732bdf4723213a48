import { AppError } from "../../base/errors.ts";
import type { ModelName, ModelTask } from "../../contracts/model-gateway.ts";

/** `openrouter/meta/llama-3:free` → openrouter, meta/llama-3:free. @throws AppError `model-unknown` */
export function parseModel(text: string): ModelName {
  const at = text.indexOf("/");
  if (at < 1 || at === text.length - 1 || /\s/.test(text))
    throw new AppError(
      "model-unknown",
      `${JSON.stringify(text)} names no model; expected provider/name, e.g. ollama/qwen3:8b.`,
    );
  return { provider: text.slice(0, at), name: text.slice(at + 1) };
}

export function showModel({ provider, name }: ModelName): string {
  return `${provider}/${name}`;
}

/** The models to try for a task, in order; empty when none is configured. A model for chat makes no vectors, so `embed` has no default. */
export function chainOf(
  chains: Readonly<Record<string, readonly string[]>>,
  task: ModelTask,
  modelOverride?: string,
): readonly ModelName[] {
  const names =
    modelOverride === undefined
      ? (chains[task] ?? (task === "embed" ? [] : (chains["default"] ?? [])))
      : modelOverride
          .split(",")
          .map((name) => name.trim())
          .filter((name) => name !== "");
  return [...new Set(names)].map(parseModel);
}
