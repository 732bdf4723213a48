import type { Cache } from "../../contracts/cache.ts";
import type { RawFinding } from "../../contracts/finding.ts";
import type { ModelPart, ReviewResult } from "../../contracts/review.ts";
import type { OnProgress } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { parseBaseline } from "../../core/review/baseline.ts";
import { noModel } from "../../core/review/no-model.ts";
import { reviewChange } from "../../core/review/review-change.ts";
import { type Selection, selectFindings, type Silence } from "../../core/review/select-findings.ts";
import { reviewWithModel } from "./model/review-with-model.ts";
import type { PreparedReview } from "./prepare-review.ts";
import { openReviewTools } from "./review-tools.ts";

export interface RunOptions {
  /** Fingerprints that are to be left alone, instead of the baseline that the repository names. */
  readonly baseline: ReadonlySet<string> | null;
  /** Fingerprint → reason. */
  readonly dismissals: ReadonlyMap<string, string>;
  /** What other tools said already. */
  readonly foreign: readonly RawFinding[];
  readonly useModel: boolean;
  readonly model: string | undefined;
  readonly jobId: string | null;
  /** False: nothing that was found before is believed. */
  readonly useCache: boolean;
  /** Called before a model is asked: this part is done whatever becomes of that one. */
  readonly onDeterministic: (review: ReviewResult) => Promise<void>;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Reviews a change that was prepared: what needs no model first, then what a model adds. */
export async function runReview(
  prepared: PreparedReview,
  options: RunOptions,
  services: Services,
): Promise<ReviewResult> {
  const { change, settings } = prepared;
  const { signal } = options;
  const start = performance.now();
  options.onProgress({ stage: "review", fraction: null, message: `Looking at ${change.files.length} files` });
  const tools = await openReviewTools(services);
  const baseline = options.baseline ?? (await readBaseline(prepared));
  const silence: Silence = {
    settings,
    baseline: baseline ?? new Set(),
    dismissals: options.dismissals,
  };
  const userRules = await prepared.baseFiles.readAll(settings.astGrep);
  const linters =
    userRules.size === 0 ? tools.linters : [...tools.linters, ...(await services.userLinters(userRules))];
  const found = await reviewChange(
    change,
    silence,
    options.foreign,
    {
      runner: tools.runner,
      rules: tools.rules,
      rulesKey: tools.key,
      baseKey: prepared.base,
      linters,
      cache: options.useCache ? services.cache : null,
      now: () => performance.now(),
    },
    signal,
  );
  const misses = [
    ...(baseline === null
      ? [
          `repowright.toml names the baseline ${JSON.stringify(settings.baseline)}, which the base commit does not have; nothing is left alone for it.`,
        ]
      : []),
    ...(settings.astGrep.length > 0 && userRules.size === 0
      ? ["No file of the base commit is what ast_grep in repowright.toml names."]
      : []),
    ...unknownRules(settings, tools.rules),
  ];
  const build = (selection: Selection, model: ModelPart): ReviewResult => ({
    source: prepared.source,
    base: prepared.base,
    head: prepared.head,
    pull: prepared.pull,
    title: prepared.title,
    files: found.files,
    findings: [...selection.findings],
    suppressed: [...selection.suppressed],
    passes: found.passes,
    model,
    counts: countSeverities(selection.findings),
    notes: [...prepared.notes, ...misses, ...found.notes, ...selection.notes],
    tookMs: Math.round(performance.now() - start),
  });
  if (!options.useModel) return build(found.selection, noModel);
  const models = await services.models();
  if (models.availability("review", options.model).isAvailable)
    await options.onDeterministic(
      build(found.selection, { ...noModel, state: "awaited", message: "it has not answered yet" }),
    );
  const { part, findings } = await reviewWithModel(
    {
      // What is not to be reviewed is not to be sent anywhere either.
      change: { ...change, files: change.files.filter(({ path }) => !settings.isIgnored(path)) },
      // Nor is said again what somebody has silenced.
      findings: [...found.selection.findings, ...found.selection.suppressed.map(({ finding }) => finding)],
      title: prepared.title,
      body: prepared.body,
      instructions: settings.instructions,
      maxFindings: settings.maxModelFindings,
      openIndex: prepared.openIndex,
      model: options.model,
      jobId: options.jobId,
      onProgress: options.onProgress,
      signal,
    },
    options.useCache ? services : { ...services, cache: forgetful },
  );
  return build(selectFindings([...found.raw, ...findings], change, silence), part);
}

/** Our own rules that are named and do not exist; the names of others are theirs to know. */
function unknownRules(
  { namedRules }: PreparedReview["settings"],
  rules: readonly { readonly id: string }[],
): readonly string[] {
  const known = new Set(rules.map(({ id }) => id));
  const unknown = [...new Set(namedRules)].filter((name) => !name.includes("/") && !known.has(name));
  if (unknown.length === 0) return [];
  const names = unknown.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 100)));
  return [
    `repowright.toml speaks about ${names.join(", ")}${unknown.length > 5 ? " and more" : ""}, which ${unknown.length === 1 ? "is no rule" : "are no rules"}.`,
  ];
}

/** A cache that remembers nothing. */
const forgetful: Cache = { getMany: () => new Map(), get: () => null, putMany() {}, close() {} };

function countSeverities(findings: Selection["findings"]): ReviewResult["counts"] {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** Null: it names one that is not there, as it is until somebody has written it. */
async function readBaseline({ settings, baseFiles }: PreparedReview): Promise<ReadonlySet<string> | null> {
  if (settings.baseline === null) return new Set();
  const text = (await baseFiles.readAll([`/${settings.baseline}`])).values().next().value;
  return text === undefined ? null : parseBaseline(text, settings.baseline);
}
