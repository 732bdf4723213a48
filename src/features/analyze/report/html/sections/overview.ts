import { formatBytes, formatCount } from "../../../../../base/text.ts";
import type { Analysis } from "../../../../../contracts/analysis.ts";
import { html, type Content, type Html } from "../markup.ts";
import { clip, compact, day, percent, plural, timeSpan } from "../wording.ts";

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** The name of the repository, one sentence, and the figures people ask for first. */
export function overview(report: Analysis): Html {
  const { repository } = report;
  const where = [
    repository.branch === null ? null : html`branch <strong>${clip(repository.branch, 60)}</strong>`,
    html`commit <code>${repository.head.slice(0, 10)}</code>`,
    html`<span class="source">${clip(withoutCredentials(repository.source))}</span>`,
  ];
  const limits = [
    repository.since !== null && `History since ${clip(repository.since, 60)} only.`,
    repository.shallow && "Shallow clone: older history is missing.",
  ].filter((text) => text !== false);
  return html`<header class="top" id="overview">
    <h1>${clip(repository.name, 80)}</h1>
    <p class="where">
      ${where.map((part, index) => (index === 0 || part === null || (index === 1 && where[0] === null) ? part : html`<span class="dot" aria-hidden="true"> · </span>${part}`))}
    </p>
    <p class="lead">${leadSentence(report)}${limits.map((text) => html` <strong>${text}</strong>`)}</p>
    <dl class="figures">
      ${figures(report).map(
        (figure) =>
          html`<div>
            <dt>${figure.label}</dt>
            <dd class="value">${figure.value}</dd>
            <dd class="note">${figure.note}</dd>
          </div>`,
      )}
    </dl>
  </header> `;
}

/** An address may carry a user name and a password. */
export function withoutCredentials(source: string): string {
  return source.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, "$1");
}

function leadSentence({ repository, history, languages }: Analysis): Content {
  const main = languages.toSorted((a, b) => b.share - a.share)[0];
  const language =
    main === undefined || main.share === 0
      ? ""
      : `${main.share >= 99.5 ? "Written in" : percent(main.share / 100)} ${main.name}. `;
  const { firstCommitAt: from, lastCommitAt: to } = history;
  if (history.commits === 0 || from === null || to === null) return `${language}No commits in this range.`;
  const weeks = history.activity.slice(-52);
  const lately = weeks.reduce((sum, week) => sum + week.commits, 0);
  const span = timeSpan(from, to);
  const recent =
    repository.since === null && history.activity.length > 60
      ? ` ${formatCount(lately)} of them in its last 52 weeks.`
      : "";
  return `${language}${plural(history.commits, "commit")} by ${plural(history.people, "person", "people")} in ${span}, the last on ${day(to)}.${recent}`;
}

function figures({ history, languages, structure, symbols, dependencies }: Analysis): Figure[] {
  const code = languages.reduce(
    (sum, language) => ({ lines: sum.lines + language.code, comments: sum.comments + language.comments }),
    { lines: 0, comments: 0 },
  );
  const perMonth = history.commits / Math.max(1, history.activity.length / 4.348);
  const names = new Set(dependencies.map((dependency) => `${dependency.ecosystem} ${dependency.name}`));
  const latest = history.tags[0];
  return [
    figure(
      "Commits",
      formatCount(history.commits),
      `${formatCount(history.merges)} merges, ${perMonth < 10 ? perMonth.toFixed(1) : formatCount(perMonth)} a month`,
    ),
    figure(
      "People",
      formatCount(history.people),
      `${formatCount(history.newAuthors.length)}${history.newAuthors.length === 25 ? "+" : ""} new in half a year`,
    ),
    figure(
      "Bus factor",
      String(history.busFactor),
      history.keyAuthors
        .slice(0, 2)
        .map((author) => clip(author.name, 24))
        .join(", "),
    ),
    ...(history.linesAdded === null
      ? []
      : [
          figure(
            "Changed lines",
            `+${compact(history.linesAdded)}`,
            `−${compact(history.linesDeleted ?? 0)} deleted`,
          ),
        ]),
    figure(
      "Releases",
      formatCount(history.tags.length),
      latest === undefined ? "no tags" : `${clip(latest.name, 24)}, ${day(latest.at)}`,
    ),
    figure("Files", formatCount(structure.files), structure.bytes > 0 ? formatBytes(structure.bytes) : ""),
    figure(
      "Lines of code",
      compact(code.lines),
      code.comments === 0 ? "" : `and ${compact(code.comments)} of comments`,
    ),
    figure(
      "Functions",
      formatCount(symbols.functions),
      `${plural(symbols.classes, "class", "classes")}, ${plural(symbols.types, "type")}`,
    ),
    figure(
      "Dependencies",
      formatCount(names.size),
      dependencies.length === 0
        ? "none declared"
        : `${formatCount(dependencies.filter((dependency) => dependency.scope === "runtime" && dependency.shared === undefined).length)} at run time`,
    ),
    figure(
      "Licence",
      clip(structure.licence?.spdx ?? "none", 24),
      structure.licence === null
        ? "no licence file found"
        : clip(structure.licence.path ?? "named in a manifest", 40),
    ),
  ];
}

function figure(label: string, value: string, note: string): Figure {
  return { label, value, note };
}
