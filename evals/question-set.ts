import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const place = z.strictObject({
  path: z.string().min(1),
  startLine: z.number().int().min(1),
  endLine: z.number().int().min(1),
  symbol: z.string().min(1).nullable(),
});

const question = z.strictObject({
  question: z.string().min(5).max(300),
  /** Where the answer really is; any one of them will do. */
  places: z.array(place).min(1).max(3),
  /** `development` questions may be looked at while retrieval is tuned, `report` questions only when it is measured. */
  split: z.enum(["development", "report"]),
});

const questionSet = z.strictObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  questions: z.array(question).min(1),
});

export type QuestionSet = z.output<typeof questionSet>;

/** Every set of `evals/questions`, by the name of its file. */
export function readQuestionSets(): ReadonlyMap<string, QuestionSet> {
  const folder = join(import.meta.dirname, "questions");
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => [name, questionSet.parse(JSON.parse(readFileSync(join(folder, name), "utf8")))]),
  );
}
