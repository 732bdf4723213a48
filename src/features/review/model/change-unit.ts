import { fenceBlock } from "./fence.ts";
import { formatShown, type ShownLine } from "./shown-lines.ts";

/** A definition that added lines use, from outside of the change. */
export interface ShownDefinition {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  /** Ready to be shown. */
  readonly text: string;
}

/** One place of a change, small enough to be asked about: a hunk, or a part of a long one. */
export interface ChangeUnit {
  readonly path: string;
  /** Path as it is shown: on one line, and not longer than it should be. */
  readonly name: string;
  /** Status and language. */
  readonly facts: string;
  /** What Git prints behind the hunk's numbers. */
  readonly heading: string;
  readonly lines: readonly ShownLine[];
  readonly definitions: readonly ShownDefinition[];
}

export function formatUnit({ name, facts, heading, lines }: ChangeUnit): string {
  const shown = formatShown(lines);
  // No line of code begins like this: they all have a mark before them.
  return fenceBlock(`File ${name} (${facts})`, heading === "" ? shown : `@ ${heading}\n${shown}`);
}

export function formatDefinition({ name, path, line, text }: ShownDefinition): string {
  return fenceBlock(`From ${path}:${line} ${name}`, text);
}

/**
 * What an answer about a unit rests on. Without numbers of lines: what is added above does not change what a hunk says.
 */
export function identifyUnit({ path, facts, heading, lines, definitions }: ChangeUnit): readonly unknown[] {
  return [
    path,
    facts,
    heading,
    lines.map(({ mark, text }) => mark + text),
    definitions.map(({ path: at, text }) => [at, text]),
  ];
}
