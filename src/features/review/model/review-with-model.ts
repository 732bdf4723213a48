import { AppError, isAppError } from "../../../base/errors.ts";
import { secretTexts } from "../../../config/secrets.ts";
import type { Finding, RawFinding } from "../../../contracts/finding.ts";
import type { ModelGateway } from "../../../contracts/model-gateway.ts";
import type { OnProgress } from "../../../contracts/repository.ts";
import type { ModelPart } from "../../../contracts/review.ts";
import type { ReviewedChange } from "../../../contracts/review-rule.ts";
import type { Services } from "../../../contracts/services.ts";
import type { OpenedIndex } from "../../../core/index/search/open-index.ts";
import { noModel } from "../../../core/review/no-model.ts";
import { addDefinitions } from "./called-definitions.ts";
import type { ChangeUnit } from "./change-unit.ts";
import { confirmFaults } from "./confirm-faults.ts";
import { cutChange } from "./cut-change.ts";
import { findFaults, mostGroups, roomForUnits } from "./find-faults.ts";
import { createModelMemory } from "./model-memory.ts";
import { budgetOf } from "./prompt-budget.ts";
import { createQuestions, explainFailure, type NoAnswer } from "./questions.ts";
import { selectReadable } from "./readable-files.ts";
import { showPath, showText } from "./shown-text.ts";
import { summariseChange } from "./summarise-change.ts";

