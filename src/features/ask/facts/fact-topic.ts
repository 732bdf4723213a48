import type { Analysis } from "../../../contracts/analysis.ts";
import type { Question } from "./question.ts";

export interface FactEvidence {
  readonly path: string;
  /** From 1; left out where the report knows no line. */
  readonly startLine?: number;
  readonly endLine?: number;
  readonly note: string;
}

export interface Fact {
  /** One or two sentences with exact values. */
  readonly statement: string;
  readonly evidence: readonly FactEvidence[];
  /** `likely` when the fact was inferred, or when the question's words were guessed at. */
  readonly confidence: "certain" | "likely";
}

/** A kind of question that the report of an analysis answers by itself. */
export interface FactTopic {
  readonly id: string;
  /** Questions that it answers, and near misses that nothing here may answer; the contract test asks them all. */
  readonly examples: { readonly answered: readonly string[]; readonly left: readonly string[] };
  /** Null when the question is about something else, or when the report does not say. */
  readonly find: (question: Question, analysis: Analysis) => Fact | null;
}
