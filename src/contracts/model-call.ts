import { z } from "zod";
import type { Page } from "./job.ts";

/** How a call at a provider ended; `cached`: nobody was asked. */
export const callOutcomes = ["answered", "truncated", "refused", "failed", "cancelled", "cached"] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** Why it was made: `retry` of the same model, `fallback` to the next of the chain, `repair` of an answer of the wrong form. */
export const callPurposes = ["first", "retry", "fallback", "repair"] as const;
export type CallPurpose = (typeof callPurposes)[number];

const tokens = (what: string) => z.number().int().nullable().describe(`${what}; null when not told`);

/** One call at a provider as everybody sees it. */
export const modelCallSchema = z
  .object({
    id: z.string(),
    questionId: z.string().describe("The same for all calls that one question took"),
    traceId: z.string().nullable(),
    jobId: z.string().nullable(),
    task: z.string(),
    purpose: z.enum(callPurposes),
    provider: z.string(),
    model: z.string().describe("As asked for"),
    answeredBy: z.string().nullable().describe("The model that the provider says has answered"),
    outcome: z
      .enum([...callOutcomes, "running", "unknown"])
      .describe("`unknown`: whoever made the call died before it ended"),
    code: z.string().nullable().describe("Code of the error table, for `failed` and `refused`"),
    httpStatus: z.number().int().nullable(),
    inputTokens: tokens("Fresh input"),
    cacheReadTokens: tokens("Input read from the provider's cache"),
    cacheWriteTokens: tokens("Input written to the provider's cache"),
    outputTokens: tokens("Output, reasoning included"),
    costUsd: z.number().nullable().describe("By current prices, or as the provider says; null when unknown"),
    redactions: z.number().int().describe("Secrets that were taken out of the prompt"),
    startedAt: z.iso.datetime(),
    durationMs: z.number().int().nullable(),
  })
  .meta({ id: "ModelCall" });
export type ModelCall = z.output<typeof modelCallSchema>;

/** Tokens by how they are charged. Null: the provider does not tell. */
export interface TokenUsage {
  /** Without those of the two caches. */
  readonly inputTokens: number | null;
  readonly cacheReadTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly outputTokens: number | null;
}

/** The most that calls may come to, by what was spent and what is under way. */
export interface Budgets {
  /** 0: none, as in all four. */
  readonly jobUsd: number;
  readonly dayUsd: number;
  readonly jobTokens: number;
  readonly dayTokens: number;
}

/** A call that somebody wants to make. */
export interface NewCall {
  /** Made by the caller, so that asking twice is asking once. */
  readonly id: string;
  readonly questionId: string;
  readonly traceId: string | null;
  readonly jobId: string | null;
  readonly task: string;
  readonly purpose: CallPurpose;
  readonly provider: string;
  readonly model: string;
  readonly redactions: number;
  /** Most that it can come to: input as estimated, and the longest output. */
  readonly reservedTokens: number;
  /** The same in money; null where the price is unknown. */
  readonly reservedUsd: number | null;
  /** Time after which a call without an end counts as lost. */
  readonly timeoutMs: number;
  readonly limits: {
    /** Calls at this provider at once. */
    readonly concurrency: number;
    /** Calls at this provider begun in a minute; null for no limit. */
    readonly requestsPerMinute: number | null;
    readonly budgets: Budgets;
  };
}

/** Whether a call may be made now. */
export type Admission =
  | { readonly kind: "admitted" }
  /** Too many at once, or in this minute: ask again after `waitMs`. */
  | {
      readonly kind: "wait";
      readonly reason: "concurrency" | "rate";
      readonly waitMs: number;
    }
  /** The model is left alone for so long. */
  | { readonly kind: "cooling"; readonly waitMs: number };

/** How a call ended. */
export interface CallEnd extends TokenUsage {
  readonly outcome: CallOutcome;
  readonly answeredBy: string | null;
  readonly code: string | null;
  readonly httpStatus: number | null;
  readonly costUsd: number | null;
  readonly durationMs: number;
  /** Leaves the model alone for everybody. */
  readonly coolDownMs: number | null;
}

/** Which calls to list; what is left out is not looked at. */
export interface CallFilter {
  readonly jobId?: string | undefined;
  readonly task?: string | undefined;
  readonly provider?: string | undefined;
  readonly outcome?: ModelCall["outcome"] | undefined;
}

/** What costs are summed by; a day is one of UTC. */
export const costGroups = ["day", "task", "provider", "model", "job"] as const;
export type CostGroup = (typeof costGroups)[number];

/** One sum. */
export const costLineSchema = z
  .object({
    key: z.string().describe("The day, task, provider, `provider/model` or job"),
    calls: z.number().int().describe("Calls at providers"),
    cached: z.number().int().describe("Answers from the cache"),
    failed: z.number().int(),
    inputTokens: z.number().int(),
    cacheReadTokens: z.number().int(),
    cacheWriteTokens: z.number().int(),
    outputTokens: z.number().int(),
    costUsd: z.number().describe("Of the calls whose price is known"),
    unpriced: z.number().int().describe("Calls whose cost is unknown"),
  })
  .meta({ id: "ModelCostLine" });
export type CostLine = z.output<typeof costLineSchema>;

/** Every call at a provider: written before it is made, so that none is lost and budgets hold for all processes at once. */
export interface CallLedger {
  /**
   * Admits and stores a call, or says when to ask again. Limits and budgets are looked at and taken in one step.
   * @throws AppError `model-budget-spent`
   */
  begin(call: NewCall): Promise<Admission>;
  /** Keeps how a call ended; of one that has ended already, nothing. An end without a beginning is stored whole: an answer from the cache. */
  finish(call: NewCall, end: CallEnd): Promise<void>;
  /** Newest first. @throws AppError `request-invalid` for a cursor that is none of ours */
  list(
    filter: CallFilter,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<ModelCall>>;
  /** Sums of the last `days` days (UTC, today included), the dearest first; by day, the newest first. */
  cost(group: CostGroup, days: number): Promise<readonly CostLine[]>;
  /** Models that are left alone now. */
  coolDowns(): Promise<
    readonly { readonly provider: string; readonly model: string; readonly waitMs: number }[]
  >;
}
