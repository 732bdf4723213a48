import { setImmediate } from "node:timers/promises";
import type { Cache } from "../../../contracts/cache.ts";
import type { Snapshot } from "../../../contracts/repository.ts";
import type { Services } from "../../../contracts/services.ts";
import { readTree } from "../../repository/tree.ts";
import { prepareCases } from "../evaluation/commit-cases.ts";
import { maskQuery } from "../evaluation/splits.ts";
import { type LearnCase, learnWeights, type LearntWeights, toLearnCase } from "./learn-weights.ts";
import type { LoadIndexOptions } from "./load-index.ts";
import { parseQuery } from "./query.ts";
import { isComplete, rankFiles } from "./rank-files.ts";
import type { SignalWeights } from "./signals.ts";
import { changeWeights } from "./weights.ts";

/** Raise when signals or the way of learning change. */
const version = "weights/1";
/** Learning again after so many more commits. */
const commitsUntilStale = 200;
/** Histories of one repository that were learnt from: its newest, and those of older revisions. */
const maxKept = 4;
/** Fewer cases teach nothing. */
export const minLearnCases = 40;
const usualCommits = 120;
const maxFiles = 10;
/** An older parent brings as many contents as were changed since; these are read and kept. */
const contentsBeside = 3_000;
/** A question without names teaches what to do with such; it is not asked as often. */
const maskedWeight = 0.5;

/** What was learnt of a repository at one commit. */
interface KeptWeights {
  readonly commit: string;
  /** How many commits it had. */
  readonly commits: number;
  /** Null when nothing better than the shipped weights was found. */
  readonly weights: SignalWeights | null;
}

export interface RepositoryWeights {
  readonly weights: SignalWeights;
  /** The commit they were learnt at; null for the shipped ones. */
  readonly learntAt: string | null;
  /** Whether learning now may give better ones. */
  readonly isStale: boolean;
}

/**
 * Weights for a snapshot: learnt from its own history, or the shipped ones. What was learnt at a commit that the
 * snapshot does not contain is not used: it knows what came later. `oids` are the commits of the snapshot's history.
 */
export function loadWeights(snapshot: Snapshot, cache: Cache, oids: readonly string[]): RepositoryWeights {
  const own = new Set(oids);
  const [newest] = readKept(cache, snapshot.repository.gitDir)
    .filter(({ commit }) => own.has(commit))
    .sort((a, b) => b.commits - a.commits);
  if (newest === undefined) return { weights: changeWeights, learntAt: null, isStale: true };
  const isStale = oids.length - newest.commits > commitsUntilStale;
  return newest.weights === null
    ? { weights: changeWeights, learntAt: null, isStale }
    : { weights: newest.weights, learntAt: newest.commit, isStale };
}

export interface LearnRepositoryOptions extends Pick<LoadIndexOptions, "signal" | "onProgress"> {
  /** False: contents are read anew. Default: true. */
  readonly useCache?: boolean;
  /** Newest commits to learn from. */
  readonly commits?: number;
}

/** What learning came to; see `learnWeights`. */
export interface RepositoryLearning extends LearntWeights {
  /** Commits that were questions. */
  readonly cases: number;
}

/**
 * Learns weights from the commits before a snapshot and keeps them for it and what comes after. With fewer than
 * 40 usable commits, and where learning does not prove itself, the shipped weights stay; that is kept, too.
 */
export async function learnRepositoryWeights(
  snapshot: Snapshot,
  services: Services,
  options: LearnRepositoryOptions,
): Promise<RepositoryLearning> {
  const { git, cache, config } = services;
  const tree = await readTree(snapshot, git, {
    maxPaths: config.values["limits.paths"],
    signal: options.signal,
  });
  const prepared = await prepareCases(snapshot, services, {
    useCache: options.useCache ?? true,
    signal: options.signal,
    onProgress: options.onProgress,
    commits: options.commits ?? usualCommits,
    maxFiles,
    maxContents: Math.round(1.5 * tree.entries.length) + contentsBeside,
  });
  const cases: LearnCase[] = [];
  let usable = 0;
  for (const { case: one, index, relevant } of prepared.each()) {
    const questions = [one.subject, maskQuery(one.subject, one.paths)];
    for (const [at, question] of questions.entries()) {
      if (question === null) continue;
      const query = parseQuery(question);
      // These have weights of their own, which are not learnt.
      if (query.isQuestion) continue;
      const ranked = rankFiles(index, query, { weights: changeWeights });
      cases.push(toLearnCase(ranked, relevant, at === 0 ? 1 : maskedWeight));
    }
    usable++;
    options.onProgress({
      stage: "learn",
      fraction: usable / prepared.cases.length,
      message: "Learning from older commits",
    });
    // Lets Ctrl-C in.
    await setImmediate();
    options.signal.throwIfAborted();
  }
  const learning = learnWeights(usable < minLearnCases ? [] : cases, changeWeights);
  const kept: KeptWeights = {
    commit: snapshot.commit,
    commits: prepared.commits,
    weights: learning.isLearnt ? learning.weights : null,
  };
  const { gitDir } = snapshot.repository;
  const others = readKept(cache, gitDir).filter(({ commit }) => commit !== kept.commit);
  const value = JSON.stringify([kept, ...others].slice(0, maxKept));
  cache.putMany(version, [[gitDir, Buffer.from(value)]]);
  return { ...learning, cases: usable };
}

function readKept(cache: Cache, gitDir: string): readonly KeptWeights[] {
  const bytes = cache.get(version, gitDir);
  if (bytes === null) return [];
  try {
    const kept = JSON.parse(Buffer.from(bytes).toString("utf8")) as KeptWeights[];
    return kept.filter(({ weights }) => weights === null || isComplete(weights));
  } catch {
    return [];
  }
}
