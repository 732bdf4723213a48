import type { AnswerQuestion } from "../contracts/answer.ts";
import type { Services } from "../contracts/services.ts";

/** What answers questions, loaded with the first one. */
export function composeAnswers(services: () => Services): AnswerQuestion {
  return async (snapshot, question, options) => {
    const { createAnswerQuestion } = await import("../features/ask/answer-question.ts");
    return createAnswerQuestion(services())(snapshot, question, options);
  };
}
