import { printable } from "../../../base/text.ts";
import type { HostId } from "../../../contracts/code-host.ts";
import { toMark } from "../../../contracts/comment-mark.ts";
import type { Finding } from "../../../contracts/finding.ts";
import type { Anchor } from "../../../core/diff/anchors.ts";
import { code, cut, escapeBlock, escapeText, longestRun } from "../formats/markdown.ts";

const most = { message: 1_000, why: 3_000, suggestion: 10_000, rule: 200 } as const;
/** So much of a fingerprint is shown; `dismiss` takes it where it is the only one that begins like that. */
export const shownDigits = 8;

/** A comment on the lines of a finding: what, why, perhaps what instead, and how to silence it. */
export function formatLineComment(finding: Finding, anchor: Anchor, host: HostId): string {
  const rule = code(cut(finding.rule, most.rule));
  const isExact = anchor.line === finding.line && anchor.endLine === finding.endLine;
  const place = isExact ? "" : ` (It is about ${describeLines(finding)}.)`;
  const by = finding.source === "model" ? `${rule}, said by a language model` : rule;
  const ignore = code(`repowright-ignore ${cut(finding.rule, most.rule)}: reason`);
  return [
    `**${finding.severity}** ${escapeText(cut(finding.message, most.message))}${place}`,
    escapeBlock(cut(finding.why, most.why)),
    isExact ? formatSuggestion(finding, host) : null,
    `<sub>${by}. To silence it, answer ${code(`/repowright dismiss ${finding.fingerprint.slice(0, shownDigits)} reason`)}, or write ${ignore} in a comment above the line.</sub>`,
    toMark({ kind: "finding", fingerprint: finding.fingerprint }),
  ]
    .filter((part) => part !== null && part !== "")
    .join("\n\n");
}

function describeLines({ line, endLine, side }: Finding): string {
  const lines = line === endLine ? `line ${line}` : `lines ${line} to ${endLine}`;
  return side === "old" ? `${lines} before the change` : lines;
}

/** Lines that other programs, and GitLab even inside of some fences, take for commands: whoever posts them gives the command. */
const commandLine = /^[^\S\n]*(?:\/[a-z]|@[\w-]+[^\S\n]+\S)/im;

/** A block whose text the host puts in place of the lines with one click; null where it would not be what it seems. */
function formatSuggestion(finding: Finding, host: HostId): string | null {
  const { suggestion, side, line, endLine } = finding;
  if (
    suggestion === null ||
    side !== "new" ||
    suggestion.length > most.suggestion ||
    !suggestion.isWellFormed() ||
    // Carriage returns, escape sequences, text that runs backwards.
    printable(suggestion) !== suggestion ||
    commandLine.test(suggestion)
  )
    return null;
  const fence = "`".repeat(Math.max(3, longestRun(suggestion) + 1));
  const name = {
    github: "suggestion",
    // Counted from the line that the comment stands on, the last.
    gitlab: `suggestion:-${endLine - line}+0`,
    // It has none; then the text is at least shown.
    gitea: "",
  }[host];
  return `${fence}${name}\n${suggestion}${suggestion === "" ? "" : "\n"}${fence}`;
}
