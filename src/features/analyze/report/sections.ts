import stringWidth from "string-width";
import { formatBytes, formatCount, printableLine } from "../../../base/text.ts";
import type { Analysis } from "../../../contracts/analysis.ts";
import { languageInfo } from "../../../core/repository/languages/language-info.ts";
import { heading, plural, wrapped } from "./layout.ts";
import { bar, fit, fitPath, paint, type Style } from "../../../base/style.ts";
import { table } from "./table.ts";

/** Sections of the terminal report. Each gets the part it shows and gives lines without newlines. */

const shownLanguages = 8;
const shownRows = 8;
const nameColumns = 28;

export function headerSection(repository: Analysis["repository"], style: Style): string[] {
  const { columns } = style;
  const name = fit(repository.name, Math.min(60, columns));
  const where = fit(
    `${repository.branch === null ? "" : `${repository.branch} `}@ ${repository.head.slice(0, 10)}`,
    Math.min(60, columns),
  );
  const fitsOneLine = stringWidth(name) + 2 + stringWidth(where) <= columns;
  const [title, place] = [paint(style, "bold", name), paint(style, "cyan", where)];
  return [
    "",
    ...(fitsOneLine ? [`${title}  ${place}`] : [title, place]),
    paint(style, "dim", fitPath(repository.source, columns)),
    ...(repository.since === null
      ? []
      : [paint(style, "dim", fit(`history since ${repository.since}`, columns))]),
  ];
}

export function languagesSection(languages: Analysis["languages"], style: Style): string[] {
  const counted = languages.filter((language) => language.code > 0 || language.share > 0);
  if (counted.length === 0) return [];
  const barWidth = Math.max(8, Math.min(30, style.columns - 70));
  // A dialect (TSX) stands beside the language it is counted as.
  const groupShare = new Map(counted.map((language) => [language.name, language.share]));
  const rank = (language: Analysis["languages"][number]): number =>
    Math.max(language.share, groupShare.get(languageInfo(language.name).group) ?? 0);
  const byShare = counted.toSorted((a, b) => rank(b) - rank(a) || b.share - a.share || b.code - a.code);
  const rows = byShare.slice(0, shownLanguages);
  const rest = byShare.slice(shownLanguages);
  const total = counted.reduce(
    (sum, language) => ({
      code: sum.code + language.code,
      comments: sum.comments + language.comments,
      files: sum.files + language.files,
    }),
    { code: 0, comments: 0, files: 0 },
  );
  return [
    ...heading(
      "Languages",
      `${formatCount(total.code)} lines of code, ${formatCount(total.comments)} of comments in ${formatCount(total.files)} files`,
      style,
    ),
    ...table<Analysis["languages"][number]>(
      rows,
      [
        { text: (row) => row.name, shorten: fit, most: nameColumns },
        { text: (row) => (row.share > 0 ? `${row.share.toFixed(1)} %` : ""), side: "right" },
        { text: (row) => bar(row.share / 100, barWidth), tone: "blue", isExtra: true },
        { text: (row) => (row.files === 0 ? "" : formatCount(row.code)), side: "right", isExtra: true },
        {
          text: (row) => (row.files === 0 ? "its dialects" : `in ${plural(row.files, "file")}`),
          side: "right",
          tone: "dim",
          isExtra: true,
        },
      ],
      style,
    ),
    ...(rest.length === 0
      ? []
      : [
          paint(
            style,
            "dim",
            fit(
              `  and ${rest.length} more: ${rest.map((language) => language.name).join(", ")}`,
              style.columns,
            ),
          ),
        ]),
  ];
}

export function stackSection(
  stack: Analysis["stack"],
  dependencies: Analysis["dependencies"],
  style: Style,
): string[] {
  if (stack.length === 0 && dependencies.length === 0) return [];
  const byCategory = Map.groupBy(stack, (item) => item.category);
  const rows = [...byCategory].map(([category, items]) => ({
    category,
    text: items
      .map((item) => `${item.name}${item.version === undefined ? "" : ` ${item.version}`}`)
      .join(", "),
  }));
  const byEcosystem = [...Map.groupBy(dependencies, (dependency) => dependency.ecosystem)].map(
    ([ecosystem, all]) => {
      const runtime = new Set(
        all.filter((dependency) => dependency.scope === "runtime").map((dependency) => dependency.name),
      ).size;
      const names = new Set(all.map((dependency) => dependency.name)).size;
      return `${ecosystem} ${names}${runtime === names ? "" : ` (${runtime} at run time)`}`;
    },
  );
  const width = Math.max(
    0,
    ...rows.map((row) => row.category.length),
    byEcosystem.length > 0 ? "dependencies".length : 0,
  );
  const line = (label: string, text: string): string[] => wrapped(text, label, width, style);
  return [
    ...heading(
      "Stack",
      `${plural(stack.length, "technology", "technologies")}, ${plural(dependencies.length, "dependency", "dependencies")}`,
      style,
    ),
    ...rows.flatMap((row) => line(row.category, row.text)),
    ...(byEcosystem.length === 0 ? [] : line("dependencies", byEcosystem.join(", "))),
  ];
}