export interface ModelReviewRequest {
  /** Of files that are to be reviewed; what is not in it is not sent to anybody. */
  readonly change: ReviewedChange;
  /** Of the deterministic part: not to be repeated. */
  readonly findings: readonly Finding[];
  /** Of the pull request: what strangers wrote. */
  readonly title: string | null;
  readonly body: string | null;
  /** Of the repository, from the base commit only; "" without. */
  readonly instructions: string;
  readonly maxFindings: number;
  /** Of the commit after the change; null for a bare patch. */
  readonly openIndex: (() => Promise<OpenedIndex>) | null;
  readonly model: string | undefined;
  readonly jobId: string | null;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

export interface ModelReview {
  readonly part: ModelPart;
  readonly findings: readonly RawFinding[];
  /** Whether nothing was missing and every question was answered: another time it would say the same. */
  readonly isWhole: boolean;
}

/** More context costs more and, as others measured, finds less. */
// Models that think do so within their answer.
const mostForFindings = { promptTokens: 10_000, outputTokens: 6_000 };
const mostForCheck = { promptTokens: 4_000, outputTokens: 2_000 };
const mostForSummary = { promptTokens: 6_000, outputTokens: 3_000 };
/** One unit is at most so much of what a question has room for, so that its definitions and a neighbour fit too. */
const unitShare = 0.6;
/** With less, the diff needs all of it. */
const leastForContext = 3_000;
/** With less, a model would see a few letters of each line. */
const leastForUnit = 80;
const mostInstructionTokens = 700;
const instructionShare = 0.12;
/** What was read before costs nothing, so more is cut up than is asked about at once. */
const rounds = 6;
const namedUnread = 3;
const namedTokens = 40;

/**
 * What a model has to say about a change. Whatever a model or its provider does, this comes back with a state and the
 * reason. @throws AppError `cancelled`, `model-calls-at-server`, and what is our own bug
 */
export async function reviewWithModel(request: ModelReviewRequest, services: Services): Promise<ModelReview> {
  try {
    const models = await services.models();
    const availability = models.availability("review", request.model);
    if (!availability.isAvailable) {
      const { reason, message } = availability;
      if (reason === "unconfigured") return without("off", null);
      return without(reason === "disabled" ? "off" : "failed", message);
    }
    const window = await models.contextWindow("review", request.signal, request.model);
    return await review(request, services, models, { chain: availability.models, window });
  } catch (error) {
    if (request.signal.aborted && !isAppError(error))
      throw new AppError("cancelled", "Cancelled.", {}, error);
    const { kind, message } = explainFailure(error);
    return without(kind, message);
  }
}

async function review(
  request: ModelReviewRequest,
  services: Services,
  models: ModelGateway,
  { chain, window }: { readonly chain: readonly string[]; readonly window: number | null },
): Promise<ModelReview> {
  const { config } = services;
  const { change, signal, maxFindings } = request;
  const secrets = secretTexts(config.values);
  const memory = createModelMemory(config.values["llm.cache_age"] === 0 ? null : services.cache, [
    chain,
    config.values["llm.addresses"],
  ]);
  const questions = createQuestions(models, request);
  const readable = selectReadable(change);
  const budget = budgetOf(window, mostForFindings);
  const instructions = showText(
    request.instructions,
    Math.min(mostInstructionTokens, Math.floor(budget.promptTokens * instructionShare)),
    secrets,
  );
  let hasDefinitions = true;
  const cut = maxFindings === 0 ? { units: [], unread: [] } : await cutUnits();
  const progress = (message: string, fraction: number | null): void =>
    request.onProgress({ stage: "model", message, fraction });
  progress("A model reads the change", 0);
  const search = await findFaults(
    { units: cut.units, instructions, budget, secrets },
    memory,
    questions,
    (done, all) => progress("A model reads the change", (done / all) * 0.7),
  );
  progress("A model looks again at what it found", 0.7);
  const { findings, dropped } = await confirmFaults(
    search.faults,
    { known: request.findings, maxFindings, budget: budgetOf(window, mostForCheck), secrets },
    memory,
    questions,
  );
  progress("A model sums up the change", 0.9);
  const summary =
    readable.files.length === 0
      ? null
      : await summariseChange(
          {
            change,
            readable: readable.files,
            title: request.title,
            body: request.body,
            budget: budgetOf(window, mostForSummary),
            secrets,
          },
          memory,
          questions,
        );
  const told = summary?.kind === "summary" ? summary.summary : null;
  const unread = new Set([...readable.unread, ...cut.unread, ...search.unread.map(({ path }) => path)]);
  const trouble = troubleOf({
    stopped: questions.stopped(),
    // Of findings: nothing was to be read, or something was read.
    isRead: maxFindings === 0 || readable.files.length === 0 || search.unread.length < cut.units.length,
    failures: search.failures,
    summary,
  });
  const note = describeUnread(unread, readable.files.length + readable.unread.length);
  const spent = questions.spent();
  return {
    part: {
      ...spent,
      state: trouble?.kind ?? "done",
      message: trouble?.message ?? (told === null ? note : null),
      summary: told?.summary == null ? null : [told.summary, note].filter((text) => text !== null).join(" "),
      walkthrough: [...(told?.walkthrough ?? [])],
      name: spent.name ?? search.model ?? told?.model ?? chain[0] ?? null,
      dropped,
    },
    findings,
    isWhole: questions.unanswered() === 0 && hasDefinitions,
  };

  async function cutUnits(): Promise<{ units: readonly ChangeUnit[]; unread: readonly string[] }> {
    const room = roomForUnits(budget, instructions, secrets);
    const hasContext = room >= leastForContext;
    const roomTokens = Math.floor(hasContext ? room * unitShare : room);
    if (roomTokens < leastForUnit) return { units: [], unread: readable.files.map(({ path }) => path) };
    const cutUp = await cutChange(change, readable.files, {
      roomTokens,
      showsEnclosing: hasContext,
      totalTokens: mostGroups * rounds * room,
      secrets,
      signal,
    });
    return hasContext ? { ...cutUp, units: await withDefinitions(cutUp.units) } : cutUp;
  }

  /** Definitions from elsewhere are good to have; a review does without when there is no index. */
  async function withDefinitions(units: readonly ChangeUnit[]): Promise<readonly ChangeUnit[]> {
    if (request.openIndex === null || units.length === 0) return units;
    try {
      return await addDefinitions(units, await request.openIndex(), services.git, secrets, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isAppError(error) || error.code === "cancelled" || error.code === "internal") throw error;
      hasDefinitions = false;
      return units;
    }
  }
}

/** Null: the model's part is there, if only in part. */
function troubleOf(outcome: {
  readonly stopped: NoAnswer | null;
  readonly isRead: boolean;
  readonly failures: readonly string[];
  readonly summary: { readonly kind: "summary" } | NoAnswer | null;
}): NoAnswer | null {
  const { stopped, isRead, failures, summary } = outcome;
  if (stopped !== null) return stopped;
  if (isRead) return null;
  const [first] = failures;
  if (first !== undefined) return { kind: "failed", message: first };
  return summary === null || summary.kind === "summary" ? null : summary;
}

function describeUnread(paths: ReadonlySet<string>, all: number): string | null {
  if (paths.size === 0) return null;
  const names = [...paths]
    .slice(0, namedUnread)
    .map((path) => showPath(path, namedTokens, []))
    .join(", ");
  return `${paths.size} of ${all} files were not read by the model, or not to their end: ${names}${paths.size > namedUnread ? ", …" : ""}.`;
}

function without(state: "off" | "away" | "failed", message: string | null): ModelReview {
  return {
    part: { ...noModel, state, message },
    findings: [],
    isWhole: state === "off",
  };
}
