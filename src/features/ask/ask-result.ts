import { z } from "zod";
import { searchHitSchema } from "../../contracts/search.ts";

export const turnSchema = z.object({
  question: z.string().max(20_000),
  answer: z.string().max(200_000),
});
/** Earlier turns of a conversation that are taken, the newest. */
export const maxTurns = 50;
export type Turn = z.output<typeof turnSchema>;

const lines = { startLine: z.number().int(), endLine: z.number().int() };

export const askPlaceSchema = searchHitSchema
  .extend({
    reason: z.string().describe("Why it is among the best"),
    lastChange: z
      .object({ commit: z.string(), author: z.string(), date: z.iso.datetime(), subject: z.string() })
      .nullable()
      .describe("The newest commit that touched the file"),
  })
  .meta({ id: "AskPlace" });
export type AskPlace = z.output<typeof askPlaceSchema>;

export const citationSchema = z.object({
  path: z.string(),
  ...lines,
  exists: z.boolean().describe("Whether the commit has these lines"),
  wasShown: z.boolean().describe("Whether the model was shown them"),
});
export type Citation = z.output<typeof citationSchema>;

export const askResultSchema = z
  .object({
    question: z.string(),
    rev: z.string().describe("Full id of the commit that was asked about"),
    by: z.enum(["facts", "places", "model"]).describe("What the answer comes from"),
    answer: z.string().describe("Markdown"),
    fact: z
      .object({
        topic: z.string(),
        statement: z.string(),
        confidence: z.enum(["certain", "likely"]),
        evidence: z.array(
          z.object({
            path: z.string(),
            startLine: z.number().int().optional(),
            endLine: z.number().int().optional(),
            note: z.string(),
          }),
        ),
      })
      .nullable(),
    places: z.array(askPlaceSchema).describe("The best places, whatever answered"),
    citations: z.array(citationSchema),
    isSupported: z
      .boolean()
      .describe(
        "Whether every citation exists and at least one is of lines that were shown; true for facts and places",
      ),
    model: z
      .object({
        name: z.string().describe("`provider/name` that answered"),
        inputTokens: z.number().int().nullable(),
        outputTokens: z.number().int().nullable(),
        costUsd: z.number().nullable().describe("Null when unknown"),
        isCached: z.boolean(),
        contextTokens: z.number().int().describe("Tokens of repository text that it was shown, estimated"),
      })
      .nullable(),
    notes: z.array(z.string()).describe("What could not be done, and what to do about it"),
    complete: z.boolean().describe("False while the index is being built"),
    conversation: z.array(turnSchema).describe("To be sent along with the next question"),
    tookMs: z.number(),
  })
  .meta({ id: "AskResult" });
export type AskResult = z.output<typeof askResultSchema>;
