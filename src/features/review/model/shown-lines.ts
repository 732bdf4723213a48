import type { DiffLine } from "../../../contracts/diff.ts";
import { costInThirds, cutToTokens } from "./cut-text.ts";
import { redactLines, showHidden } from "./shown-text.ts";

/** A line of a diff as a model sees it. */
export interface ShownLine {
  readonly mark: "+" | "-" | " ";
  /** Number after the change; null of removed lines. */
  readonly line: number | null;
  readonly text: string;
  /** Whether that is what stands in the file: no secret was taken out, nothing was cut or made visible. */
  readonly isExact: boolean;
}

export interface ShowOptions {
  readonly lineTokens: number;
  readonly secrets: readonly string[];
}

const marks = { added: "+", removed: "-", context: " " } as const;
const cutMark = " …";

export function showLines(
  lines: readonly Pick<DiffLine, "kind" | "text" | "newLine">[],
  { lineTokens, secrets }: ShowOptions,
): readonly ShownLine[] {
  const texts = lines.map(({ text }) => text.replace(/\r$/, ""));
  // A letter costs a third of a token at least.
  const short = texts.map((text) => (text.length > lineTokens * 6 ? text.slice(0, lineTokens * 6) : text));
  return redactLines(short, secrets).map((safe, at) => {
    const visible = showHidden(safe);
    const fitting = cutToTokens(visible, lineTokens);
    const isCut = fitting !== visible || short[at] !== texts[at];
    return {
      mark: marks[lines[at]!.kind],
      line: lines[at]!.newLine,
      text: isCut ? fitting + cutMark : fitting,
      isExact: !isCut && fitting === texts[at],
    };
  });
}

/** One line for each: number, mark, text. */
export function formatShown(lines: readonly ShownLine[]): string {
  const width = String(lines.findLast(({ line }) => line !== null)?.line ?? "").length;
  return lines
    .map(({ line, mark, text }) => `${String(line ?? "").padStart(width)} ${mark} ${text}`.trimEnd())
    .join("\n");
}

/** The most letters that come before the text of a line, its end included. */
const columnLetters = 13;

/** What a line takes of a prompt, in thirds of tokens. */
export function costOfLine({ text }: ShownLine): number {
  return costInThirds(text) + columnLetters;
}
