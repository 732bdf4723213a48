import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from "@ai-sdk/provider";
import type { CallPurpose, TokenUsage } from "../../contracts/model-call.ts";
import type { ModelAnswer, ModelCallOptions, ModelRequest } from "../../contracts/model-gateway.ts";
import { type CallResult, callModel } from "./call-model.ts";
import type { Candidate } from "./connections.ts";
import { decideOnFailure } from "./decide.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { type Failure, failureCodes } from "./failure.ts";
import type { GatewayPorts } from "./gateway-ports.ts";
import type { ModelDirectory } from "./model-directory.ts";
import { showModel } from "./model-names.ts";
import { orAbort } from "./or-abort.ts";
import { type CallOutcomeOf, type Ended, placeCall, type Question } from "./place-call.ts";
import { beginQuestion, recordCached, sumUp } from "./question.ts";
import { redactSecrets } from "./redact.ts";
import { answerKey, type ResponseCache } from "./response-cache.ts";
import { runQuestion } from "./run-question.ts";
import { type AnswerForm, createAnswerForm } from "./structured.ts";

interface Answer<T> {
  readonly text: string;
  readonly object: T;
  readonly isTruncated: boolean;
  readonly isCached: boolean;
}

interface Asking<T> {
  readonly ports: GatewayPorts;
  readonly directory: ModelDirectory;
  readonly cache: ResponseCache;
  readonly request: ModelRequest<T>;
  readonly options: ModelCallOptions;
  readonly form: AnswerForm<T> | null;
  readonly prompt: LanguageModelV4Prompt;
  /** As estimated. */
  readonly inputTokens: number;
  readonly question: Question;
  /** Says that what was streamed so far is void, if there was anything. */
  readonly restart: (candidate: Candidate, reason: string) => void;
  readonly onDelta: (text: string) => void;
}

/** Answers one question. @throws AppError those of `ModelGateway.generate` */
export async function generateAnswer<T>(
  ports: GatewayPorts,
  directory: ModelDirectory,
  cache: ResponseCache,
  request: ModelRequest<T>,
  options: ModelCallOptions,
): Promise<ModelAnswer<T>> {
  const chain = directory.chain(request.task, options.modelOverride);
  const form = request.schema ? createAnswerForm(request.schema) : null;
  const { texts, count } = redactSecrets(
    [request.system ?? "", ...request.messages.map(({ text }) => text)],
    directory.secrets,
  );
  const system = [texts[0]!, form?.instruction ?? ""].filter((text) => text !== "").join("\n\n");
  const question = beginQuestion(ports, request.task, count, options);
  let hasStreamed = false;
  const asking: Asking<T> = {
    ports,
    directory,
    cache,
    request,
    options,
    form,
    prompt: [
      ...(system === "" ? [] : [{ role: "system" as const, content: system }]),
      ...request.messages.map(({ role }, index) => toMessage(role, texts[index + 1]!)),
    ],
    inputTokens: estimateTokens([system, ...texts.slice(1)]),
    question,
    restart(candidate, reason) {
      if (hasStreamed) options.onEvent?.({ kind: "restart", model: showModel(candidate.model), reason });
      hasStreamed = false;
    },
    onDelta(text) {
      hasStreamed = true;
      options.onEvent?.({ kind: "delta", text });
    },
  };
  const { candidate, value } = await runQuestion({
    ports,
    question,
    chain,
    windowOf: (one) => directory.windowOf(one),
    attempt: (one, purpose) => attemptAnswer(asking, one, purpose),
  });
  const { isCached, ...answer } = value;
  return { ...answer, ...sumUp(question, candidate, isCached) };
}

function toMessage(role: "user" | "assistant", text: string): LanguageModelV4Prompt[number] {
  return { role, content: [{ type: "text", text }] };
}

async function attemptAnswer<T>(
  asking: Asking<T>,
  candidate: Candidate,
  purpose: CallPurpose,
): Promise<CallOutcomeOf<Answer<T>>> {
  const { request, form, question } = asking;
  const window = await orAbort(asking.directory.windowOf(candidate), question.signal);
  const needed = asking.inputTokens + request.maxOutputTokens;
  if (window !== null && needed > window)
    return failed({
      kind: "overflow",
      status: null,
      retryAfterMs: null,
      message: `prompt and answer need up to ${needed} tokens, and its context window has ${window}`,
      mayCost: false,
    });
  const key = keyOf(asking, candidate);
  const kept = request.mayUseCache === false ? null : findKept(asking, key);
  if (kept) {
    asking.restart(candidate, "answered from the cache");
    asking.onDelta(kept.text);
    question.answeredBy = kept.answeredBy;
    await recordCached(asking.ports, question, candidate, kept.answeredBy);
    return { kind: "answer", value: kept };
  }
  const first = await ask(asking, candidate, purpose, asking.prompt, window);
  if (first.kind !== "answer") return first;
  const checked = check(asking, first.value);
  if ("value" in checked) return keep(asking, key, checked.value, first.value.answeredBy);
  if (form === null || first.value.finish !== "stop") return failed(malformed(checked.problem));
  const again = [
    ...asking.prompt,
    toMessage("assistant", first.value.text),
    toMessage("user", form.repair(checked.problem)),
  ];
  const second = await ask(asking, candidate, "repair", again, window);
  if (second.kind !== "answer") return second;
  const repaired = check(asking, second.value);
  return "value" in repaired
    ? keep(asking, key, repaired.value, second.value.answeredBy)
    : failed(malformed(repaired.problem));
}

