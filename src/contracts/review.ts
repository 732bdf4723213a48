import { z } from "zod";
import { pullRefSchema } from "./code-host.ts";
import { findingSchema, severities } from "./finding.ts";
import type { Page } from "./job.ts";

/** Why a finding is not shown. */
export const suppressionKinds = [
  "comment",
  "configuration",
  "baseline",
  "dismissal",
  "duplicate",
  "cap",
] as const;
export type SuppressionKind = (typeof suppressionKinds)[number];

export const reviewedFileSchema = z.object({
  path: z.string(),
  oldPath: z.string().nullable(),
  status: z.enum(["added", "modified", "deleted", "renamed", "copied", "type-changed"]),
  language: z.string().nullable(),
  role: z.enum(["code", "test", "example", "documentation", "data", "generated", "vendored"]),
  added: z.number().int().describe("Lines"),
  removed: z.number().int().describe("Lines"),
  isReviewed: z.boolean(),
  reason: z.string().nullable().describe("Why it was not reviewed"),
});

export const passSchema = z.object({
  id: z.string().describe("`rules`, or the name of another tool"),
  state: z.enum(["done", "failed", "skipped"]),
  findings: z.number().int(),
  message: z.string().nullable().describe("Why it failed or was skipped"),
  tookMs: z.number(),
});

export const modelPartSchema = z.object({
  state: z
    .enum(["done", "off", "away", "failed", "awaited"])
    .describe(
      "`off`: none is set, or it was not wanted; `away`: it could not be asked, and was not waited for; `awaited`: it follows when it is back",
    ),
  message: z.string().nullable(),
  summary: z.string().nullable(),
  walkthrough: z.array(z.object({ path: z.string(), text: z.string() })),
  name: z.string().nullable().describe("`provider/model`"),
  calls: z.number().int(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  costUsd: z.number().nullable(),
  dropped: z
    .number()
    .int()
    .describe("Findings of the model that were not shown: no such code, doubted, or too many"),
});
export type ModelPart = z.output<typeof modelPartSchema>;

/** A review of one change. */
export const reviewResultSchema = z
  .object({
    source: z.string().nullable().describe("Address or path of the repository; null for a bare patch"),
    base: z.string().nullable().describe("Commit from which the change is counted: the merge base"),
    head: z.string().nullable(),
    pull: pullRefSchema.nullable(),
    title: z.string().nullable(),
    files: z.array(reviewedFileSchema),
    findings: z.array(findingSchema).describe("What is shown, most important first"),
    suppressed: z.array(
      z.object({ finding: findingSchema, by: z.enum(suppressionKinds), reason: z.string().nullable() }),
    ),
    passes: z.array(passSchema),
    model: modelPartSchema,
    counts: z.record(z.enum(severities), z.number().int()),
    notes: z.array(z.string()).describe("What was left out or is odd; empty when nothing was"),
    tookMs: z.number(),
  })
  .meta({ id: "Review" });
export type ReviewResult = z.output<typeof reviewResultSchema>;

/** What the job `review` is started with, beside source and revision (the head). */
export const reviewOptionsSchema = z.strictObject({
  base: z
    .string()
    .max(400)
    .nullable()
    .default(null)
    .describe(
      "Revision that the change goes into; default: the default branch, or of a pull request its base",
    ),
  patch: z.string().nullable().default(null).describe("A unified diff, instead of a source"),
  pull: pullRefSchema.nullable().default(null).describe("Pull request, instead of revisions"),
  title: z
    .string()
    .max(2_000)
    .nullable()
    .default(null)
    .describe("Of the pull request, where it is known already"),
  useModel: z.boolean().default(true).describe("Whether a model may be asked"),
  model: z
    .string()
    .min(1)
    .max(400)
    .nullable()
    .default(null)
    .describe("`provider/name` instead of llm.models"),
  post: z.boolean().default(false).describe("Whether the review is posted to the pull request"),
  isForced: z.boolean().default(false).describe("Review again although this head was reviewed"),
});
export type ReviewOptions = z.output<typeof reviewOptionsSchema>;

/** A review in a list. */
export const reviewSummarySchema = reviewResultSchema
  .pick({ base: true, head: true, pull: true, title: true, counts: true })
  .extend({
    id: z.string().describe("Id of its job"),
    source: z.string().nullable(),
    model: z.enum(["done", "off", "away", "failed", "awaited"]),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: "ReviewSummary" });
export type ReviewSummary = z.output<typeof reviewSummarySchema>;

export interface ReviewFilter {
  readonly source?: string | undefined;
  readonly host?: string | undefined;
  readonly repository?: string | undefined;
  readonly number?: number | undefined;
}

export const dismissalSchema = z
  .object({
    source: z.string().describe("Repository that it holds for"),
    fingerprint: z.string(),
    rule: z.string(),
    path: z.string(),
    reason: z.string(),
    dismissedBy: z.string(),
    dismissedAt: z.iso.datetime(),
  })
  .meta({ id: "Dismissal" });
export type Dismissal = z.output<typeof dismissalSchema>;

/** Reviews and what people said of their findings, in the database. */
export interface Reviews {
  /** Keeps a review whole, instead of an earlier state of it; not when a later attempt wrote already. */
  save(id: string, attempt: number, review: ReviewResult): Promise<void>;
  /** Newest first. */
  list(
    filter: ReviewFilter,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<ReviewSummary>>;
  /** JSON text. @throws AppError `review-unknown` */
  get(id: string): Promise<string>;
  /** Fingerprints that people dismissed in a repository, with their reasons. */
  dismissals(source: string): Promise<readonly Dismissal[]>;
  /** Holds for the review's repository from now on. @throws AppError `review-unknown`, `finding-unknown` */
  dismiss(id: string, fingerprint: string, reason: string, by: string): Promise<Dismissal>;
  /** Takes a dismissal back. @throws AppError `finding-unknown` */
  restore(source: string, fingerprint: string): Promise<void>;
}
