import { z } from "zod";

export const severities = ["error", "warning", "info"] as const;
/** `error`: must not be merged as it is. `warning`: look at it before merging. `info`: good to know, never a comment on a line. */
export type Severity = (typeof severities)[number];

export const findingCategories = [
  "bug",
  "security",
  "secret",
  "performance",
  "style",
  "test",
  "dependency",
  "maintenance",
  "documentation",
  "licence",
] as const;
export type FindingCategory = (typeof findingCategories)[number];

/** One thing that a review says about a change. It is about lines that the change added, or about what it breaks. */
export const findingSchema = z
  .object({
    rule: z
      .string()
      .describe("Id of the rule, with the tool before it when it is not ours, e.g. `oxlint/no-debugger`"),
    severity: z.enum(severities),
    category: z.enum(findingCategories),
    path: z.string(),
    line: z.number().int().min(1).describe("First line on `side`, from 1"),
    endLine: z.number().int().min(1).describe("Last line, inclusive"),
    side: z.enum(["new", "old"]).describe("`old`: lines that the change removed"),
    message: z.string().describe("What is there, in one sentence"),
    why: z.string().describe("Why it matters, or what happens otherwise"),
    suggestion: z
      .string()
      .nullable()
      .describe(
        "Text to put in place of the lines `line` to `endLine`, whole lines without the last line end; null without one",
      ),
    fingerprint: z.string().describe("Names the finding wherever its lines move to; 32 hexadecimal digits"),
    excerpt: z
      .array(z.string())
      .describe(
        "The first of the lines themselves, at most 5; what may be a secret is masked. Empty when unknown",
      ),
    source: z.string().describe("`rules`, the name of another tool, or `model`"),
    confidence: z.enum(["high", "medium", "low"]),
  })
  .meta({ id: "Finding" });
export type Finding = z.output<typeof findingSchema>;

/** What a rule or a tool gives; the engine adds the rest. */
export interface RawFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly category: FindingCategory;
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly side: "new" | "old";
  readonly message: string;
  readonly why: string;
  readonly suggestion: string | null;
  readonly source: string;
  readonly confidence: "high" | "medium" | "low";
  /**
   * What the finding is about, where lines alone do not say it (a package, a removed function): goes into the fingerprint
   * instead of the text of the lines.
   */
  readonly subject?: string;
  /**
   * Set where the finding is shown although its lines were not added: what the change breaks somewhere else.
   */
  readonly isConsequence?: true;
}
