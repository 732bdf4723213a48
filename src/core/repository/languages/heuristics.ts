import { type Condition, linguist } from "./linguist-data.ts";

/** Longer runs are cut before matching: several of Linguist's expressions take quadratic time on them. */
const runLimits = { spaces: 256, wordCharacters: 1024 };
const longRuns = new RegExp(`\\s{${runLimits.spaces},}|\\w{${runLimits.wordCharacters},}`, "g");

const compiled = new Map<string, RegExp>();

/**
 * The languages of the first rule in Linguist's heuristics that holds for the text, for a name that ends in
 * one of the rule's extensions. Null when no heuristic knows the extension, empty when none of its rules holds.
 */
export function applyHeuristics(key: string, text: string): readonly string[] | null {
  const name = key.toLowerCase();
  const heuristic = linguist.heuristics.find(({ extensions }) =>
    extensions.some((end) => name.endsWith(end)),
  );
  if (heuristic === undefined) return null;
  const tame = hasLongRun(text) ? text.replaceAll(longRuns, cutRun) : text;
  return heuristic.rules.find(({ all }) => all.every((condition) => holds(condition, tame)))?.languages ?? [];
}

function cutRun(run: string): string {
  return run.slice(0, /\s/.test(run) ? runLimits.spaces : runLimits.wordCharacters);
}

/** A loop, because looking for such runs with an expression takes longer than all the heuristics. */
function hasLongRun(text: string): boolean {
  let run = 0;
  let wasInk = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // Punctuation counts as ink too: a run that is found without need costs time, not correctness.
    const isInk = code > 32;
    run = isInk === wasInk ? run + 1 : 1;
    wasInk = isInk;
    if (run >= runLimits.spaces) return true;
  }
  return false;
}

function holds([wanted, expressions]: Condition, text: string): boolean {
  return expressions.some(([source, flags]) => compile(source, flags).test(text)) === wanted;
}

function compile(source: string, flags: string): RegExp {
  const key = `${flags}/${source}`;
  let expression = compiled.get(key);
  if (expression === undefined) compiled.set(key, (expression = new RegExp(source, flags)));
  return expression;
}
