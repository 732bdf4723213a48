import { formatBytes, formatCount, printableLine } from "../../../base/text.ts";
import type { Analysis } from "../../../contracts/analysis.ts";

const shownRows = 15;

/** The report as one Markdown document. Text of the repository is escaped: it can start no element and no link. */
export function markdownReport(report: Analysis): string {
  const { repository, history, languages, structure, symbols } = report;
  const parts: string[] = [
    `# ${text(repository.name)}`,
    "",
    `Commit ${code(repository.head)}${repository.branch === null ? "" : ` of branch ${code(repository.branch)}`}, ${code(repository.source)}.`,
    "",
    ...grid(
      ["", ""],
      [
        ["commits", `${formatCount(history.commits)}, of them ${formatCount(history.merges)} merges`],
        ["people", `${formatCount(history.people)}, bus factor ${history.busFactor}`],
        ...(history.firstCommitAt === null || history.lastCommitAt === null
          ? []
          : [["history", `${history.firstCommitAt.slice(0, 10)} to ${history.lastCommitAt.slice(0, 10)}`]]),
        ...(history.linesAdded === null
          ? []
          : [
              [
                "changed lines",
                `+${formatCount(history.linesAdded)} −${formatCount(history.linesDeleted ?? 0)}`,
              ],
            ]),
        ["files", `${formatCount(structure.files)}, ${formatBytes(structure.bytes)}`],
        ["licence", text(structure.licence?.spdx ?? "none found")],
        [
          "code",
          `${formatCount(symbols.functions)} functions, ${formatCount(symbols.classes)} classes, ${formatCount(symbols.types)} types`,
        ],
      ],
    ),
  ];
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) parts.push("", `## ${title}`, "", ...lines);
  };
  section(
    "Languages",
    grid(
      ["language", "share", "files", "code", "comments", "blank"],
      languages
        .filter((row) => row.code > 0 || row.share > 0)
        .slice(0, shownRows)
        .map((row) => [
          text(row.name),
          row.share === 0 ? "" : `${row.share.toFixed(1)} %`,
          formatCount(row.files),
          formatCount(row.code),
          formatCount(row.comments),
          formatCount(row.blanks),
        ]),
    ),
  );
  section(
    "Stack",
    grid(
      ["technology", "category", "version", "seen in"],
      report.stack.map((row) => [
        text(row.name),
        text(row.category),
        text(row.version ?? ""),
        row.evidence
          .slice(0, 2)
          .map((place) => code(`${place.path}:${place.line}`))
          .join(", "),
      ]),
    ),
  );
  section(
    "Dependencies",
    grid(
      ["ecosystem", "name", "requirement", "version", "scope", "declared in"],
      report.dependencies.map((row) => [
        row.ecosystem,
        text(row.name),
        code(row.requirement),
        text(row.version ?? ""),
        row.scope,
        code(`${row.manifest}:${row.line}`),
      ]),
    ),
  );
  section(
    "Entry points",
    structure.entryPoints.map((entry) => `- ${code(entry.path)}: ${text(entry.name)} (${text(entry.why)})`),
  );
  section(
    "Scripts",
    grid(
      ["name", "command", "declared in"],
      structure.scripts.map((row) => [code(row.name), code(row.command), code(`${row.path}:${row.line}`)]),
    ),
  );
  section(
    "Environment variables",
    grid(
      ["name", "read in"],
      structure.environment.map((row) => [
        code(row.name),
        row.uses
          .slice(0, 3)
          .map((place) => code(`${place.path}:${place.line}`))
          .join(", "),
      ]),
    ),
  );
  section(
    "People",
    grid(
      ["name", "commits", "added", "deleted", "first", "last"],
      history.authors
        .slice(0, shownRows)
        .map((row) => [
          text(row.name),
          formatCount(row.commits),
          optional(row.linesAdded),
          optional(row.linesDeleted),
          row.firstCommitAt.slice(0, 10),
          row.lastCommitAt.slice(0, 10),
        ]),
    ),
  );
  section(
    "Hotspots",
    grid(
      ["file", "commits", "lines", "score"],
      history.hotspots
        .slice(0, shownRows)
        .map((row) => [
          code(row.path),
          formatCount(row.commits),
          formatCount(row.lines),
          row.score.toFixed(3),
        ]),
    ),
  );
  section(
    "Files that change together",
    grid(
      ["file", "file", "together", "degree"],
      history.coupling
        .slice(0, shownRows)
        .map((row) => [
          code(row.a),
          code(row.b),
          formatCount(row.together),
          `${Math.round(row.degree * 100)} %`,
        ]),
    ),
  );
  section(
    "Most complex functions",
    grid(
      ["function", "complexity", "lines", "place"],
      symbols.mostComplex
        .slice(0, shownRows)
        .map((row) => [
          code(row.name),
          String(row.complexity),
          formatCount(row.lines),
          code(`${row.path}:${row.line}`),
        ]),
    ),
  );
  section(
    "Releases",
    history.tags.slice(0, shownRows).map((tag) => `- ${code(tag.name)} ${tag.at.slice(0, 10)}`),
  );
  section(
    "Warnings",
    report.warnings.map(
      (warning) =>
        `- ${code(warning.code)}: ${warning.path === undefined ? "" : `${code(warning.path)}: `}${text(warning.message)}`,
    ),
  );
  return `${parts.join("\n")}\n`;
}

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function optional(value: number | null): string {
  return value === null ? "" : formatCount(value);
}

/** Plain text in which no character means anything to Markdown or HTML. */
function text(value: string): string {
  return printableLine(value).replace(
    /[\\`*_{}[\]()#+!|<>&~:@]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

/** Inline code; a fence longer than any run of backticks inside keeps the text inside. */
function code(value: string): string {
  const safe = printableLine(value);
  if (safe === "") return "";
  // Renderers disagree on what a backslash before a bar means inside a table; an entity means the same to all.
  if (safe.includes("|")) return `<code>${text(value)}</code>`;
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  const space = safe.startsWith("`") || safe.endsWith("`") ? " " : "";
  return `${fence}${space}${safe}${space}${fence}`;
}
