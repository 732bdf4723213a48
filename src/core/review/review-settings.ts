import { parse as parseToml } from "smol-toml";
import { z } from "zod";
import { AppError } from "../../base/errors.ts";
import { severities, type Severity } from "../../contracts/finding.ts";
import { describeMisfit } from "./describe-misfit.ts";
import { compileAttributePattern } from "../repository/languages/attribute-pattern.ts";

const ruleLevels = z.record(z.string().max(200), z.enum([...severities, "off"]));

const reviewSection = z.strictObject({
  ignore: z.array(z.string().min(1).max(400)).max(500).default([]),
  rules: ruleLevels.default({}),
  languages: z.record(z.string().max(100), z.strictObject({ rules: ruleLevels })).default({}),
  paths: z
    .array(z.strictObject({ match: z.array(z.string().min(1).max(400)).min(1).max(100), rules: ruleLevels }))
    .max(100)
    .default([]),
  max_findings: z.number().int().min(1).max(1_000).default(30),
  max_per_rule: z.number().int().min(1).max(1_000).default(5),
  max_model_findings: z.number().int().min(0).max(50).default(3),
  baseline: z.string().min(1).max(400).optional(),
  ast_grep: z.array(z.string().min(1).max(400)).max(50).default([]),
  instructions: z.string().max(8_000).default(""),
});

/** What a repository wants of its reviews: the table `[review]` of its `repowright.toml`, as it is in the base commit. */
export interface ReviewSettings {
  readonly maxFindings: number;
  readonly maxPerRule: number;
  readonly maxModelFindings: number;
  /** Path of the baseline file; null without one. */
  readonly baseline: string | null;
  /** Patterns of paths of ast-grep rules. */
  readonly astGrep: readonly string[];
  /** For models only; it never reaches the deterministic part. */
  readonly instructions: string;
  readonly isIgnored: (path: string) => boolean;
  /** What a rule's findings there count as; null: as the rule says. */
  levelOf(rule: string, path: string, language: string | null): Severity | "off" | null;
  /** Rules that it speaks about, by their ids or as `tool/*`. */
  readonly namedRules: readonly string[];
}

/** @throws AppError `config-invalid` naming what does not fit; `where` is the file's name for people */
export function parseReviewSettings(toml: string | null, where: string): ReviewSettings {
  let section: unknown = {};
  try {
    section = toml === null ? {} : ((parseToml(toml) as { review?: unknown }).review ?? {});
  } catch (error) {
    throw new AppError(
      "config-invalid",
      `${where} is not valid TOML: ${String(error instanceof Error ? error.message.split("\n")[0] : error)}`,
      {},
      error,
    );
  }
  const parsed = reviewSection.safeParse(section);
  if (!parsed.success)
    throw new AppError("config-invalid", `${where}, table [review]: ${describeMisfit(parsed.error, 500)}`);
  const given = parsed.data;
  const ignored = given.ignore.map(compilePathPattern);
  const byPath = given.paths.map(({ match, rules }) => ({ matches: match.map(compilePathPattern), rules }));
  return {
    maxFindings: given.max_findings,
    maxPerRule: given.max_per_rule,
    maxModelFindings: given.max_model_findings,
    baseline: given.baseline ?? null,
    astGrep: given.ast_grep,
    instructions: given.instructions,
    namedRules: [
      given.rules,
      ...Object.values(given.languages).map(({ rules }) => rules),
      ...given.paths.map(({ rules }) => rules),
    ].flatMap((rules) => Object.keys(rules)),
    isIgnored: (path) => ignored.some((matches) => matches(path)),
    levelOf(rule, path, language) {
      // The most particular word wins: paths, the last first; then the language; then the rule for all.
      for (const entry of byPath.toReversed())
        if (entry.matches.some((matches) => matches(path))) {
          const level = levelIn(entry.rules, rule);
          if (level !== null) return level;
        }
      const own = Object.entries(given.languages).find(
        ([name]) => name.toLowerCase() === language?.toLowerCase(),
      );
      return (own && levelIn(own[1].rules, rule)) ?? levelIn(given.rules, rule);
    },
  };
}

function levelIn(rules: Readonly<Record<string, Severity | "off">>, rule: string): Severity | "off" | null {
  const slash = rule.indexOf("/");
  return rules[rule] ?? (slash < 0 ? null : rules[`${rule.slice(0, slash)}/*`]) ?? null;
}

/** As in `.gitattributes`, and `folder/` for everything below it. */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  return compileAttributePattern(pattern.endsWith("/") ? `${pattern}**` : pattern);
}
