/** What a comment of ours is about, for us: people do not see it. */
export interface CommentMark {
  /** `finding`: a comment on lines; `summary`: the one comment that is updated; `reply`: an answer to somebody. */
  readonly kind: "finding" | "summary" | "reply";
  /** Fingerprint of the finding; the commit that the summary is of; the comment that is answered. */
  readonly id: string;
}

/** The last line of a comment's body: a comment of HTML, which no host shows. */
export function writeMark({ kind, id }: CommentMark): string {
  return `<!-- repowright:${kind}:${id.replaceAll(/[^\w.]/g, "").slice(0, 100)} -->`;
}

const mark = /<!-- repowright:(finding|summary|reply):([\w.]{0,100}) -->\s*$/;

/** Null where there is none. Only at the very end: everything before it may be what others wrote, and look like one. */
export function readMark(body: string): CommentMark | null {
  const found = mark.exec(body.slice(-300));
  return found === null ? null : { kind: found[1] as CommentMark["kind"], id: found[2]! };
}
