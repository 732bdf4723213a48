import type { Cache } from "../../contracts/cache.ts";
import type { RawFinding } from "../../contracts/finding.ts";
import type { ModelPart, ReviewResult } from "../../contracts/review.ts";
import type { OnProgress } from "../../contracts/repository.ts";
import type { Services } from "../../contracts/services.ts";
import { parseBaseline } from "../../core/review/baseline.ts";
import { noModel } from "../../core/review/no-model.ts";
import { type DeterministicReview, reviewChange } from "../../core/review/review-change.ts";
import { type Selection, selectFindings, type Silence } from "../../core/review/select-findings.ts";
import type { LocatedReview } from "./locate-review.ts";
import { reviewWithModel } from "./model/review-with-model.ts";
import type { PreparedReview } from "./prepare-review.ts";
import { createReviewMemory } from "./review-memory.ts";
import { openReviewTools, type ReviewTools } from "./review-tools.ts";

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

/**
 * Reviews a change that was located: what needs no model first, then what a model adds. What was reviewed before is not
 * even opened. @throws AppError of `LocatedReview.open`, and `model-calls-at-server`
 */
export async function runReview(
  located: LocatedReview,
  options: RunOptions,
  services: Services,
): Promise<ReviewResult> {
  const start = performance.now();
  const tookMs = (): number => Math.round(performance.now() - start);
  const tools = await openReviewTools(services);
  const models = options.useModel ? await services.models() : null;
  const availability = models?.availability("review", options.model) ?? null;
  const memory = createReviewMemory(options.useCache ? services.cache : null, [
    tools.key,
    limitsOf(services),
    options.baseline === null ? null : [...options.baseline],
    [...options.dismissals],
    options.foreign,
    availability,
    availability?.isAvailable === true ? modelContextOf(located, services) : null,
  ]);
  const isRepeatable = availability?.isAvailable !== true || services.config.values["llm.cache_age"] > 0;
  const known = located.identity === null || !isRepeatable ? null : memory.recall(located.identity);
  if (known !== null) {
    const { source, pull, title } = located;
    return { ...known, source, pull, title, notes: [...located.notes, ...known.notes], tookMs: tookMs() };
  }
  const prepared = await located.open();
  const found = await lookAt(prepared, tools, options, services);
  const build = (selection: Selection, model: ModelPart): ReviewResult => ({
    source: prepared.source,
    base: prepared.base,
    head: prepared.head,
    pull: prepared.pull,
    title: prepared.title,
    files: found.review.files,
    findings: [...selection.findings],
    suppressed: [...selection.suppressed],
    passes: found.review.passes,
    model,
    counts: countSeverities(selection.findings),
    notes: [...prepared.notes, ...found.misses, ...found.review.notes, ...selection.notes],
    tookMs: tookMs(),
  });
  const keep = (review: ReviewResult): ReviewResult => {
    const isWhole =
      prepared.isWhole() &&
      found.review.notes.length === 0 &&
      found.review.passes.every(({ state }) => state !== "failed");
    if (isWhole && isRepeatable && prepared.identity !== null)
      memory.keep(prepared.identity, { ...review, notes: review.notes.slice(prepared.notes.length) });
    return review;
  };
  const { selection, raw } = found.review;
  if (availability === null) return keep(build(selection, noModel));
  if (availability.isAvailable)
    await options.onDeterministic(
      build(selection, { ...noModel, state: "awaited", message: "it has not answered yet" }),
    );
  const { settings, change } = prepared;
  const { part, findings, isWhole } = await reviewWithModel(
    {
      // What is not to be reviewed is not to be sent anywhere either.
      change: { ...change, files: change.files.filter(({ path }) => !settings.isIgnored(path)) },
      // Nor is said again what somebody has silenced.
      findings: [...selection.findings, ...selection.suppressed.map(({ finding }) => finding)],
      title: prepared.title,
      body: prepared.body,
      instructions: settings.instructions,
      maxFindings: settings.maxModelFindings,
      openIndex: prepared.openIndex,
      model: options.model,
      jobId: options.jobId,
      onProgress: options.onProgress,
      signal: options.signal,
    },
    options.useCache ? services : { ...services, cache: forgetful },
  );
  const review = build(selectFindings([...raw, ...findings], change, found.silence), part);
  return isWhole ? keep(review) : review;
}

interface Found {
  readonly review: DeterministicReview;
  readonly silence: Silence;
  /** What the settings name and is not there. */
  readonly misses: readonly string[];
}

async function lookAt(
  prepared: PreparedReview,
  tools: ReviewTools,
  options: RunOptions,
  services: Services,
): Promise<Found> {
  const { change, settings } = prepared;
  options.onProgress({ stage: "review", fraction: null, message: `Looking at ${change.files.length} files` });
  const baseline = options.baseline ?? (await readBaseline(prepared));
  const silence: Silence = {
    settings,
    baseline: baseline ?? new Set(),
    dismissals: options.dismissals,
  };
  const userRules = await prepared.baseFiles.readAll(settings.astGrep);
  const linters =
    userRules.size === 0 ? tools.linters : [...tools.linters, ...(await services.userLinters(userRules))];
  const review = await reviewChange(
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
    options.signal,
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
  return { review, silence, misses };
}

/** Settings that decide what of a change is looked at. */
function limitsOf({ config: { values } }: Services): readonly unknown[] {
  return [values["limits.parse_bytes"], values["limits.paths"]];
}

/** What decides a model's answers, beside its name and the change. */
function modelContextOf(
  { title, body }: LocatedReview,
  { config: { values } }: Services,
): readonly unknown[] {
  return [values["llm.addresses"], values["llm.context_window"], title, body];
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
