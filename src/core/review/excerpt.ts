import type { RawFinding } from "../../contracts/finding.ts";
import type { ReviewedFile } from "../../contracts/review-rule.ts";

const maxLines = 5;
const maxLength = 400;
/** Long enough to be a secret or a part of one. */
const secretLike = /[\w+/.~%-]{10,}=*/g;
const quoted = /(["'`])((?:(?!\1)[^\\]|\\.){5,400})\1/g;
const given = /([=:][ \t]*)([^\s"'`…]{5,})/g;

/** The lines that a finding is about, for people. A review is stored and sent on, so what may be a secret is masked. */
export function excerptOf(finding: RawFinding, file: ReviewedFile | undefined): string[] {
  if (file === undefined) return [];
  const last = Math.min(finding.endLine, finding.line + maxLines - 1);
  const lines: string[] = [];
  if (finding.side === "old") {
    for (const hunk of file.diff.hunks)
      for (const { oldLine, text } of hunk.lines)
        if (oldLine !== null && oldLine >= finding.line && oldLine <= last) lines.push(text);
  } else lines.push(...file.lines.slice(finding.line - 1, last));
  return lines.map((line) => {
    const shown = line.replace(/\r$/, "").slice(0, maxLength);
    return finding.category === "secret" ? mask(shown) : shown;
  });
}

/** `"ghp_16C7e42F292c6912"` → `"ghp_…"`, and passwords with signs in them by where they stand. */
export function mask(text: string): string {
  return text
    .replace(quoted, (_, quote: string, inner: string) => `${quote}${beginning(inner)}…${quote}`)
    .replace(given, (_, before: string, value: string) => `${before}${beginning(value)}…`)
    .replace(secretLike, (run) => `${beginning(run)}…`);
}

/** Enough to know it again, and too little to use it. */
function beginning(secret: string): string {
  return secret.slice(0, Math.min(4, secret.length >> 2));
}
