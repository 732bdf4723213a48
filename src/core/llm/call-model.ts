import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import type { TokenUsage } from "../../contracts/model-call.ts";
import { ModelFailure, toFailure } from "./failure.ts";
import { orAbort } from "./or-abort.ts";
import { startTimers, type CallTimeouts } from "./timers.ts";

export interface CallInput {
  readonly model: LanguageModelV4;
  readonly options: Omit<LanguageModelV4CallOptions, "abortSignal">;
  /** Gets the answer as it comes; null: it comes in one piece. */
  readonly onDelta: ((text: string) => void) | null;
  readonly isStreamed: boolean;
  readonly timeouts: CallTimeouts;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

export interface CallResult {
  readonly text: string;
  readonly finish: "stop" | "length" | "filtered";
  readonly usage: TokenUsage;
  readonly answeredBy: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export const unknownUsage: TokenUsage = {
  inputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  outputTokens: null,
};

/** One call at a provider, with nothing around it. @throws ModelFailure */
export async function callModel(input: CallInput): Promise<CallResult> {
  const timers = startTimers(input.timeouts, input.isStreamed, input.signal);
  const work = input.isStreamed ? readStream(input, timers) : readWhole(input, timers.signal);
  try {
    return toResult(await orAbort(work, timers.signal));
  } catch (error) {
    work.catch(() => {});
    if (input.signal.aborted) throw cancelled();
    if (timers.signal.aborted) throw timers.signal.reason as ModelFailure;
    if (error instanceof ModelFailure) throw error;
    throw new ModelFailure(toFailure(error, input.now()), error);
  } finally {
    timers.stop();
  }
}

interface RawResult {
  readonly text: string;
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage | null;
  readonly answeredBy: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

async function readWhole({ model, options }: CallInput, signal: AbortSignal): Promise<RawResult> {
  const result = await model.doGenerate({ ...options, abortSignal: signal });
  return {
    text:
      result.structuredOutputText ??
      result.content.map((part) => (part.type === "text" ? part.text : "")).join(""),
    finishReason: result.finishReason,
    usage: result.usage,
    answeredBy: result.response?.modelId ?? null,
    metadata: result.providerMetadata ?? {},
  };
}

async function readStream(
  { model, options, onDelta, now }: CallInput,
  timers: { readonly signal: AbortSignal; heard(): void },
): Promise<RawResult> {
  const { stream } = await model.doStream({ ...options, abortSignal: timers.signal });
  let text = "";
  let answeredBy: string | null = null;
  let failed: ModelFailure | null = null;
  let end: Pick<RawResult, "finishReason" | "usage" | "metadata"> | null = null;
  for await (const part of midway(stream, now)) {
    if (timers.signal.aborted) break;
    if (part.type !== "stream-start" && part.type !== "response-metadata") timers.heard();
    if (part.type === "text-delta") {
      text += part.delta;
      onDelta?.(part.delta);
    } else if (part.type === "response-metadata") answeredBy = part.modelId ?? answeredBy;
    else if (part.type === "error") failed ??= new ModelFailure(toFailure(part.error, now()), part.error);
    else if (part.type === "finish")
      end = { finishReason: part.finishReason, usage: part.usage, metadata: part.providerMetadata ?? {} };
  }
  if (failed) throw failed;
  if (end === null) throw cutShort();
  return { text, answeredBy, ...end };
}

/** A connection that breaks once the answer has begun may have cost something. */
async function* midway<T>(stream: AsyncIterable<T>, now: () => number): AsyncGenerator<T> {
  try {
    yield* stream;
  } catch (error) {
    const failure = toFailure(error, now());
    throw new ModelFailure(
      failure.kind === "unreachable" ? { ...failure, kind: "interrupted", mayCost: true } : failure,
      error,
    );
  }
}

function toResult(raw: RawResult): CallResult {
  const { unified, raw: reason } = raw.finishReason;
  // A stream that just ends, without the provider saying that it is done.
  if (unified === "interrupted" || (unified === "other" && reason === undefined)) throw cutShort();
  if (unified === "error")
    throw new ModelFailure({
      kind: "interrupted",
      status: null,
      retryAfterMs: null,
      message: "the provider gave up in the middle of the answer",
      mayCost: true,
    });
  const usage = raw.usage === null ? unknownUsage : toTokenUsage(raw.usage);
  const finish = unified === "length" ? "length" : unified === "content-filter" ? "filtered" : "stop";
  if (finish === "stop" && raw.text.trim() === "")
    throw new ModelFailure(
      { kind: "invalid", status: null, retryAfterMs: null, message: "the answer is empty", mayCost: true },
      undefined,
      usage,
    );
  return {
    text: raw.text,
    finish,
    usage,
    answeredBy: raw.answeredBy,
    metadata: raw.metadata,
  };
}

/** Where only the whole input is told, all of it counts as fresh. */
function toTokenUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): TokenUsage {
  const output = outputTokens.total ?? null;
  if (inputTokens.total === undefined && inputTokens.noCache === undefined)
    return { ...unknownUsage, outputTokens: output };
  const read = inputTokens.cacheRead ?? 0;
  const write = inputTokens.cacheWrite ?? 0;
  return {
    inputTokens: inputTokens.noCache ?? Math.max(0, inputTokens.total! - read - write),
    cacheReadTokens: read,
    cacheWriteTokens: write,
    outputTokens: output,
  };
}

function cutShort(): ModelFailure {
  return new ModelFailure({
    kind: "interrupted",
    status: null,
    retryAfterMs: null,
    message: "the answer ended before it was whole",
    mayCost: true,
  });
}

export function cancelled(): ModelFailure {
  return new ModelFailure({
    kind: "cancelled",
    status: null,
    retryAfterMs: null,
    message: "cancelled",
    mayCost: true,
  });
}
