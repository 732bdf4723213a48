import { printableLine } from "../../base/text.ts";
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
    ({ path, startLine, note }) =>
      `- ${toCode(`${path}${startLine === undefined ? "" : `:${startLine}`}`)} ${note}`,
  );
  return [
    fact.statement,
    ...(fact.confidence === "likely" ? ["(Inferred, not stated anywhere.)"] : []),
    ...evidence,
  ].join("\n");
}

function nameOf({ path, startLine, endLine, symbol, kind }: AskPlace): string {
  const place = toCode(`${path}:${startLine}-${endLine}`);
  return symbol === null ? place : `the ${kind} ${toCode(symbol)} (${place})`;
}

function describeChange({ lastChange }: AskPlace): string {
  if (lastChange === null) return "";
  return ` Last changed ${lastChange.date.slice(0, 10)} by ${toText(lastChange.author)}: ${toText(lastChange.subject)} (${lastChange.commit.slice(0, 10)}).`;
}

/** Markdown for a name that may hold anything. */
function toCode(text: string): string {
  const fence = "`".repeat(
    (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0) + 1,
  );
  const space = /^`|`$/.test(text) ? " " : "";
  return `${fence}${space}${printableLine(text)}${space}${fence}`;
}

/** Markdown for words of a commit, which are neither links nor HTML. */
function toText(text: string): string {
  return printableLine(text).replace(/[\\`*_[\]<>!|]/g, String.raw`\$&`);
}
