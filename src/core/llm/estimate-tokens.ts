/** Around each message: its role, its borders. */
const messageTokens = 8;
/** Code and English have three and a half to four letters to a token; rather too many tokens than too few. */
const lettersPerToken = 3;

/** Tokens that texts come to, never much too low: other scripts may take one and more for each letter. */
export function estimateTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + estimateText(text) + messageTokens, 0);
}

function estimateText(text: string): number {
  let others = 0;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) others++;
  return Math.ceil((text.length - others) / lettersPerToken + others);
}
