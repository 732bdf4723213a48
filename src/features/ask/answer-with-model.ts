import type { ModelEvent, ModelGateway, ModelMessage } from "../../contracts/model-gateway.ts";
import type { Services } from "../../contracts/services.ts";
import { type ContextPiece, gatherContext } from "../../core/index/context/gather-context.ts";
import { formatMap, mapRepository } from "../../core/index/context/map-repository.ts";
import type { OpenedIndex } from "../../core/index/search/open-index.ts";
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
/** For a model whose window nobody knows. */
const smallWindow = 8_192;
/** More context makes answers slower and dearer, and seldom better. */
const mostContextTokens = 16_000;
const fewestContextTokens = 1_000;
/** An overview of the whole goes along where there is room for it. */
const mapTokens = 800;
const mapFrom = 6_000;
/** Turns of a conversation that are sent along, the newest. */
const keptTurns = 6;
/** Estimates of tokens may be this much too low. */
const safety = 0.75;

/**
 * Lets a model answer from pieces of the repository, and checks every citation against the snapshot; wrong ones are sent
 * back once. @throws AppError of `ModelGateway.generate`
 */
export async function answerWithModel(
  opened: OpenedIndex,
  request: ModelAnswerRequest,
  models: ModelGateway,
  services: Services,
): Promise<CheckedAnswer> {
  const { signal, model } = request;
  const window = (await models.contextWindow("ask", signal, model)) ?? smallWindow;
  const turns = fitTurns(request.conversation, (window - maxOutputTokens) * 0.25);
  const turnTokens = turns.reduce((sum, turn) => sum + (turn.question.length + turn.answer.length) / 3, 0);
  const room = (window - maxOutputTokens - turnTokens - request.question.length / 3 - 500) * safety;
  const context = await gatherContext(
    opened,
    {
      text: [request.question, ...turns.slice(-1).map((turn) => turn.question)].join("\n"),
      budgetTokens: Math.max(
        fewestContextTokens,
        Math.min(mostContextTokens, room < mapFrom ? room : room - mapTokens),
      ),
      signal,
    },
    services.git,
  );
  const map = room < mapFrom ? null : await mapRepository(opened, mapTokens, services.git, signal);
  const messages: ModelMessage[] = [
    ...turns.flatMap((turn): ModelMessage[] => [
      { role: "user", text: turn.question },
      { role: "assistant", text: turn.answer },
    ]),
    {
      role: "user",
      text: readPrompt(new URL("./prompts/question.md", import.meta.url), {
        repository: opened.snapshot.repository.name,
        commit: opened.snapshot.commit,
        map: map === null || map.entries.length === 0 ? "(left out)" : formatMap(map),
        pieces: context.pieces.map(formatPiece).join("\n\n"),
        question: request.question,
      }),
    },
  ];
  const ask = (all: readonly ModelMessage[]) =>
    models.generate(
      {
        task: "ask",
        system: readPrompt(new URL("./prompts/ask.md", import.meta.url)),
        messages: all,
        maxOutputTokens,
        temperature: 0,
      },
      { signal, jobId: request.jobId, modelOverride: model, onEvent: request.onEvent },
    );
  let answer = await ask(messages);
  let citations = readCitations(answer.text, opened.index, context.pieces);
  const wrong = citations.filter((citation) => !citation.exists);
  if (wrong.length > 0) {
    request.onEvent({ kind: "restart", model: answer.model, reason: "It cited lines that do not exist." });
    const first = answer;
    answer = await ask([
      ...messages,
      { role: "assistant", text: first.text },
      {
        role: "user",
        text: readPrompt(new URL("./prompts/wrong-citations.md", import.meta.url), {
          wrong: wrong.map((one) => `- ${one.path}:${one.startLine}-${one.endLine}`).join("\n"),
        }),
      },
    ]);
    citations = readCitations(answer.text, opened.index, context.pieces);
  }
  return {
    text: strikeWrong(answer.text, opened.index),
    citations,
    isTruncated: answer.isTruncated,
    model: {
      name: `${answer.provider}/${answer.answeredBy ?? answer.model}`,
      inputTokens: answer.usage.inputTokens,
      outputTokens: answer.usage.outputTokens,
      costUsd: answer.costUsd,
      isCached: answer.isCached,
      contextTokens: context.tokens,
    },
  };
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

/** A piece with numbered lines. Its fence is longer than any in it, so nothing in it can close it. */
function formatPiece(piece: ContextPiece): string {
  const longest = (piece.text.match(/`{3,}/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  const numbered = piece.text
    .split("\n")
    .map((line, at) => `${piece.startLine + at}\t${line}`)
    .join("\n");
  const name = piece.symbol === null ? "" : `, ${piece.kind} ${piece.symbol}`;
  return `${piece.path}:${piece.startLine}-${piece.endLine}${name} (${piece.reason})\n${fence}\n${numbered}\n${fence}`;
}
