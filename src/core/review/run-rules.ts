import { setImmediate } from "node:timers/promises";
import type { RawFinding } from "../../contracts/finding.ts";
import type { LanguageDefinition } from "../../contracts/language.ts";
import type {
  ReviewedChange,
  ReviewedFile,
  RuleDefinition,
  RuleHit,
  SyntaxRule,
} from "../../contracts/review-rule.ts";
import { createGrammars } from "../index/grammars.ts";
import { loadSyntaxQueries, type RuleMatch, type SyntaxQueries } from "./syntax-queries.ts";

export interface RuleRun {
  readonly findings: readonly RawFinding[];
  /** What was not looked at, and why. */
  readonly notes: readonly string[];
}

export interface RuleRunner {
  /**
   * Runs the rules that are on. A rule that fails on a file is a note; the rest goes on.
   * @throws what `signal` was aborted with
   */
  run(
    change: ReviewedChange,
    signal: AbortSignal,
    options: { readonly isOn: (ruleId: string) => boolean },
  ): Promise<RuleRun>;
  /** True when syntax is no longer read, or takes so much memory that a new thread or process should do it. */
  readonly isSpent: boolean;
}

export interface RuleLimits {
  /** Longer texts are not parsed, and not read by rules about one file. */
  readonly maxFileLength: number;
  readonly fileTimeoutMs: number;
  /** Of all files together; the rest is then not parsed. */
  readonly changeTimeoutMs: number;
  readonly maxFindingsPerRuleAndFile: number;
}

/** Hand-written files fit; what is longer is data or generated. */
const defaultRuleLimits: RuleLimits = {
  maxFileLength: 1_000_000,
  fileTimeoutMs: 2_000,
  changeTimeoutMs: 60_000,
  maxFindingsPerRuleAndFile: 100,
};

export function createRuleRunner(
  rules: readonly RuleDefinition[],
  languages: readonly LanguageDefinition[],
  {
    now = () => performance.now(),
    limits = defaultRuleLimits,
  }: {
    readonly now?: () => number;
    readonly limits?: RuleLimits;
  } = {},
): RuleRunner {
  const grammars = createGrammars();
  const syntaxRules = rules.filter((rule) => rule.kind === "syntax");
  const byLanguage = new Map<string, LanguageDefinition>();
  for (const definition of languages)
    for (const name of definition.languages) byLanguage.set(name, definition);
  const loading = new Map<string, Promise<SyntaxQueries | null>>();

  async function queriesFor(language: string | null): Promise<SyntaxQueries | null> {
    const definition = language === null ? undefined : byLanguage.get(language);
    if (definition === undefined || grammars.hasFailed) return null;
    const started = loading.get(definition.id) ?? loadSyntaxQueries(definition, syntaxRules, grammars, now);
    loading.set(definition.id, started);
    return started;
  }

  return {
    async run(change, signal, { isOn }) {
      const notes: string[] = [];
      const sink = createSink(limits, notes);
      const failedLanguages = new Set<string>();
      const end = now() + limits.changeTimeoutMs;
      let unparsed = 0;
      for (const file of change.files) {
        const active = rules.filter(
          (rule) => rule.kind !== "change" && isOn(rule.id) && concerns(rule, file),
        );
        if (active.length === 0) continue;
        // Parsing takes the thread; others wait no longer than for one file.
        await setImmediate();
        signal.throwIfAborted();
        for (const rule of active)
          if (rule.kind === "file")
            sink.attempt(rule, file.path, () => {
              for (const hit of rule.check(file)) sink.add(rule, file, hit);
            });
        const syntax = new Set<SyntaxRule>(active.filter((rule) => rule.kind === "syntax"));
        if (unparsed > 0 || now() > end) {
          if (syntax.size > 0) unparsed++;
          continue;
        }
        if (syntax.size === 0 || file.text === null || file.added.length === 0) continue;
        if (file.text.length > limits.maxFileLength) continue;
        let queries: SyntaxQueries | null;
        try {
          queries = await queriesFor(file.language);
        } catch (error) {
          if (!failedLanguages.has(file.language!))
            notes.push(`Rules about the syntax of ${file.language} were not run: ${reason(error)}`);
          failedLanguages.add(file.language!);
          continue;
        }
        if (queries === null) continue;
        try {
          const { isCut } = queries.find(file, limits.fileTimeoutMs, ({ rule, match }) => {
            if (syntax.has(rule)) sink.attempt(rule, file.path, () => addMatch(sink, { rule, match }));
          });
          if (isCut)
            notes.push(
              `${file.path} took longer than ${limits.fileTimeoutMs} ms to parse; rules about syntax saw part of it.`,
            );
        } catch (error) {
          // Out of memory or stack: WebAssembly is of no use from here on.
          grammars.giveUp();
          notes.push(
            `The parser failed at ${file.path}; rules about syntax were not run from there on: ${reason(error)}`,
          );
        }
      }
      if (unparsed > 0)
        notes.push(
          `After ${limits.changeTimeoutMs} ms ${unparsed} files were left unparsed; rules about syntax did not see them.`,
        );
      for (const rule of rules) {
        if (rule.kind !== "change" || !isOn(rule.id)) continue;
        signal.throwIfAborted();
        try {
          for (const hit of await rule.check(change, signal))
            sink.add(rule, change.file(hit.path ?? "") ?? null, hit);
        } catch (error) {
          signal.throwIfAborted();
          notes.push(`The rule ${rule.id} failed: ${reason(error)}`);
        }
      }
      return { findings: sink.findings, notes };
    },
    get isSpent() {
      return grammars.isSpent;
    },
  };
}

