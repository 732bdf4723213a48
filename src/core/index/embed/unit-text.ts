import { type BlobRecord, unitKindOf } from "../records/blob-record.ts";
import { lexSyntaxOf, lexWords, wordPlace } from "../records/lex.ts";
import type { IndexedFile } from "../search/search-index.ts";
import { fullName } from "../search/unit-at.ts";

/** About 500 tokens of code: what small models read, and the beginning says most. */
const maxCharacters = 1_600;
/** With fewer words there is nothing that a vector could tell apart. */
const fewestWords = 4;

/**
 * Whether the pieces of a file get vectors. Tests, other people's and generated code would be most of all pieces and
 * crowd out what is asked for; data says nothing.
 */
export function isEmbedded({ record, traits }: IndexedFile): boolean {
  return record !== null && !traits.test && !traits.vendored && !traits.generated && !traits.data;
}

/** A definition has its name, and what is in it; a passage may be a brace. */
export function hasText(record: BlobRecord, unit: number): boolean {
  return unitKindOf(record, unit) !== "chunk" || record.unitWords[unit]! >= fewestWords;
}

/**
 * What is embedded for a piece: its path, its name with those around it, and its lines from the comment above it on, without
 * blank lines and common indentation, up to a length. The same content gives the same text, whatever the model.
 */
export function toUnitText(
  path: string,
  record: BlobRecord,
  unit: number,
  lines: readonly string[],
  maySay: (line: number) => boolean = () => true,
): string {
  const own: string[] = [];
  let length = 0;
  let indent = Infinity;
  for (
    let line = record.unitStarts[unit]!;
    line <= record.unitEnds[unit]! && length < maxCharacters;
    line++
  ) {
    const text = lines[line - 1]?.trimEnd() ?? "";
    if (text === "" || !maySay(line)) continue;
    own.push(text);
    length += text.length;
    indent = Math.min(indent, text.length - text.trimStart().length);
  }
  const head = [path, fullName(record, unit)].filter((part) => part !== "").join("\n");
  const body = own.map((text) => text.slice(indent)).join("\n");
  return `${head}\n${body}`.slice(0, maxCharacters).toWellFormed();
}

/** Whether each line holds more than a comment; for measuring with questions that were taken from comments. */
export function findCodeLines(text: string, language: string | null): (line: number) => boolean {
  const comments = new Set<number>();
  const code = new Set<number>();
  lexWords(text, lexSyntaxOf(language), (_start, _end, line, place) => {
    (place === wordPlace.comment ? comments : code).add(line);
  });
  return (line) => code.has(line) || !comments.has(line);
}
