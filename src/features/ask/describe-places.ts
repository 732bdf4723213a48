import type { AskPlace, AskResult } from "./ask-result.ts";

/** The deterministic answer as Markdown. */
export function describePlaces(places: readonly AskPlace[]): string {
  if (places.length === 0) return "Nothing in this commit was found that has to do with the question.";
  const [first, ...others] = places as [AskPlace, ...AskPlace[]];
  return [
    `Most likely in ${nameOf(first)}.`,
    "",
    ...[first, ...others].map(
      (place, at) => `${at + 1}. ${nameOf(place)}: ${place.reason}.${describeChange(place)}`,
    ),
  ].join("\n");
}

/** A fact as Markdown, with where it stands. */
export function describeFact(fact: NonNullable<AskResult["fact"]>): string {
  const evidence = fact.evidence.map(
    ({ path, startLine, note }) => `- \`${path}${startLine === undefined ? "" : `:${startLine}`}\` ${note}`,
  );
  return [
    fact.statement,
    ...(fact.confidence === "likely" ? ["(Inferred, not stated anywhere.)"] : []),
    ...evidence,
  ].join("\n");
}

function nameOf({ path, startLine, endLine, symbol, kind }: AskPlace): string {
  const place = `\`${path}:${startLine}-${endLine}\``;
  return symbol === null ? place : `the ${kind} \`${symbol}\` (${place})`;
}

function describeChange({ lastChange }: AskPlace): string {
  if (lastChange === null) return "";
  return ` Last changed ${lastChange.date.slice(0, 10)} by ${lastChange.author}: ${lastChange.subject} (${lastChange.commit.slice(0, 10)}).`;
}