function concerns(rule: RuleDefinition, file: ReviewedFile): boolean {
  return (rule.roles ?? ["code"]).includes(file.role);
}

/** The lines of a match; where its first line is an old one, from the first that was added. */
function addMatch(sink: Sink, { rule, match }: RuleMatch): void {
  const said = rule.check === undefined ? {} : rule.check(match);
  if (said === null) return;
  const { node, file } = match;
  const start = node.startPosition.row + 1;
  const endLine =
    node.endPosition.row + (node.endPosition.column === 0 && node.endPosition.row >= start ? 0 : 1);
  let line = start;
  while (line < endLine && !file.isAdded(line, line)) line++;
  sink.add(rule, file, { line, endLine, ...said });
}

interface Sink {
  readonly findings: readonly RawFinding[];
  add(rule: RuleDefinition, file: ReviewedFile | null, hit: RuleHit): void;
  attempt(rule: RuleDefinition, path: string, look: () => void): void;
}

function createSink(limits: RuleLimits, notes: string[]): Sink {
  const findings: RawFinding[] = [];
  const counts = new Map<string, number>();
  const places = new Set<string>();
  const failed = new Set<string>();
  return {
    findings,
    add(rule, file, hit) {
      const path = hit.path ?? file?.path;
      if (path === undefined) return;
      const side = hit.side ?? "new";
      const endLine = Math.max(hit.line, hit.endLine ?? hit.line);
      if (side === "new" && hit.isConsequence === undefined && file?.isAdded(hit.line, endLine) !== true)
        return;
      const place = `${rule.id}\0${path}\0${hit.line}\0${side}\0${hit.subject ?? ""}`;
      if (places.has(place)) return;
      places.add(place);
      const key = `${rule.id}\0${path}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count > limits.maxFindingsPerRuleAndFile) return;
      findings.push({
        rule: rule.id,
        severity: hit.severity ?? rule.severity,
        category: rule.category,
        path,
        line: hit.line,
        endLine,
        side,
        message: hit.message ?? rule.message,
        why: hit.why ?? rule.why,
        suggestion: hit.suggestion ?? null,
        source: "rules",
        confidence: hit.confidence ?? rule.confidence,
        ...(hit.subject !== undefined && { subject: hit.subject }),
        ...(hit.isConsequence !== undefined && { isConsequence: hit.isConsequence }),
      });
    },
    attempt(rule, path, look) {
      try {
        look();
      } catch (error) {
        const key = `${rule.id}\0${path}`;
        if (!failed.has(key)) notes.push(`The rule ${rule.id} failed at ${path}: ${reason(error)}`);
        failed.add(key);
      }
    },
  };
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!.slice(0, 300);
}
