import { z } from "zod";
import { readPrompt } from "./prompt.ts";

const mostProblems = 8;
const mostProblemLength = 1_000;

/** A form for answers, as models are told and as they are checked. */
export interface AnswerForm<T> {
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** For the system prompt: not every server takes schemas. */
  readonly instruction: string;
  parse(text: string): { readonly object: T } | { readonly problem: string };
  repair(problem: string): string;
}

export function createAnswerForm<T>(schema: z.ZodType<T>): AnswerForm<T> {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, { io: "input" }) as Record<string, unknown>;
  return {
    jsonSchema,
    instruction: readPrompt(new URL("./prompts/structured.md", import.meta.url), {
      schema: JSON.stringify(jsonSchema),
    }),
    parse(text) {
      const found = findJson(text);
      if (found === null) return { problem: "it is not valid JSON" };
      const checked = schema.safeParse(found.value);
      if (checked.success) return { object: checked.data };
      const problems = checked.error.issues
        .slice(0, mostProblems)
        .map((issue) => `${issue.path.join(".") || "the value"}: ${issue.message}`);
      return { problem: problems.join("; ").slice(0, mostProblemLength) };
    },
    repair: (problem) => readPrompt(new URL("./prompts/repair.md", import.meta.url), { problem }),
  };
}

/** The JSON of an answer, also when the model could not help putting it into a fence or between words. */
function findJson(text: string): { readonly value: unknown } | null {
  const fence = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text)?.[1];
  const from = text.search(/[[{]/);
  const to = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]"));
  const candidates = [text, fence, from >= 0 && to > from ? text.slice(from, to + 1) : undefined];
  for (const candidate of candidates) {
    if (candidate === undefined) continue;
    try {
      return { value: JSON.parse(candidate) as unknown };
    } catch {
      // The next one may be.
    }
  }
  return null;
}
