import type { Answer, AnswerQuestion } from "../../contracts/answer.ts";
import type { Services } from "../../contracts/services.ts";
import { openSnapshotIndex } from "../../core/index/search/open-index.ts";
import { analysisOf, ask } from "./ask.ts";

const shownPlaces = 5;

/** `AnswerQuestion` with these services. */
export function createAnswerQuestion(services: Services): AnswerQuestion {
  return async (snapshot, question, { jobId, onProgress, signal }): Promise<Answer> => {
    const opened = await openSnapshotIndex(
      snapshot,
      { useCache: true, builds: true, signal, onProgress },
      services,
    );
    const result = await ask(
      opened,
      {
        question,
        conversation: [],
        model: undefined,
        usesModel: true,
        jobId,
        readAnalysis: () => analysisOf(opened, services, onProgress, signal),
        signal,
      },
      services,
      { onPlaces() {}, onModelEvent() {} },
    );
    const cited = result.citations.filter(({ exists }) => exists).map((one) => ({ ...one, reason: "cited" }));
    return {
      text: result.answer,
      by: result.by,
      places: [...cited, ...result.places].slice(0, shownPlaces),
      notes: result.notes,
    };
  };
}
