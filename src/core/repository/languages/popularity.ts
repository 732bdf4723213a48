import { linguist, lookUp } from "./linguist-data.ts";

/** GitHub's own list of the languages people pick most, most general first. */
const popular = [
  "JavaScript",
  "Python",
  "Java",
  "TypeScript",
  "C#",
  "C++",
  "C",
  "PHP",
  "Shell",
  "Ruby",
  "Go",
  "HTML",
  "CSS",
  "Rust",
  "Kotlin",
  "Swift",
  "Dart",
  "Scala",
  "Objective-C",
  "Perl",
  "PowerShell",
  "Groovy",
  "Elixir",
  "CoffeeScript",
  "DM",
];

/**
 * The choice among candidates that content could not decide, where Linguist would ask a classifier trained on
 * samples we do not carry: the most popular one, else the one whose own first extension this is, else the
 * first by name. The same for the same key and candidates, always.
 */
export function preferredLanguage(key: string, candidates: readonly string[]): string {
  const known = popular.find((name) => candidates.includes(name));
  if (known !== undefined) return known;
  const owner = lookUp(linguist.primary, key);
  if (owner !== undefined && candidates.includes(owner)) return owner;
  return [...candidates].sort()[0] ?? "";
}
