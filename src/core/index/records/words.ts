import { stemmer } from "stemmer";

/** What one word of a text is indexed as. */
export interface Word {
  /** Hash of the word as it is written: what a reference is compared by. */
  readonly exact: number;
  /** Hashes of its stemmed parts, in order, and of the whole when it has several parts. */
  readonly terms: readonly number[];
}

const maxWordLength = 64;
/** Distinct words remembered by one reader; a repository of a million lines has about half as many. */
const maxRemembered = 300_000;
/** `XMLHttpRequest2` → XML Http Request2; digits stay with the letters before them. */
const partPattern = /\p{Lu}+(?!\p{Ll})\d*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+\d*|\p{Lu}+\d*|\d+/gu;
const han = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;
const hanRuns = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+|[^\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+/g;
/** Beyond ASCII one word may be written in two ways. */
const beyondAscii = /[^\u0000-\u007f]/;
const nothing: Word = { exact: 0, terms: [] };

/**
 * 32 bits of a text (FNV-1a with a final mix). Terms are stored as these, so that records of different blobs share
 * terms without a dictionary; two of a hundred thousand terms may fall together, which search does not notice.
 */
export function hashTerm(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Parts of an identifier or word in lower case and stemmed; with several parts also the whole, unstemmed. */
export function splitWord(text: string): readonly string[] {
  const word = beyondAscii.test(text) ? text.normalize("NFC") : text;
  if (han.test(word)) return splitMixed(word);
  const parts = word.match(partPattern) ?? [];
  const terms: string[] = [];
  for (const part of parts) {
    const lower = part.toLowerCase();
    if (lower.length > 1 || parts.length === 1) terms.push(stemOf(lower));
  }
  if (parts.length > 1) terms.push(word.replaceAll("_", "").toLowerCase());
  return terms;
}

/** Porter's stem for English words; names with digits or other letters stay as they are. */
export function stemOf(word: string): string {
  return word.length > 3 && /^[a-z]+$/.test(word) ? stemmer(word) : word;
}

/** Languages without spaces: every two neighbouring characters. Words of other scripts between them stay whole. */
function splitMixed(word: string): readonly string[] {
  return (word.match(hanRuns) ?? []).flatMap((run) => (han.test(run) ? pairs(run) : splitWord(run)));
}

function pairs(word: string): readonly string[] {
  const characters = Array.from(word.toLowerCase());
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, at) => characters[at]! + character);
}

/** Looks words up by text; the same few thousand make up most of any repository. */
export function createWordReader(): (word: string) => Word {
  let known = new Map<string, Word>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const word =
      (text.length > maxWordLength && !han.test(text)) || isNoise(text)
        ? nothing
        : { exact: hashTerm(text), terms: splitWord(text).map(hashTerm) };
    if (text.length > maxWordLength) return word;
    if (known.size >= maxRemembered) known = new Map();
    known.set(text, word);
    return word;
  };
}

/** Hashes, keys and plain numbers of more than four digits: nobody asks for them by parts. */
function isNoise(text: string): boolean {
  return /^\d{5,}$/.test(text) || /^(?:0x)?(?=.*\d)[\da-f]{16,}$/i.test(text);
}
