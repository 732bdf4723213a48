import { AppError, isAppError } from "../../base/errors.ts";
import { printableLine } from "../../base/text.ts";
import type { ModelAnswer, ModelEvent, ModelGateway, ModelMessage } from "../../contracts/model-gateway.ts";
import type { Services } from "../../contracts/services.ts";
import { type Context, type ContextPiece, gatherContext } from "../../core/index/context/gather-context.ts";
import { formatMap, mapRepository } from "../../core/index/context/map-repository.ts";
import type { OpenedIndex } from "../../core/index/search/open-index.ts";
import { estimateTokens } from "../../core/llm/estimate-tokens.ts";
import { readPrompt } from "../../core/llm/prompt.ts";
import type { AskResult, Citation, Turn } from "./ask-result.ts";
import { readCitations, strikeWrong } from "./citations.ts";

export interface ModelAnswerRequest {
  readonly question: string;
  readonly conversation: readonly Turn[];
  readonly model: string | undefined;
  readonly jobId: string | null;
  readonly onEvent: (event: ModelEvent) => void;
  readonly signal: AbortSignal;
}

export interface CheckedAnswer {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly model: NonNullable<AskResult["model"]>;
  readonly isTruncated: boolean;
}

const maxOutputTokens = 1_500;
/** Of a small window the answer gets so much. */
const outputShare = 0.25;
/** For a model whose window nobody knows. */
const smallWindow = 8_192;
/** More context makes answers slower and dearer, and seldom better. */
const mostContextTokens = 16_000;
/** With less than this a model would have to guess. */
const fewestContextTokens = 300;
/** Of an overview of the repository, which a window must have room for. */
const mapTokens = 800;
const mapFrom = 6_000;
const withoutMap = "(left out)";
/** Turns of a conversation that are sent along, the newest. */
const keptTurns = 6;
const turnShare = 0.25;

/**
 * Lets a model answer from pieces of the repository, and checks every citation against the snapshot; wrong ones are sent
 * back once. @throws AppError of `ModelGateway.generate`; `model-context-exceeded` for a question that leaves no room
 */
