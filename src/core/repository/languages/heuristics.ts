import { type Condition, linguist } from "./linguist-data.ts";

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
  return heuristic.rules.find(({ all }) => all.every((condition) => holds(condition, text)))?.languages ?? [];
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
