import { commitTypes, type CommitType } from "./commit-facts.ts";

const conventional: Readonly<Record<string, CommitType>> = {
  feat: "feat",
  feature: "feat",
  fix: "fix",
  bugfix: "fix",
  hotfix: "fix",
  docs: "docs",
  doc: "docs",
  test: "test",
  tests: "test",
  refactor: "refactor",
  perf: "perf",
  build: "build",
  deps: "build",
  ci: "ci",
  style: "style",
  chore: "chore",
  revert: "revert",
  release: "release",
};

/** First words that people write where there is no convention. */
const words: readonly (readonly [RegExp, CommitType])[] = [
  [/^merge (branch|pull|remote|tag|commit)\b/i, "merge"],
  [/^revert\b/i, "revert"],
  [/^(release|bump version|version|v?\d+\.\d+)\b/i, "release"],
  [/^(fix(e[sd])?|bugfix|hotfix|resolve[sd]?|correct(s|ed)?)\b/i, "fix"],
  [/^(doc|docs|document(s|ed|ation)?|readme|changelog|typo|comment)\b/i, "docs"],
  [/^(test|tests|testing)\b|^add(s|ed)? (.+ )?tests?\b/i, "test"],
  [
    /^(refactor(s|ed|ing)?|clean(s|ed)?|cleanup|simplif(y|ies|ied)|rename[sd]?|move[sd]?|remove[sd]?|delete[sd]?)\b/i,
    "refactor",
  ],
  [/^(optimi[sz]e[sd]?|perf|speed)\b/i, "perf"],
  [/^(bump|upgrade[sd]?|update[sd]? dependenc)\b/i, "build"],
  [/^(ci|travis|github actions|appveyor)\b/i, "ci"],
  [/^(format|lint|style|whitespace|indent)\b/i, "style"],
  [
    /^(add(s|ed)?|implement(s|ed)?|support(s|ed)?|introduce[sd]?|allow(s|ed)?|new|create[sd]?|enable[sd]?)\b/i,
    "feat",
  ],
];

const prefix = /^([a-z]+)(?:\([^)]*\))?!?:/i;

/** Index into `commitTypes` for a subject line. */
export function commitTypeOf(subject: string): number {
  const named = prefix.exec(subject)?.[1]?.toLowerCase();
  const byPrefix =
    named === undefined ? undefined : Object.hasOwn(conventional, named) ? conventional[named] : undefined;
  const type = byPrefix ?? words.find(([pattern]) => pattern.test(subject))?.[1] ?? "other";
  return commitTypes.indexOf(type);
}
