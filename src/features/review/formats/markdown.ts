import { printableLine } from "../../../base/text.ts";
import type { Finding } from "../../../contracts/finding.ts";
import type { ReviewResult } from "../../../contracts/review.ts";
import { describeCounts, describeModel, describePasses, describeSuppressed } from "./describe.ts";

export interface MarkdownOptions {
  /** Address of a line on the host; null where there is none. */
  readonly linkTo: (finding: Finding) => string | null;
  /** Fingerprints of findings that have a comment of their own: here they are only named. */
  readonly commented?: ReadonlySet<string>;
  /** Entries are left out until the whole is no longer than this. */
  readonly maxLength?: number;
}

/** Entries of each list; the less, the longer they are. */
const listed = [50, 20, 8, 0] as const;
/** Longest texts of others, before they are escaped, which makes eight characters of one at most. */
const most = {
  message: 1_000,
  why: 2_000,
  summary: 3_000,
  path: 300,
  rule: 200,
  note: 300,
  passes: 2_000,
} as const;
const maxNotes = 10;

/** A review as Markdown: for a file, a step's summary, or the one comment below a pull request. */
export function formatMarkdown(review: ReviewResult, options: MarkdownOptions): string {
  const { maxLength = Number.POSITIVE_INFINITY } = options;
  let text = "";
  for (const count of listed) {
    text = formatListing(review, options, count);
    if (text.length <= maxLength) break;
  }
  return text;
}

function formatListing(review: ReviewResult, options: MarkdownOptions, count: number): string {
  const { model } = review;
  const important = review.findings.filter(({ severity }) => severity !== "info");
  const notes = review.findings.filter(({ severity }) => severity === "info");
  const list = <T>(items: readonly T[], format: (item: T) => string): string => {
    const rest = items.length - count;
    const left = rest > 0 ? [`- ${rest} more ${rest === 1 ? "is" : "are"} not listed here.`] : [];
    return [...items.slice(0, count).map(format), ...left].join("\n");
  };
  const toItem = (finding: Finding): string => formatItem(finding, options);
  const sections = [
    `**${headline(review)}**`,
    model.summary === null || count === 0 ? null : escapeBlock(cut(model.summary, most.summary)),
    model.walkthrough.length === 0
      ? null
      : details(
          "What changed",
          list(
            model.walkthrough,
            ({ path, text }) => `- ${code(cut(path, most.path))} ${escapeText(cut(text, most.message))}`,
          ),
        ),
    important.length === 0 ? null : list(important, toItem),
    notes.length === 0
      ? null
      : details(`${notes.length} ${notes.length === 1 ? "note" : "notes"}`, list(notes, toItem)),
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

function formatItem(finding: Finding, { linkTo, commented }: MarkdownOptions): string {
  const place = `${cut(finding.path, most.path)}:${finding.line}${finding.endLine > finding.line ? `-${finding.endLine}` : ""}`;
  const link = linkTo(finding);
  const shown = link === null ? code(place) : `[${code(place)}](${link})`;
  const severity = finding.severity === "info" ? "" : `**${finding.severity}** `;
  const why = commented?.has(finding.fingerprint) ? "" : ` ${escapeText(cut(finding.why, most.why))}`;
  return `- ${severity}${shown} ${escapeText(cut(finding.message, most.message))}${why} <sub>${code(cut(finding.rule, most.rule))}</sub>`;
}

/** Who looked at what, and what was left out: a reader must know what silence means. */
export function formatFooter(review: ReviewResult): string {
  const unread = review.files.filter(({ isReviewed }) => !isReviewed).length;
  const { notes } = review;
  const lines = [
    `Looked at ${review.files.length - unread} of ${review.files.length} files${review.head === null ? "" : ` of ${review.head.slice(0, 10)}`}: ${cut(describePasses(review.passes), most.passes)}.`,
    describeSuppressed(review.suppressed),
    cutOrNull(describeModel(review.model)),
    ...notes.slice(0, maxNotes).map((note) => cut(note, most.note)),
    notes.length > maxNotes ? `${notes.length - maxNotes} more notes are with the stored review.` : null,
  ];
  return `<sub>${lines
    .filter((line) => line !== null)
    .map(escapeText)
    .join("<br>")}</sub>`;
}

function cutOrNull(text: string | null): string | null {
  return text === null ? null : cut(text, most.message);
}

function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** At most so many characters, with a mark where something is missing. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

/** Repository text inside a code span: a fence longer than any in it, on one line. */
export function code(text: string): string {
  const safe = printableLine(text.toWellFormed());
  const fence = "`".repeat(longestRun(safe) + 1);
  // One blank at each end is taken away again where both are there; none may be all there is.
  const pad = safe === "" || /^[` ]|[` ]$/.test(safe) ? " " : "";
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** Length of the longest run of backticks. */
export function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}

/**
 * Text of others as text in the middle of a line: no HTML, no links, no images, no formulas, nobody and nothing mentioned.
 * Code spans stay what they are.
 */
export function escapeText(text: string): string {
  return printableLine(text.toWellFormed().replace(/\s+/g, " "))
    .split(/(`[^`]+`)/)
    .map((part, at) => (at % 2 === 1 ? part : escapePlain(part)))
    .join("");
}

/** A blank without width. */
const gap = "\u200b";
/**
 * What hosts make links of: people, issues, merge requests, snippets, epics, milestones, labels, iterations, addresses. They
 * look for them in what is shown, after entities were read, so these must be taken apart.
 */
const references: readonly RegExp[] = [
  /@(?=\w)/g,
  /[#!$&](?=\d)/g,
  /[%~](?=[\w"])/g,
  /\[(?=\w+:)/g,
  /\*(?=iteration)/gi,
  /\bGH-(?=\d)/gi,
  /:(?=\/\/)/g,
  /www(?=\.)/gi,
];

function escapePlain(text: string): string {
  let apart = text;
  for (const reference of references) apart = apart.replace(reference, `$&${gap}`);
  return apart.replace(/[`\\*_[\]<>|~$&]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What begins a list, a heading, a quotation or, on some hosts, a command, at the beginning of a line. */
const lineStart = /^(?:[-+#=:/]|\d+[.)])/;

/** The same at the beginning of a line, with paragraphs kept. */
export function escapeBlock(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => escapeText(paragraph.trim()).replace(lineStart, `${gap}$&`))
    .filter((paragraph) => paragraph !== "")
    .join("\n\n");
}
