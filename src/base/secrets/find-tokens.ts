import { entropyOf } from "../entropy.ts";
import { isExampleValue } from "../example-values.ts";
import type { TokenFormat } from "./token-format.ts";

export interface FoundToken {
  readonly format: TokenFormat;
  /** Where it stands in the text, from 0; `end` is behind it. */
  readonly start: number;
  readonly end: number;
  /** The part of it that was chosen at random. */
  readonly secretStart: number;
  readonly secretEnd: number;
  /** Its checksum is wrong: nobody gave it out like this. */
  readonly isDoubtful: boolean;
}

/** Finds what looks like a secret of any of the formats, first in the text first, none inside another. */
export type FindTokens = (text: string) => readonly FoundToken[];

/**
 * One pass over the text looks for the anchors of all formats; only where one stands are its formats tried, each with a
 * bounded pattern. So the time grows with the text and not with the number of formats, whatever the text is.
 */
export function createTokenFinder(formats: readonly TokenFormat[]): FindTokens {
  const exact = createAnchors(
    formats.filter((format) => !format.isWord),
    "g",
  );
  const words = createAnchors(
    formats.filter((format) => format.isWord),
    "gi",
  );
  return (text) => {
    const found = [...exact(text), ...words(text)].sort((a, b) => a.start - b.start || b.end - a.end);
    let end = 0;
    return found.filter((token) => {
      if (token.start < end) return false;
      end = token.end;
      return true;
    });
  };
}

function createAnchors(formats: readonly TokenFormat[], flags: string): (text: string) => FoundToken[] {
  const byAnchor = new Map<string, TokenFormat[]>();
  for (const format of formats)
    for (const anchor of format.anchors) byAnchor.set(anchor, [...(byAnchor.get(anchor) ?? []), format]);
  // A longer anchor may begin with a shorter one; both are meant then.
  const anchors = [...byAnchor.keys()].sort((a, b) => b.length - a.length);
  for (const anchor of anchors)
    for (const shorter of anchors)
      if (shorter !== anchor && anchor.startsWith(shorter))
        byAnchor.get(anchor)!.push(...byAnchor.get(shorter)!);
  const source = anchors.map((anchor) => anchor.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join("|");
  return (text) => {
    // Without consuming, so that anchors may overlap.
    const pattern = new RegExp(`(?=(${source}))`, flags);
    const found: FoundToken[] = [];
    const tried = new Map<TokenFormat, number>();
    for (const hit of text.matchAll(pattern)) {
      for (const format of byAnchor.get(flags === "gi" ? hit[1]!.toLowerCase() : hit[1]!) ?? []) {
        if (hit.index < (tried.get(format) ?? 0)) continue;
        const token = matchAt(format, text, hit.index);
        if (token === null) continue;
        tried.set(format, token.end);
        found.push(token);
      }
    }
    return found;
  };
}

function matchAt(format: TokenFormat, text: string, anchor: number): FoundToken | null {
  for (let at = Math.max(0, anchor - format.behind); at <= anchor; at++) {
    format.pattern.lastIndex = at;
    const match = format.pattern.exec(text);
    const secret = match?.groups?.["secret"];
    if (match === null || secret === undefined) continue;
    if (!isRandom(secret)) continue;
    const verdict = format.judge(match[0], secret);
    if (verdict === false) continue;
    const secretStart = at + match[0].lastIndexOf(secret);
    return {
      format,
      start: at,
      end: at + match[0].length,
      secretStart,
      secretEnd: secretStart + secret.length,
      isDoubtful: verdict === "doubtful",
    };
  }
  return null;
}

const longestJudged = 400;

/** Provider's secrets are chosen by chance, and chance writes no words, rows or repetitions. */
function isRandom(secret: string): boolean {
  if (secret.length > longestJudged) return true;
  if (isExampleValue(secret)) return false;
  // Names: words of one case, joined.
  if (
    secret.length >= 20 &&
    /^(?:[a-z]{2,12}[-_.]){2,}[a-z]{2,12}$|^(?:[A-Z]{2,12}[-_.]){2,}[A-Z]{2,12}$/.test(secret)
  )
    return false;
  return entropyOf(secret) >= (secret.length < 20 ? 2.2 : 2.9);
}
