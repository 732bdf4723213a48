/** As `estimateTokens` counts, in thirds: a letter of ASCII is a third of a token, any other a whole one. */
const others = 3;

export function costInThirds(text: string): number {
  let cost = text.length;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) cost += others - 1;
  return cost;
}

/** Tokens of a text that is a part of a prompt. */
export function tokensOf(text: string): number {
  return Math.ceil(costInThirds(text) / others);
}

/** As much of the end as fits, behind a mark: the end of a path says more than its beginning. */
export function cutToEnd(text: string, tokens: number): string {
  if (costInThirds(text) <= tokens * others) return text;
  let cost = others;
  let start = text.length;
  while (start > 0 && (cost += text.charCodeAt(start - 1) > 0x7f ? others : 1) <= tokens * others) start--;
  return `…${text.slice(start)}`.toWellFormed();
}

/** As much of the beginning as fits into `tokens`. */
export function cutToTokens(text: string, tokens: number): string {
  const most = tokens * others;
  // Nothing shorter than this can cost more.
  if (text.length * others <= most) return text;
  let cost = 0;
  for (let at = 0; at < text.length; at++) {
    cost += text.charCodeAt(at) > 0x7f ? others : 1;
    if (cost > most) return text.slice(0, at).toWellFormed();
  }
  return text;
}
