import type { z } from "zod";
import type { ErrorCode } from "../base/errors.ts";
import type { TokenUsage } from "./model-call.ts";

/** What models are asked for; each has its own chain of models in `llm.models`. */
export const modelTasks = ["ask", "review", "readme", "change", "embed"] as const;
export type ModelTask = (typeof modelTasks)[number];

/** One model: `provider/name`. */
export interface ModelName {
  readonly provider: string;
  readonly name: string;
}

/** One turn of a conversation. What it quotes from a repository is data, and may be hostile. */
export interface ModelMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** One question. */
export interface ModelRequest<T = unknown> {
  readonly task: ModelTask;
  readonly system?: string;
  /** In turns; the last one is the user's. */
  readonly messages: readonly ModelMessage[];
  readonly maxOutputTokens: number;
  /** The model's own default where none is given. */
  readonly temperature?: number;
  /** How long a model that can think does so first, within `maxOutputTokens`; its own default where none is given. */
  readonly effort?: "none" | "low" | "medium" | "high";
  /** The answer is JSON of this shape: checked, and repaired once by the model itself. */
  readonly schema?: z.ZodType<T>;
  /** False: ask anew even if the same was asked within `llm.cache_age`. */
  readonly mayUseCache?: boolean;
}

/** Who asks, and how the answer is wanted. */
export interface ModelCallOptions {
  readonly signal: AbortSignal;
  /** For budget and ledger. */
  readonly jobId?: string | null;
  /** `provider/name`, or several separated by commas: instead of the task's chain. */
  readonly modelOverride?: string | undefined;
  /** Streams the answer. What came before a `restart` is void. */
  readonly onEvent?: (event: ModelEvent) => void;
}

/** A piece of an answer as it comes. */
export type ModelEvent =
  | { readonly kind: "delta"; readonly text: string }
  /** The same question is asked again: the text so far is void. */
  | { readonly kind: "restart"; readonly model: string; readonly reason: string };

/** What a question led to, whatever it took. */
interface AnswerFacts {
  readonly provider: string;
  /** As asked for; `answeredBy` is what the provider says. */
  readonly model: string;
  readonly answeredBy: string | null;
  /** Of all calls that the question took. Null in it: not told. */
  readonly usage: TokenUsage;
  /** Of all calls that the question took; null when the cost of any is unknown, never 0 instead. */
  readonly costUsd: number | null;
  readonly durationMs: number;
  /** Calls at providers; 0 when the answer was kept. */
  readonly calls: number;
  readonly isCached: boolean;
  /** Secrets that were taken out of the prompt. */
  readonly redactions: number;
}

/** The answer of whichever model of the chain gave it. */
export interface ModelAnswer<T = unknown> extends AnswerFacts {
  readonly text: string;
  /** Set if the request has a schema. */
  readonly object: T;
  /** Whether it ended at `maxOutputTokens`; never with a schema. */
  readonly isTruncated: boolean;
}

/** Texts to be turned into vectors. */
export interface EmbedRequest {
  readonly texts: readonly string[];
  /** Length of the vectors that the caller has already: another one is refused. */
  readonly dimension?: number;
}

/** Vectors of one model. */
export interface EmbedAnswer extends AnswerFacts {
  /** One for each text, in order. */
  readonly vectors: readonly Float32Array[];
  readonly dimension: number;
}

/** Whether a task can be done with a model; if not, everything deterministic still works. */
export type ModelAvailability =
  | { readonly isAvailable: true; readonly models: readonly string[] }
  | {
      readonly isAvailable: false;
      readonly reason: "disabled" | "unconfigured" | "key-missing" | "invalid";
      /** One sentence for a person. */
      readonly message: string;
    };

/** One configured model, as it is now. */
export interface ModelState {
  /** `provider/name`. */
  readonly model: string;
  readonly tasks: readonly string[];
  readonly isAnswering: boolean;
  readonly code: ErrorCode | null;
  /** Why not. */
  readonly message: string | null;
  readonly contextWindow: number | null;
  readonly durationMs: number;
}

/** Whether any model can be asked, and which cannot. */
export interface GatewayStatus {
  readonly status: "answering" | "unavailable" | "not-configured" | "disabled";
  readonly message: string | null;
  readonly models: readonly ModelState[];
}

/** How features use models. All calls go through it: it routes, retries, bounds, redacts, prices and records. */
export interface ModelGateway {
  /** From the settings alone; asks nobody. */
  availability(task: ModelTask, modelOverride?: string): ModelAvailability;
  /**
   * @throws AppError `model-unconfigured`, `model-unknown`, `model-key-invalid`, `model-unavailable`, `model-overloaded`,
   * `model-rejected`, `model-refused`, `model-context-exceeded`, `model-output-invalid`, `model-budget-spent`,
   * `model-calls-at-server`; those of the ledger's database; `cancelled`
   */
  generate<T = unknown>(request: ModelRequest<T>, options: ModelCallOptions): Promise<ModelAnswer<T>>;
  /** The same as it comes. `result` settles when the events end. */
  stream<T = unknown>(
    request: ModelRequest<T>,
    options: Omit<ModelCallOptions, "onEvent">,
  ): { readonly events: AsyncIterable<ModelEvent>; readonly result: Promise<ModelAnswer<T>> };
  /**
   * In batches, all by one model: vectors of two models do not compare. Who keeps vectors gives the same
   * `modelOverride` again. @throws AppError as `generate`
   */
  embed(request: EmbedRequest, options: Omit<ModelCallOptions, "onEvent">): Promise<EmbedAnswer>;
  /** Tokens of the first model of the chain, for prompt and answer together; null when unknown. */
  contextWindow(task: ModelTask, signal: AbortSignal, modelOverride?: string): Promise<number | null>;
  /** Asks every configured model's provider whether it is there; an answer is kept for some seconds. */
  status(signal: AbortSignal): Promise<GatewayStatus>;
}
