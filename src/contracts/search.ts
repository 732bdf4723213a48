import { z } from "zod";

/** One place in a repository that answers a query. */
export const searchHitSchema = z
  .object({
    path: z.string(),
    startLine: z.number().int().describe("First line, from 1, with the comments directly above a definition"),
    endLine: z.number().int().describe("Last line, inclusive"),
    symbol: z.string().nullable().describe("Name of the definition; null for a piece outside of any"),
    kind: z.enum(["function", "method", "class", "type", "chunk", "file"]),
    score: z
      .number()
      .describe("Comparable within one answer; above 1 for what was asked for letter by letter"),
    signals: z.record(z.string(), z.number()).describe("What speaks for it, each from 0 to 1"),
    text: z
      .string()
      .describe("The lines themselves, at most 60 of them and 20,000 characters, without carriage returns"),
  })
  .meta({ id: "SearchHit" });
export type SearchHit = z.output<typeof searchHitSchema>;

export const searchResultSchema = z
  .object({
    query: z.string(),
    rev: z.string().describe("Full id of the commit that was searched"),
    tookMs: z.number().describe("Time for the query itself, with the index in memory"),
    complete: z
      .boolean()
      .describe(
        "False while the index is being built: files that were not read yet are found by path and history only",
      ),
    notes: z.array(z.string()).describe("What was left out, and why; empty when nothing was"),
    hits: z.array(searchHitSchema),
  })
  .meta({ id: "SearchResult" });
export type SearchResult = z.output<typeof searchResultSchema>;

export const fileSearchResultSchema = searchResultSchema
  .omit({ hits: true })
  .extend({
    files: z.array(
      z.object({ path: z.string(), score: z.number(), signals: z.record(z.string(), z.number()) }),
    ),
  })
  .meta({ id: "FileSearchResult" });
export type FileSearchResult = z.output<typeof fileSearchResultSchema>;
