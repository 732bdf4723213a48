import type { ReviewedFile } from "../../contracts/review-rule.ts";

/** `repowright-ignore <rule>, <rule>: <reason>` in a comment, for its own line and the next; `-file` for the whole file. */
const comment =
  /repowright-ignore(?<scope>-file)?[ \t]+(?<rules>[\w*/@.-]+(?:[ \t]*,[ \t]*[\w*/@.-]+)*)[ \t]*(?::[ \t]*(?<reason>\S.*))?/;
/** The same for nothing in particular, which counts for nothing. */
const withoutRules = /repowright-ignore(?:-file)?[ \t]*(?::|\*\/|-->|$)/;
/** What closes a comment is no reason. */
const closers = /[ \t]*(?:\*\/|-->|--\}\}|#\}|\*\)|\}\})?[ \t]*$/;

export interface SuppressionComment {
  readonly line: number;
  readonly isForFile: boolean;
  /** Empty: it names none, and so does not count. */
  readonly rules: readonly string[];
  /** Null: it has none, and so does not count. */
  readonly reason: string | null;
}

/** Comments of a file that ask for silence. */
export function readSuppressions(file: ReviewedFile): readonly SuppressionComment[] {
  if (file.text === null || !file.text.includes("repowright-ignore")) return [];
  return file.lines.flatMap((text, at) => {
    if (!text.includes("repowright-ignore")) return [];
    if (withoutRules.test(text)) return [{ line: at + 1, isForFile: false, rules: [], reason: null }];
    const groups = comment.exec(text)?.groups;
    if (groups === undefined) return [];
    const reason = groups["reason"]?.replace(closers, "").trim() ?? "";
    return [
      {
        line: at + 1,
        isForFile: groups["scope"] !== undefined,
        rules: groups["rules"]!.split(",").map((rule) => rule.trim()),
        reason: reason === "" ? null : reason.slice(0, 300),
      },
    ];
  });
}

/** The reason with which a comment silences a rule there; null when none does. */
export function reasonFor(
  comments: readonly SuppressionComment[],
  rule: string,
  line: number,
): string | null {
  for (const { isForFile, line: at, rules, reason } of comments)
    if (
      reason !== null &&
      (isForFile || line === at || line === at + 1) &&
      rules.some((name) => name === rule || (name.endsWith("/*") && rule.startsWith(name.slice(0, -1))))
    )
      return reason;
  return null;
}
