import { printableLine } from "../../../base/text.ts";
import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult } from "../../../contracts/review.ts";
import { describeCounts, describeModel, describePasses, describeSuppressed } from "./describe.ts";

export interface MarkdownOptions {
  /** Address of a line on the host; null where there is none. */
  readonly linkTo: (finding: Finding) => string | null;
}

const listed = 50;

/** A review as Markdown: for a file, a step's summary, or the one comment below a pull request. */
export function formatMarkdown(review: ReviewResult, options: MarkdownOptions): string {
  const { model } = review;
  const important = review.findings.filter(({ severity }) => severity !== "info");
  const notes = review.findings.filter(({ severity }) => severity === "info");
  const sections = [
    `**${headline(review)}**`,
    model.summary === null ? null : escapeBlock(model.summary),
    model.walkthrough.length === 0
      ? null
      : details(
          "What changed",
          model.walkthrough.map(({ path, text }) => `- ${code(path)} ${escapeText(text)}`).join("\n"),
        ),
    important.length === 0
      ? null
      : important
          .slice(0, listed)
          .map((one) => formatItem(one, options))
          .join("\n"),
    notes.length === 0
      ? null
      : details(
          `${notes.length} ${notes.length === 1 ? "note" : "notes"}`,
          notes
            .slice(0, listed)
            .map((one) => formatItem(one, options))
            .join("\n"),
        ),
    formatFooter(review),
  ];
  return `${sections.filter((section) => section !== null).join("\n\n")}\n`;
}

export function headline(review: ReviewResult): string {
  const { counts } = review;
  if (counts.error + counts.warning === 0)
    return counts.info === 0 ? "Nothing to object." : `Nothing to object; ${describeCounts(counts)}.`;
  return `Found ${describeCounts(counts)}.`;
}

function formatItem(finding: Finding, { linkTo }: MarkdownOptions): string {
  const place = `${finding.path}:${finding.line}${finding.endLine > finding.line ? `-${finding.endLine}` : ""}`;
  const link = linkTo(finding);
  const shown = link === null ? code(place) : `[${code(place)}](${link})`;
  const severity = finding.severity === "info" ? "" : `**${finding.severity}** `;
  return `- ${severity}${shown} ${escapeText(finding.message)} ${escapeText(finding.why)} <sub>${code(finding.rule)}</sub>`;
}

/** Who looked at what, and what was left out: a reader must know what silence means. */
export function formatFooter(review: ReviewResult): string {
  const unread = review.files.filter(({ isReviewed }) => !isReviewed).length;
  const lines = [
    `Looked at ${review.files.length - unread} of ${review.files.length} files${review.head === null ? "" : ` of ${review.head.slice(0, 10)}`}: ${describePasses(review.passes)}.`,
    describeSuppressed(review.suppressed),
    describeModel(review.model),
    ...review.notes,
  ];
  return `<sub>${lines
    .filter((line) => line !== null)
    .map(escapeText)
    .join("<br>")}</sub>`;
}

function details(summary: string, body: string): string {
  return `<details><summary>${escapeText(summary)}</summary>\n\n${body}\n\n</details>`;
}

/** Repository text inside a code span: a fence longer than any in it, on one line. */
export function code(text: string): string {
  const safe = printableLine(text);
  const longest = (safe.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = "`".repeat(longest + 1);
  const pad = safe.startsWith("`") || safe.endsWith("`") ? " " : "";
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** Text of others as text: no HTML, no links, no images, nobody mentioned. Code spans stay what they are. */
export function escapeText(text: string): string {
  return printableLine(text.replace(/\s+/g, " "))
    .split(/(`[^`]+`)/)
    .map((part, at) => (at % 2 === 1 ? part : escapePlain(part)))
    .join("");
}

function escapePlain(text: string): string {
  return text
    .replaceAll("`", "&#96;")
    .replace(/[\\*_[\]<>|~]|&(?!#96;)/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/(^|[^\w`])@(?=\w)/g, "$1@\u200b")
    .replace(/#(?=\d)/g, "#\u200b")
    .replace(/\b(https?):\/\//gi, "$1:\u200b//")
    .replace(/\bwww\./gi, "www\u200b.");
}

/** The same with paragraphs kept. */
export function escapeBlock(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => escapeText(paragraph.trim()).replace(/^([-+#>=]|\d+[.)])/, "\u200b$1"))
    .filter((paragraph) => paragraph !== "")
    .join("\n\n");
}
