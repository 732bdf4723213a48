import type { OnProgress, Snapshot } from "./repository.ts";

/** What was found out about one commit, for people who read it somewhere else than where they asked. */
export interface Answer {
  /** Markdown, of a model or of repository text: to be escaped where it is shown. */
  readonly text: string;
  readonly by: "facts" | "places" | "model";
  /** Lines that exist, the best first. */
  readonly places: readonly {
    readonly path: string;
    readonly startLine: number;
    readonly endLine: number;
    readonly reason: string;
  }[];
  /** What could not be done. */
  readonly notes: readonly string[];
}

/**
 * Answers a question about a commit: by a fact, by a model where one is set, or by the best places. Handed to features that
 * are asked questions, because features do not know each other. @throws AppError `usage` for a question that says nothing
 */
export type AnswerQuestion = (
  snapshot: Snapshot,
  question: string,
  options: { readonly jobId: string | null; readonly onProgress: OnProgress; readonly signal: AbortSignal },
) => Promise<Answer>;
