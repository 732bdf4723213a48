import { printableLine } from "../../../base/text.ts";
import type { Analysis } from "../../../contracts/analysis.ts";
import type { Fact } from "./fact-topic.ts";
import { readQuestion } from "./question.ts";
import { factTopics } from "./topics.ts";

export interface FactAnswer extends Fact {
  readonly topic: string;
}

/**
 * Answers a question about a fact of the analysis, without a model and without reading a file. Null when the question
 * is about anything else: no answer is better than a wrong one.
 */
export function answerFromFacts(question: string, analysis: Analysis): FactAnswer | null {
  const read = readQuestion(question, analysis.repository.name);
  if (read === null) return null;
  for (const topic of factTopics) {
    const fact = topic.find(read, analysis);
    // Names in it come from the repository, and a name may hold a line break.
    if (fact) return { topic: topic.id, ...fact, statement: printableLine(fact.statement) };
  }
  return null;
}
