import type { HistoryIndex } from "./history-index.ts";
import type { Query } from "./query.ts";
import { inverse } from "./text-signals.ts";

/** Scores of each file by what was said and done about it. */
export interface HistorySignals {
  /** BM25 over the messages of the commits that touched the file, as one document. */
  readonly messages: Float32Array;
  /** Files of the commits whose messages are most like the query. */
  readonly similar: Float32Array;
  /** How often it was touched, newer commits counting more. */
  readonly churn: Float32Array;
  /** How few commits ago it was touched last, from 1 for the newest. */
  readonly recent: Float32Array;
}

const k1 = 1.2;
const lengthShare = 0.75;
/** A word of the subject against one of the body. */
const subjectWeight = 2;
/** Commits after which a touch counts half. */
const halfLife = 400;
const nearestCommits = 60;
/** Commits in which "recent" falls to a third. */
const freshCommits = 60;

export function scoreHistory(history: HistoryIndex, query: Query): HistorySignals {
  const { facts, rows, starts, files } = history;
  const count = history.fileStarts.length - 1;
  const terms = query.terms;
  const messages = new Float32Array(count);
  const similar = new Float32Array(count);
  const churn = scoreChurn(history);
  const recent = scoreRecent(history);
  if (terms.length === 0) return { messages, similar, churn, recent };
  const slots = new Map(terms.map((term, at) => [term.hash, at]));
  const filter = new Uint8Array(4_096);
  for (const { hash } of terms) filter[hash & 4_095] = 1;
  const frequency = new Float32Array(count * terms.length);
  const lengths = new Float32Array(count);
  const commitsWith = new Uint32Array(terms.length);
  const matches: { readonly at: number; readonly found: Float32Array; readonly length: number }[] = [];
  let found = new Float32Array(terms.length);
  const { messageTerms } = facts;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const from = facts.messageStarts[row]!;
    const subjectEnd = facts.subjectEnds[row]!;
    const to = facts.messageStarts[row + 1]!;
    const length = subjectWeight * (subjectEnd - from) + (to - subjectEnd);
    const touched = starts[at + 1]! - starts[at]!;
    // What is said of many files says less about each.
    const share = touched === 0 ? 0 : 1 / Math.sqrt(touched);
    for (let place = starts[at]!; place < starts[at + 1]!; place++) lengths[files[place]!]! += length * share;
    let isMatch = false;
    for (let place = from; place < to; place++) {
      const hash = messageTerms[place]!;
      if (filter[hash & 4_095] === 0) continue;
      const slot = slots.get(hash);
      if (slot === undefined) continue;
      isMatch = true;
      found[slot]! += place < subjectEnd ? subjectWeight : 1;
    }
    if (!isMatch || touched === 0) {
      if (isMatch) found.fill(0);
      continue;
    }
    for (let term = 0; term < terms.length; term++) {
      if (found[term] === 0) continue;
      commitsWith[term]!++;
      for (let place = starts[at]!; place < starts[at + 1]!; place++)
        frequency[files[place]! * terms.length + term]! += found[term]! * share;
    }
    matches.push({ at, found, length });
    found = new Float32Array(terms.length);
  }
  const filesWith = new Uint32Array(terms.length);
  let lengthSum = 0;
  let documents = 0;
  for (let file = 0; file < count; file++) {
    if (lengths[file]! > 0) {
      documents++;
      lengthSum += lengths[file]!;
    }
    for (let term = 0; term < terms.length; term++)
      if (frequency[file * terms.length + term]! > 0) filesWith[term]!++;
  }
  const idf = inverse(filesWith, Math.max(1, documents));
  const average = lengthSum / Math.max(1, documents) || 1;
  for (let file = 0; file < count; file++) {
    const norm = 1 - lengthShare + (lengthShare * lengths[file]!) / average;
    let concept = -1;
    let best = 0;
    for (let term = 0; term < terms.length; term++) {
      if (terms[term]!.concept !== concept) {
        messages[file]! += best;
        best = 0;
        concept = terms[term]!.concept;
      }
      const times = frequency[file * terms.length + term]! / norm;
      if (times > 0)
        best = Math.max(best, (terms[term]!.weight * idf[term]! * times * (k1 + 1)) / (times + k1));
    }
    messages[file]! += best;
  }
  voteByCommits();
  return { messages, similar, churn, recent };

  function voteByCommits(): void {
    const commitIdf = inverse(commitsWith, rows.length);
    const likeness = matches.map(({ at, found: words, length }) => {
      let score = 0;
      for (let term = 0; term < terms.length; term++)
        if (words[term]! > 0)
          score += terms[term]!.weight * commitIdf[term]! * commitIdf[term]! * Math.min(2, words[term]!);
      return { at, score: score / Math.sqrt(4 + length) };
    });
    likeness.sort((a, b) => b.score - a.score || a.at - b.at);
    const best = likeness[0]?.score ?? 0;
    if (best <= 0) return;
    for (const { at, score } of likeness.slice(0, nearestCommits)) {
      const touched = starts[at + 1]! - starts[at]!;
      const vote = (score / best) ** 2 / Math.sqrt(touched);
      for (let place = starts[at]!; place < starts[at + 1]!; place++) similar[files[place]!]! += vote;
    }
  }
}

function scoreRecent({ fileStarts, positions }: HistoryIndex): Float32Array {
  const recent = new Float32Array(fileStarts.length - 1);
  for (let file = 0; file < recent.length; file++)
    if (fileStarts[file + 1]! > fileStarts[file]!)
      recent[file] = Math.exp(-positions[fileStarts[file]!]! / freshCommits);
  return recent;
}

function scoreChurn({ rows, starts, files, fileStarts }: HistoryIndex): Float32Array {
  const churn = new Float32Array(fileStarts.length - 1);
  for (let at = 0; at < rows.length; at++) {
    const touched = starts[at + 1]! - starts[at]!;
    if (touched === 0) continue;
    const weight = 2 ** (-at / halfLife) / Math.sqrt(touched);
    if (weight < 1e-6) break;
    for (let place = starts[at]!; place < starts[at + 1]!; place++) churn[files[place]!]! += weight;
  }
  for (let file = 0; file < churn.length; file++) churn[file] = Math.log1p(churn[file]! * 4);
  return churn;
}