/** One call with this prompt. What the provider's filter held back is a failure here. */
async function ask<T>(
  { ports, directory, request, form, question, restart, onDelta, options }: Asking<T>,
  candidate: Candidate,
  purpose: CallPurpose,
  prompt: LanguageModelV4Prompt,
  contextWindow: number | null,
): Promise<CallOutcomeOf<CallResult & Ended>> {
  const { provider, model: name, connection } = candidate;
  const { config } = ports;
  const prices = await directory.prices();
  const inputTokens = estimateTokens([JSON.stringify(prompt)]);
  const reserved = {
    inputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: request.maxOutputTokens,
  };
  const priceOf = (usage: TokenUsage): number | null => (provider.isFree ? 0 : prices.costOf(name, usage));
  restart(candidate, purpose);
  const neededTokens = inputTokens + request.maxOutputTokens;
  const callOptions: Omit<LanguageModelV4CallOptions, "abortSignal"> = {
    prompt,
    maxOutputTokens: request.maxOutputTokens,
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.effort === undefined ? {} : { reasoning: request.effort }),
    ...(form === null
      ? {}
      : { responseFormat: { type: "json" as const, schema: form.jsonSchema, name: "answer" } }),
    providerOptions:
      provider.callOptions?.({ neededTokens, contextWindow, schema: form?.jsonSchema ?? null }) ?? {},
  };
  const outcome = await placeCall(ports, question, {
    candidate,
    purpose,
    reservedTokens: neededTokens,
    reservedUsd: priceOf(reserved),
    priceOf,
    run: async () => {
      const result = await callModel({
        model: await provider.createModel(name.name, connection),
        options: callOptions,
        onDelta,
        isStreamed: options.onEvent !== undefined,
        timeouts: {
          wholeMs: config["llm.timeout"],
          firstTokenMs: config["llm.first_token_timeout"],
          idleMs: config["llm.idle_timeout"],
        },
        signal: question.signal,
        now: ports.now,
      });
      const answered = { provider: name.provider, name: result.answeredBy ?? name.name };
      const costUsd =
        provider.costOf?.(result.metadata) ?? priceOf(result.usage) ?? prices.costOf(answered, result.usage);
      return { ...result, costUsd, ...endOf(result, form) };
    },
  });
  if (outcome.kind !== "answer" || outcome.value.finish !== "filtered") return outcome;
  return failed({
    kind: "filtered",
    status: null,
    retryAfterMs: null,
    message: "its content filter held the answer back",
    mayCost: true,
  });
}

function endOf<T>({ finish, text }: CallResult, form: AnswerForm<T> | null): Pick<Ended, "outcome" | "code"> {
  if (finish === "filtered") return { outcome: "refused", code: failureCodes.filtered };
  const isMalformed = form !== null && (finish === "length" || "problem" in form.parse(text));
  return {
    outcome: finish === "length" ? "truncated" : "answered",
    code: isMalformed ? failureCodes.malformed : null,
  };
}

function check<T>(
  { form }: Asking<T>,
  { text, finish }: Pick<CallResult, "text" | "finish">,
): { readonly value: Answer<T> } | { readonly problem: string } {
  const facts = { text, isTruncated: finish === "length", isCached: false };
  if (form === null) return { value: { ...facts, object: undefined as T } };
  if (finish === "length") return { problem: "it ended at the longest length that was allowed" };
  const parsed = form.parse(text);
  return "problem" in parsed ? parsed : { value: { ...facts, object: parsed.object } };
}

function keep<T>(
  { cache }: Asking<T>,
  key: string,
  value: Answer<T>,
  answeredBy: string | null,
): CallOutcomeOf<Answer<T>> {
  if (!value.isTruncated) cache.keep(key, { text: value.text, answeredBy });
  return { kind: "answer", value };
}

function findKept<T>(
  asking: Asking<T>,
  key: string,
): (Answer<T> & { readonly answeredBy: string | null }) | null {
  const found = asking.cache.find(key);
  if (found === null) return null;
  const checked = check(asking, { text: found.text, finish: "stop" });
  return "value" in checked ? { ...checked.value, isCached: true, answeredBy: found.answeredBy } : null;
}

/** Everything that decides the answer, but for the key: two users of one model get the same. */
function keyOf<T>({ prompt, request, form }: Asking<T>, { model, connection }: Candidate): string {
  return answerKey([
    model.provider,
    connection.baseUrl,
    model.name,
    prompt,
    request.maxOutputTokens,
    request.temperature ?? null,
    request.effort ?? null,
    form?.jsonSchema ?? null,
  ]);
}

function malformed(problem: string): Failure {
  return {
    kind: "malformed",
    status: null,
    retryAfterMs: null,
    message: `the answer does not fit the form asked for: ${problem}`,
    mayCost: true,
  };
}

function failed(failure: Failure): CallOutcomeOf<never> {
  return { kind: "failed", failure, decision: decideOnFailure(failure.kind, failure.retryAfterMs) };
}