export async function answerWithModel(
  opened: OpenedIndex,
  request: ModelAnswerRequest,
  models: ModelGateway,
  services: Services,
): Promise<CheckedAnswer> {
  const { signal, model, question } = request;
  const window = (await models.contextWindow("ask", signal, model)) ?? smallWindow;
  const outputTokens = Math.min(maxOutputTokens, Math.floor(window * outputShare));
  const system = readPrompt(new URL("./prompts/ask.md", import.meta.url));
  const turns = fitTurns(request.conversation, window * turnShare);
  const toMessages = (pieces: readonly ContextPiece[], map: string): readonly ModelMessage[] => [
    ...turns.flatMap((turn): ModelMessage[] => [
      { role: "user", text: turn.question },
      { role: "assistant", text: turn.answer },
    ]),
    {
      role: "user",
      text: readPrompt(new URL("./prompts/question.md", import.meta.url), {
        repository: printableLine(opened.snapshot.repository.name),
        commit: opened.snapshot.commit,
        map,
        pieces: pieces.map(formatPiece).join("\n\n"),
        question,
      }),
    },
  ];
  const roomOf = (messages: readonly ModelMessage[]): number =>
    window - outputTokens - estimateTokens([system, ...messages.map(({ text }) => text)]);
  const { context, messages } = await fillWindow();
  const ask = (all: readonly ModelMessage[]): Promise<ModelAnswer<string>> =>
    models.generate(
      { task: "ask", system, messages: all, maxOutputTokens: outputTokens, temperature: 0 },
      { signal, jobId: request.jobId, modelOverride: model, onEvent: request.onEvent },
    );
  const first = await ask(messages);
  const second = await repair(first);
  const answer = second ?? first;
  return {
    text: strikeWrong(answer.text, opened.index),
    citations: readCitations(answer.text, opened.index, context.pieces),
    isTruncated: answer.isTruncated,
    model: {
      name: `${answer.provider}/${answer.answeredBy ?? answer.model}`,
      inputTokens: addKnown(first.usage.inputTokens, second?.usage.inputTokens),
      outputTokens: addKnown(first.usage.outputTokens, second?.usage.outputTokens),
      costUsd: addKnown(first.costUsd, second?.costUsd),
      isCached: first.isCached && answer.isCached,
      contextTokens: context.tokens,
    },
  };

  /** As much of the repository as fits beside the question and the answer. */
  async function fillWindow(): Promise<{
    readonly context: Context;
    readonly messages: readonly ModelMessage[];
  }> {
    const room = roomOf(toMessages([], withoutMap));
    const found = room < mapFrom ? null : await mapRepository(opened, mapTokens, services.git, signal);
    const map = found === null || found.entries.length === 0 ? withoutMap : formatMap(found);
    const text = [question, ...turns.slice(-1).map((turn) => turn.question)].join("\n");
    const most = Math.min(mostContextTokens, roomOf(toMessages([], map)));
    for (let budget = most; budget >= fewestContextTokens; budget *= 0.85) {
      const context = await gatherContext(opened, { text, budgetTokens: budget, signal }, services.git);
      const messages = toMessages(context.pieces, map);
      if (roomOf(messages) >= 0) return { context, messages };
    }
    throw new AppError(
      "model-context-exceeded",
      `The question leaves ${Math.max(0, room)} of the model's ${window} tokens for the repository; at least ${fewestContextTokens} are needed.`,
    );
  }

  /** A second try where lines were cited that do not exist; null where none is needed, or it cannot be made. */
  async function repair(wrong: ModelAnswer<string>): Promise<ModelAnswer<string> | null> {
    const missing = readCitations(wrong.text, opened.index, context.pieces).filter(({ exists }) => !exists);
    if (missing.length === 0) return null;
    const again: readonly ModelMessage[] = [
      ...messages,
      { role: "assistant", text: wrong.text },
      {
        role: "user",
        text: readPrompt(new URL("./prompts/wrong-citations.md", import.meta.url), {
          wrong: missing.map((one) => `- ${one.path}:${one.startLine}-${one.endLine}`).join("\n"),
        }),
      },
    ];
    if (roomOf(again) < 0) return null;
    request.onEvent({ kind: "restart", model: wrong.model, reason: "It cited lines that do not exist." });
    return ask(again).catch((error: unknown) => {
      // The first answer is there, and what is wrong with it is struck out.
      if (!isAppError(error) || error.code === "cancelled" || error.code === "internal") throw error;
      return null;
    });
  }
}

function addKnown(one: number | null, other: number | null | undefined): number | null {
  return other === undefined ? one : one === null || other === null ? null : one + other;
}

/** Whole newest turns that fit into `tokens`. */
function fitTurns(turns: readonly Turn[], tokens: number): readonly Turn[] {
  const kept: Turn[] = [];
  let used = 0;
  for (const turn of turns.slice(-keptTurns).toReversed()) {
    used += (turn.question.length + turn.answer.length) / 3;
    if (used > tokens) break;
    kept.unshift(turn);
  }
  return kept;
}

/**
 * A piece with numbered lines. Its fence is longer than any in it, so nothing in it can close it; and a file's name stays
 * on its line, whatever it is.
 */
function formatPiece(piece: ContextPiece): string {
  const longest = (piece.text.match(/`{3,}/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  const numbered = piece.text
    .split("\n")
    .map((line, at) => `${piece.startLine + at}\t${line}`)
    .join("\n");
  const name = piece.symbol === null ? "" : `, ${piece.kind} ${piece.symbol}`;
  const title = printableLine(`${piece.path}:${piece.startLine}-${piece.endLine}${name} (${piece.reason})`);
  return `${title}\n${fence}\n${numbered}\n${fence}`;
}
