import { hashTerm, splitWord, stemOf } from "../records/words.ts";
import { synonymsOf } from "./synonyms.ts";

/** A query taken apart. */
export interface Query {
  readonly text: string;
  readonly terms: readonly QueryTerm[];
  /** A question about how it is. */
  readonly isQuestion: boolean;
  /** Words of a change that is to be made, as the subject of a commit. */
  readonly isChange: boolean;
  /** Whether it asks for tests, documentation … which otherwise stand back. */
  readonly wants: {
    readonly tests: boolean;
    readonly docs: boolean;
    readonly vendored: boolean;
    readonly generated: boolean;
  };
}

export interface QueryTerm {
  readonly text: string;
  readonly hash: number;
  /** 1 for an ordinary word. */
  readonly weight: number;
  /** Terms of the same number, which stand one after the other, are said for the same thing: the best of them counts. */
  readonly concept: number;
}

/** Terms of one query; what is longer is cut, rarest kept by order of appearance. */
const maxTerms = 64;
/** Beside what was asked for, what may be meant: a question seldom has the words of the code. */
const synonymWeight = 0.5;
const question =
  /\?\s*$|^\s*(?:where|how|what|which|who|whose|when|why|(?:does|do|did|is|are|was|were|can|could|should|must|will|would) (?:the|it|its|this|that|these|those|there|we|you|they|i|one|a|an|any|all)|in which|at which|from where|explain|describe|show me|tell me)\b/i;
const change =
  /^\s*(?![\w.]*(?:error|exception|warning|panic|fatal)(?:\[\w+\])?:)(?:(?:\[[^\]]+\]|[\w./-]+(?:\([^)]*\))?!?:)\s+\S|(?:add|fix|remove|update|change|improve|refactor|rename|move|bump|upgrade|allow|support|make|use|avoid|prevent|ensure|do not|don't|drop|deprecate|revert|implement|introduce|merge|clean|correct|replace|enable|disable|simplify|optimi[sz]e|extract|migrate|switch|reduce|increase|tweak|adjust|expose|restore|prefer|skip|stop|document|delete|release|prepare|rewrite|split|handle)\b)|\(#\d+\)\s*$/i;
const stopWords = new Set(
  "a about again all also an and another any are as at be been but by can could did do does for from had has have how i if in into is it its me my no not of on or our should so some such than that the their them then there these they this those to too us was we were what when where which while who whom why will with would you your".split(
    " ",
  ),
);
/** `fix(parser): …`: the kind of change is not in the code, what stands in brackets is. */
const changeKind =
  /^\s*(?:fix|feat|feature|chore|refactor|perf|style|build|ci|docs?|tests?|revert|bug(?:fix)?|wip|hotfix)(?=[\s(:!/])(\([^)]*\))?!?:?/i;
const wordPattern = /[\p{L}\p{M}\p{N}_]+/gu;

export function parseQuery(text: string): Query {
  const weights = new Map<string, number>();
  const body = text.replace(changeKind, (_, scope: string | undefined) => scope ?? " ");
  for (const word of (body.trim() === "" ? text : body).match(wordPattern) ?? []) {
    if (stopWords.has(word.toLowerCase())) continue;
    for (const term of splitWord(word)) weights.set(term, Math.min(2, (weights.get(term) ?? 0) + 1));
  }
  const isQuestion = question.test(text);
  const terms: QueryTerm[] = [];
  const taken = new Set(weights.keys());
  for (const [term, weight] of [...weights].slice(0, maxTerms)) {
    const concept = terms.length;
    terms.push({ text: term, hash: hashTerm(term), weight, concept });
    if (!isQuestion) continue;
    for (const synonym of synonymsOf(term)) {
      if (taken.has(synonym)) continue;
      taken.add(synonym);
      terms.push({ text: synonym, hash: hashTerm(synonym), weight: weight * synonymWeight, concept });
    }
  }
  const lower = new Set((text.toLowerCase().match(wordPattern) ?? []).map(stemOf));
  return {
    text,
    terms,
    isQuestion,
    isChange: !isQuestion && change.test(text),
    wants: {
      tests: ["test", "spec", "fixtur", "mock", "e2e"].some((word) => lower.has(word)),
      docs: ["doc", "readm", "document", "changelog", "guid", "typo"].some((word) => lower.has(word)),
      vendored: ["vendor", "third", "dep", "depend", "upgrad", "bump"].some((word) => lower.has(word)),
      generated: ["gener", "lock", "snapshot"].some((word) => lower.has(word)),
    },
  };
}
