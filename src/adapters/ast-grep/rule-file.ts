import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { findingCategories } from "../../contracts/finding.ts";

/** What ast-grep's own rules are written as; what Repowright has no use for is left out. */
const ruleSchema = z.object({
  id: z.string().regex(/^[\w@/.-]{1,100}$/, "expected letters, digits, `-`, `_`, `.` and `/`, at most 100"),
  language: z.string(),
  rule: z.record(z.string(), z.unknown()),
  constraints: z.record(z.string(), z.unknown()).optional(),
  utils: z.record(z.string(), z.unknown()).optional(),
  transform: z.record(z.string(), z.unknown()).optional(),
  message: z.string().max(1_000).default(""),
  note: z.string().max(4_000).nullish(),
  severity: z.enum(["error", "warning", "info", "hint", "off"]).default("hint"),
  fix: z.union([z.string().max(10_000), z.object({ template: z.string().max(10_000) })]).nullish(),
  files: z.array(z.union([z.string(), z.object({ glob: z.string() })])).nullish(),
  ignores: z.array(z.union([z.string(), z.object({ glob: z.string() })])).nullish(),
  metadata: z.object({ category: z.enum(findingCategories).catch("maintenance").optional() }).nullish(),
});

export interface UserRule {
  /** For people: file and id. */
  readonly name: string;
  readonly id: string;
  /** Id of a language definition. */
  readonly language: string;
  /** What ast-grep itself takes. */
  readonly matcher: Readonly<Record<string, unknown>>;
  readonly message: string;
  readonly note: string;
  readonly severity: "error" | "warning" | "info";
  readonly category: (typeof findingCategories)[number];
  readonly fix: string | null;
  readonly files: readonly string[] | null;
  readonly ignores: readonly string[];
}

const maxRules = 500;

/**
 * Rules of one YAML file with any number of documents, and what is wrong in it, each naming file and rule. `languageOf` knows
 * the names of languages.
 */
export function readRuleFile(
  path: string,
  text: string,
  languageOf: (name: string) => string | undefined,
): { readonly rules: readonly UserRule[]; readonly problems: readonly string[] } {
  const rules: UserRule[] = [];
  const problems: string[] = [];
  const documents = parseAllDocuments(text);
  for (const [index, document] of (Array.isArray(documents) ? documents : []).slice(0, maxRules).entries()) {
    const where = `${path}, rule ${index + 1}`;
    let value: unknown;
    try {
      if (document.errors.length > 0) throw document.errors[0]!;
      value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      problems.push(`${where}: ${firstLine(error)}`);
      continue;
    }
    if (value === null) continue;
    const parsed = ruleSchema.safeParse(value);
    if (!parsed.success) {
      const { id } = Object(value) as { id?: unknown };
      const name = typeof id === "string" ? `${path}, rule ${id.slice(0, 100)}` : where;
      const { message, path: at } = parsed.error.issues[0]!;
      problems.push(`${name}: ${at.length === 0 ? "" : `${at.join(".")}: `}${message}.`);
      continue;
    }
    const { data } = parsed;
    const name = `${path}, rule ${data.id}`;
    const language = languageOf(data.language);
    if (language === undefined)
      problems.push(`${name}: the language ${data.language.slice(0, 50)} is not known.`);
    if (language === undefined || data.severity === "off") continue;
    const { id, rule, constraints, utils, transform, message, note, severity, fix } = data;
    rules.push({
      name,
      id,
      language,
      matcher: {
        rule,
        ...(constraints && { constraints }),
        ...(utils && { utils }),
        ...(transform && { transform }),
      },
      message,
      note: note ?? "",
      severity: severity === "hint" ? "info" : severity,
      category: data.metadata?.category ?? "maintenance",
      fix: typeof fix === "object" ? (fix?.template ?? null) : (fix ?? null),
      files: data.files?.map(globOf) ?? null,
      ignores: data.ignores?.map(globOf) ?? [],
    });
  }
  return { rules, problems };
}

function globOf(value: string | { readonly glob: string }): string {
  return (typeof value === "string" ? value : value.glob).replace(/^\.\//, "");
}

export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n", 1)[0]!.slice(0, 300);
}
