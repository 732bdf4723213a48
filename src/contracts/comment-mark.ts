/** What a comment of ours is, so that the next review finds it again. */
export interface CommentMark {
  readonly kind: "summary" | "finding" | "reply";
  /** Of the finding; empty for anything else. */
  readonly fingerprint: string;
}

/** The last line of a comment of ours; hosts do not show it. */
export function toMark({ kind, fingerprint }: CommentMark): string {
  return `<!-- repowright:${kind}:${fingerprint} -->`;
}

/**
 * Only what stands at the very end counts: before it the comment may quote code with any text. Null for a comment without
 * one. Whoever wrote the comment is the caller's matter: anybody can write a mark.
 */
export function readMark(body: string): CommentMark | null {
  const found = /<!-- repowright:(summary|finding|reply):([\w-]{0,100}) -->\s*$/.exec(body);
  return found ? { kind: found[1] as CommentMark["kind"], fingerprint: found[2]! } : null;
}
