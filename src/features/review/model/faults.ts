import { z } from "zod";
import { type FindingCategory, severities } from "../../../contracts/finding.ts";

/** What a model is asked to judge; the rest is done better without one. */
const categories = [
  "bug",
  "security",
  "performance",
  "test",
  "maintenance",
  "documentation",
] as const satisfies readonly FindingCategory[];
export const confidences = ["high", "medium", "low"] as const;

/** More than anybody would read of one question. */
const mostFaults = 20;
/** Longer texts are no use, and are kept in a cache. */
const mostLetters = 4_000;
const text = z.string().transform((given) => given.slice(0, mostLetters));

/**
 * What a model says of one place. Lenient where a wrong word does no harm: another try costs a whole answer, and everything
 * is looked at afterwards.
 */
const faultSchema = z.object({
  path: text,
  line: z.number().nullable().catch(null),
  quote: text,
  message: text,
  why: text.catch(""),
  suggestion: text.nullable().catch(null),
  category: z.enum(categories).catch("bug"),
  severity: z.enum(severities).catch("info"),
  confidence: z.enum(confidences).catch("low"),
});
export type Fault = z.output<typeof faultSchema>;

export const faultsSchema = z.object({
  findings: z.array(faultSchema).transform((all) => all.slice(0, mostFaults)),
});

/** A kept answer: of which model, about one unit. */
export const keptFaultsSchema = z.object({ model: z.string(), faults: z.array(faultSchema) });
