import { AppError, isAppError } from "../../base/errors.ts";
import type { Analysis } from "../../contracts/analysis.ts";
import type { ModelEvent } from "../../contracts/model-gateway.ts";
import type { OnProgress } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { analyzeSnapshot } from "../../core/analysis/analyze.ts";
import type { OpenedIndex } from "../../core/index/search/open-index.ts";
import { answerFromFacts } from "./facts/answer-from-facts.ts";
import { answerWithModel } from "./answer-with-model.ts";
import { type AskPlace, type AskResult, maxTurns, type Turn } from "./ask-result.ts";
import { describeFact, describePlaces } from "./describe-places.ts";
import { findOwners } from "./find-owners.ts";
import { findPlaces } from "./find-places.ts";

export interface AskRequest {
  readonly question: string;
  /** Earlier turns, oldest first. */
  readonly conversation: readonly Turn[];
  /** `provider/name` instead of the chain of the settings. */
  readonly model: string | undefined;
  /** False: no model is asked, whatever is configured. */
  readonly usesModel: boolean;
  readonly jobId: string | null;
  /** The report on the same commit, for questions about facts; null when there is none. */
  readonly readAnalysis: () => Promise<Analysis | null>;
  readonly signal: AbortSignal;
}

export interface AskObserver {
  /** What is known before a model has said a word. */
  readonly onPlaces: (places: readonly AskPlace[], fact: AskResult["fact"]) => void;
  readonly onModelEvent: (event: ModelEvent) => void;
}

const maxQuestionLength = 20_000;
/** Questions about facts are short. */
const maxFactWords = 24;

/**
 * Answers a question about one commit: by a fact of its analysis, by a model that is shown the best pieces, or by the
 * best places themselves. Whatever a model does, the deterministic answer is there.
 * @throws AppError `usage` for an empty question, `cancelled`, and `model-calls-at-server` where a running server asks
 */
export async function ask(
  opened: OpenedIndex,
  request: AskRequest,
  services: Services,
  observer: AskObserver,
): Promise<AskResult> {
  const startedAt = performance.now();
  const question = request.question.trim();
  if (!/[\p{L}\p{N}]/u.test(question)) throw new AppError("usage", "The question is empty.");
  if (question.length > maxQuestionLength)
    throw new AppError(
      "usage",
      `The question has ${question.length} characters; ${maxQuestionLength} are the most.`,
    );
  const text = [question, ...request.conversation.slice(-1).map((turn) => turn.question)].join("\n");
  const notes: string[] = [];
  const [places, fact] = await Promise.all([
    findPlaces(opened, text, services, request.signal, (note) => notes.push(note)).catch(
      (error: unknown): readonly AskPlace[] => {
        // A question may be all stop words and still be about a fact.
        if (isAppError(error, "usage")) return [];
        throw error;
      },
    ),
    // History itself knows any file and folder; the report only the busiest.
    findOwners(question, opened, services, request.signal).then(
      (found) => found ?? findFact(question, request.readAnalysis, notes),
    ),
  ]);
  observer.onPlaces(places, fact);
  if (opened.missing > 0)
    notes.push(
      `The index is being built: ${opened.missing} files were not read yet, so better places may be missing.`,
    );
  const base = {
    question,
    rev: opened.snapshot.commit,
    fact,
    places: [...places],
    complete: opened.missing === 0,
  };
  const finish = (
    answer: Pick<AskResult, "by" | "answer" | "citations" | "isSupported" | "model">,
  ): AskResult => ({
    ...base,
    ...answer,
    notes,
    conversation: [...request.conversation, { question, answer: answer.answer }].slice(-maxTurns),
    tookMs: Math.round(performance.now() - startedAt),
  });
  if (fact?.confidence !== "certain" && request.usesModel) {
    const answered = await tryModel(opened, { ...request, question }, services, observer, notes);
    if (answered !== null) {
      const isSupported =
        answered.citations.every((citation) => citation.exists) &&
        answered.citations.some((citation) => citation.wasShown);
      if (!isSupported)
        notes.push(
          "The model's answer is not supported by lines of the repository; check it against the places below.",
        );
      if (answered.isTruncated) notes.push("The model's answer was cut at its greatest length.");
      return finish({
        by: "model",
        answer: answered.text,
        citations: [...answered.citations],
        isSupported,
        model: answered.model,
      });
    }
  }
  const answer = fact === null ? describePlaces(places) : describeFact(fact);
  return finish({
    by: fact === null ? "places" : "facts",
    answer,
    citations: [],
    isSupported: true,
    model: null,
  });
}

const passedOn: ReadonlySet<string> = new Set(["cancelled", "internal", "model-calls-at-server"]);

/** Null, and a note, when no model can be asked or none answers. */
async function tryModel(
  opened: OpenedIndex,
  request: AskRequest,
  services: Services,
  observer: AskObserver,
  notes: string[],
): Promise<Awaited<ReturnType<typeof answerWithModel>> | null> {
  try {
    const models = await services.models();
    const availability = models.availability("ask", request.model);
    if (!availability.isAvailable) {
      notes.push(availability.message);
      return null;
    }
    return await answerWithModel(opened, { ...request, onEvent: observer.onModelEvent }, models, services);
  } catch (error) {
    if (!isAppError(error) || passedOn.has(error.code)) throw error;
    notes.push(`No model answered: ${error.message} ${error.help}`);
    return null;
  }
}

/** Null when the question is about something else, or when there is no report; one that cannot be made is a note. */
async function findFact(
  question: string,
  readAnalysis: AskRequest["readAnalysis"],
  notes: string[],
): Promise<AskResult["fact"]> {
  if (question.split(/\s+/).length > maxFactWords) return null;
  const analysis = await readAnalysis().catch((error: unknown) => {
    if (!isAppError(error) || error.code === "cancelled") throw error;
    notes.push(`Facts of the repository could not be read: ${error.message}`);
    return null;
  });
  const found = analysis === null ? null : answerFromFacts(question, analysis);
  return found === null
    ? null
    : {
        topic: found.topic,
        statement: found.statement,
        confidence: found.confidence,
        evidence: found.evidence.map((one) => ({ ...one })),
      };
}

/** For `AskRequest.readAnalysis` where the report may be made: from the cache, or in about the time of a first look. */
export function analysisOf(
  { snapshot }: OpenedIndex,
  services: Services,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Analysis> {
  return analyzeSnapshot(
    snapshot,
    {
      source: snapshot.repository.source,
      revision: snapshot.commit,
      since: null,
      countsLines: false,
      useCache: true,
      cwd: "/",
    },
    services,
    { onProgress, onPart() {} },
    signal,
  );
}
