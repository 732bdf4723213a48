import { createHash } from "node:crypto";
import type { Linter } from "../../contracts/linter.ts";
import type { RuleDefinition } from "../../contracts/review-rule.ts";
import type { Services } from "../../contracts/services.ts";
import { createRuleRunner, type RuleRunner } from "../../core/review/run-rules.ts";

/** Everything deterministic that looks at changes, kept by this process. */
export interface ReviewTools {
  readonly rules: readonly RuleDefinition[];
  readonly runner: RuleRunner;
  readonly linters: readonly Linter[];
  /** Stands for all of them in keys of caches. */
  readonly key: string;
}

const memoryKey = "review/tools";
/** Grammars and queries of a few languages. */
const estimatedBytes = 48 * 2 ** 20;

export async function openReviewTools(services: Services): Promise<ReviewTools> {
  const tools = await services.memory.keep(
    memoryKey,
    () => load(services),
    () => estimatedBytes,
  );
  if (!tools.runner.isSpent) return tools;
  services.memory.forget(memoryKey);
  return services.memory.keep(
    memoryKey,
    () => load(services),
    () => estimatedBytes,
  );
}

async function load(services: Services): Promise<ReviewTools> {
  const [rules, languages, linters] = await Promise.all([
    services.rules(),
    services.languages(),
    services.linters(),
  ]);
  return {
    rules,
    runner: createRuleRunner(rules, languages),
    linters,
    key: keyOf(rules, linters, services.version),
  };
}

/** Rules as they are written: whoever changes one while developing must not see what the old one found. */
function keyOf(rules: readonly RuleDefinition[], linters: readonly Linter[], version: string): string {
  const hash = createHash("sha256").update(version);
  for (const rule of rules)
    hash.update(
      JSON.stringify(rule, (_, value: unknown) => (typeof value === "function" ? String(value) : value)),
    );
  for (const { id, version: own } of linters) hash.update(`\0${id}\0${own}`);
  return hash.digest("base64url");
}