export function structureSection(structure: Analysis["structure"], style: Style): string[] {
  const licence =
    structure.licence === null ? "no licence found" : `${fit(structure.licence.spdx, nameColumns)} licence`;
  const rows: (readonly [string, string])[] = [];
  const list = (label: string, items: readonly string[], most: number): void => {
    if (items.length > 0)
      rows.push([
        label,
        items.slice(0, most).join(", ") + (items.length > most ? `, … (${items.length})` : ""),
      ]);
  };
  list("entry points", [...new Set(structure.entryPoints.map((entry) => entry.path))], 6);
  list("scripts", [...new Set(structure.scripts.map((script) => script.name))], 12);
  list(
    "workspaces",
    structure.workspaces.map((workspace) => workspace.path),
    10,
  );
  if (structure.tests.files > 0)
    rows.push([
      "tests",
      `${plural(structure.tests.files, "file")} in ${structure.tests.paths.slice(0, 5).join(", ")}${structure.tests.paths.length > 5 ? ", …" : ""}`,
    ]);
  list(
    "docs",
    structure.docs.map((doc) => doc.path),
    6,
  );
  list(
    "environment",
    structure.environment.map((variable) => variable.name),
    10,
  );
  list(
    "largest files",
    structure.largestFiles.slice(0, 4).map((file) => `${file.path} ${formatBytes(file.bytes)}`),
    4,
  );
  const width = Math.max(0, ...rows.map(([label]) => label.length));
  const barWidth = Math.max(8, Math.min(30, style.columns - 60));
  const folders = structure.directories
    .filter((directory) => directory.path !== "." && !directory.path.includes("/"))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 6);
  return [
    ...heading(
      "Structure",
      `${plural(structure.files, "file")}, ${formatBytes(structure.bytes)}, ${licence}`,
      style,
    ),
    ...(folders.length === 0
      ? []
      : table<Analysis["structure"]["directories"][number]>(
          folders,
          [
            { text: (row) => `${row.path}/`, shorten: fitPath, most: nameColumns },
            { text: (row) => plural(row.files, "file"), side: "right" },
            { text: (row) => formatBytes(row.bytes), side: "right", isExtra: true },
            {
              text: (row) => bar(row.bytes / Math.max(1, structure.bytes), barWidth),
              tone: "blue",
              isExtra: true,
            },
          ],
          style,
        )),
    ...rows.flatMap(([label, text]) => wrapped(text, label, width, style)),
  ];
}

export function symbolsSection(symbols: Analysis["symbols"], style: Style): string[] {
  if (symbols.filesParsed === 0) return [];
  return [
    ...heading(
      "Code",
      `${plural(symbols.functions, "function")}, ${plural(symbols.classes, "class", "classes")}, ${plural(symbols.types, "type")} in ${plural(symbols.filesParsed, "file")}`,
      style,
    ),
    ...(symbols.mostComplex.length === 0
      ? []
      : [paint(style, "dim", fit("  most complex functions (cyclomatic complexity, lines)", style.columns))]),
    ...table<Analysis["symbols"]["mostComplex"][number]>(
      symbols.mostComplex.slice(0, shownRows),
      [
        {
          text: (row) => String(row.complexity),
          side: "right",
          tone: (row) => (row.complexity > 50 ? "red" : "yellow"),
        },
        { text: (row) => formatCount(row.lines), side: "right" },
        { text: (row) => row.name, shorten: fit, most: 36 },
        { text: (row) => `${row.path}:${row.line}`, shorten: fitPath, tone: "dim" },
      ],
      style,
    ),
  ];
}

export function warningsSection(warnings: Analysis["warnings"], style: Style): string[] {
  if (warnings.length === 0) return [];
  const byCode = [...Map.groupBy(warnings, (warning) => warning.code)];
  const lines = byCode.flatMap(([code, list]) => {
    const first = list[0]!;
    const place = first.path === undefined ? "" : `${fitPath(first.path, 50)}: `;
    const more = list.length > 1 ? ` (and ${list.length - 1} more; all with --json)` : "";
    return wrapped(
      `${place}${printableLine(first.message)}${more}`,
      code,
      Math.max(...byCode.map(([other]) => other.length)),
      style,
      "yellow",
    );
  });
  return [...heading("Warnings", "", style), ...lines];
}
