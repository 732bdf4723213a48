import type { EmbeddingModelV4 } from "@ai-sdk/provider";
import { AppError } from "../../base/errors.ts";
import type { TokenUsage } from "../../contracts/model-call.ts";
import type { EmbedAnswer, EmbedRequest, ModelCallOptions } from "../../contracts/model-gateway.ts";
import { unknownUsage } from "./call-model.ts";
import type { Candidate } from "./connections.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { ModelFailure } from "./failure.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import type { ModelDirectory } from "./model-directory.ts";
import { orAbort } from "./or-abort.ts";
import { type CallOutcomeOf, type Ended, placeCall, type Question } from "./place-call.ts";
import { beginQuestion, sumUp } from "./question.ts";
import { redactSecrets } from "./redact.ts";
import { runQuestion } from "./run-question.ts";
import { startTimers } from "./timers.ts";

const mostTexts = 64;
/** Providers bound the tokens of one request too. */
const mostTokens = 60_000;

interface EmbeddedBatch extends Ended {
  readonly vectors: readonly Float32Array[];
}

/**
 * Turns texts into vectors, all by one model: it is chosen with the first batch, and kept.
 * @throws AppError those of `ModelGateway.embed`
 */
export async function embedTexts(
  ports: GatewayPorts,
  directory: ModelDirectory,
  request: EmbedRequest,
  options: Omit<ModelCallOptions, "onEvent">,
): Promise<EmbedAnswer> {
  let chain = directory.chain("embed", options.modelOverride);
  const { texts, count } = redactSecrets(request.texts, directory.secrets);
  const question = beginQuestion(ports, "embed", count, options);
  const vectors: Float32Array[] = [];
  for (const batch of toBatches(texts)) {
    const { candidate, value } = await runQuestion<EmbeddedBatch>({
      ports,
      question,
      chain,
      windowOf: (one) => directory.windowOf(one),
      attempt: (one, purpose) =>
        embedBatch(ports, directory, question, one, purpose, batch, vectors[0]?.length ?? request.dimension),
    });
    chain = [candidate];
    vectors.push(...value.vectors);
  }
  return {
    ...sumUp(question, chain[0]!, false),
    vectors,
    dimension: vectors[0]?.length ?? request.dimension ?? 0,
  };
}

function toBatches(texts: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let tokens = 0;
  for (const text of texts) {
    const more = estimateTokens([text]);
    const last = batches.at(-1);
    if (last && last.length < mostTexts && tokens + more <= mostTokens) last.push(text);
    else {
      batches.push([text]);
      tokens = 0;
    }
    tokens += more;
  }
  return batches;
}

async function embedBatch(
  ports: GatewayPorts,
  directory: ModelDirectory,
  question: Question,
  candidate: Candidate,
  purpose: Parameters<typeof placeCall>[2]["purpose"],
  texts: readonly string[],
  dimension: number | undefined,
): Promise<CallOutcomeOf<EmbeddedBatch>> {
  const { provider, model: name, connection } = candidate;
  if (!provider.createEmbedding)
    throw new AppError("model-unknown", `${provider.title} offers no models that make vectors.`);
  const prices = await directory.prices();
  const reservedTokens = estimateTokens(texts);
  const priceOf = (usage: TokenUsage): number | null => (provider.isFree ? 0 : prices.costOf(name, usage));
  return placeCall<EmbeddedBatch>(ports, question, {
    candidate,
    purpose,
    reservedTokens,
    reservedUsd: priceOf(inputOnly(reservedTokens)),
    priceOf,
    run: async () => {
      const model = await provider.createEmbedding!(name.name, connection);
      const { embeddings, usage } = await callEmbedding(ports, question, model, texts);
      const vectors = checkVectors(embeddings, texts.length, dimension);
      const told = usage && Number.isFinite(usage.tokens) ? inputOnly(usage.tokens) : unknownUsage;
      return {
        vectors,
        outcome: "answered",
        code: null,
        answeredBy: null,
        usage: told,
        costUsd: priceOf(told),
      };
    },
  });
}

function inputOnly(inputTokens: number): TokenUsage {
  return { inputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };
}

async function callEmbedding(
  { config }: GatewayPorts,
  question: Question,
  model: EmbeddingModelV4,
  texts: readonly string[],
): Promise<{ embeddings: readonly (readonly number[])[]; usage?: { tokens: number } }> {
  const wholeMs = config["llm.timeout"];
  const timers = startTimers({ wholeMs, firstTokenMs: wholeMs, idleMs: wholeMs }, false, question.signal);
  const work = Promise.resolve(model.doEmbed({ values: [...texts], abortSignal: timers.signal }));
  try {
    return await orAbort(work, timers.signal);
  } catch (error) {
    work.catch(() => {});
    throw timers.signal.aborted ? timers.signal.reason : error;
  } finally {
    timers.stop();
  }
}

/** A vector that is missing, too short or not of numbers would spoil an index without anybody noticing. */
function checkVectors(
  embeddings: readonly (readonly number[])[],
  count: number,
  dimension: number | undefined,
): readonly Float32Array[] {
  if (embeddings.length !== count)
    throw invalid("invalid", `${count} texts were given and ${embeddings.length} vectors came back`);
  const expected = dimension ?? embeddings[0]!.length;
  const wrong = embeddings.find((vector) => vector.length !== expected || expected === 0);
  if (wrong) throw invalid("malformed", `a vector has ${wrong.length} dimensions instead of ${expected}`);
  if (!embeddings.every((vector) => vector.every(Number.isFinite)))
    throw invalid("invalid", "a vector holds what is no number");
  return embeddings.map((vector) => Float32Array.from(vector));
}

function invalid(kind: "invalid" | "malformed", message: string): ModelFailure {
  return new ModelFailure({ kind, status: null, retryAfterMs: null, message, mayCost: true });
}
