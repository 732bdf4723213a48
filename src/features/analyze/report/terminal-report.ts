import type { Analysis } from "../../../contracts/analysis.ts";
import type { Terminal } from "../../../contracts/terminal.ts";
import type { AnalysisPart } from "../../../core/analysis/request.ts";
import { historySection, hotspotsSection, peopleSection } from "./history-sections.ts";
import {
  headerSection,
  languagesSection,
  stackSection,
  structureSection,
  symbolsSection,
  warningsSection,
} from "./sections.ts";
import type { Style } from "../../../base/style.ts";

const widest = 120;

/**
 * Writes the report section by section as its parts become known, so that the first of it is on the screen long
 * before the last commit is counted. Sections keep their order.
 */
export function createTerminalReport(
  terminal: Terminal,
  countsLines: boolean,
): { onPart(part: AnalysisPart): void; finish(report: Analysis): void } {
  const style: Style = { columns: Math.min(widest, terminal.columns), hasColor: terminal.hasColor };
  let known: AnalysisPart = {};
  let written = 0;
  const sections: readonly ((parts: AnalysisPart) => readonly string[] | null)[] = [
    (parts) => (parts.repository ? headerSection(parts.repository, style) : null),
    (parts) => (parts.languages ? languagesSection(parts.languages, style) : null),
    (parts) =>
      parts.stack && parts.dependencies ? stackSection(parts.stack, parts.dependencies, style) : null,
    (parts) => (parts.history ? historySection(parts.history, style) : null),
    (parts) => (parts.history ? hotspotsSection(parts.history, style) : null),
    // With symbols, because only then the environment variables of the structure are known.
    (parts) =>
      parts.symbols && parts.structure
        ? [...structureSection(parts.structure, style), ...symbolsSection(parts.symbols, style)]
        : null,
    (parts) =>
      (countsLines
        ? parts.history?.linesAdded !== undefined && parts.history.linesAdded !== null
        : parts.symbols !== undefined) && parts.history
        ? peopleSection(parts.history, style)
        : null,
  ];

  function write(lines: readonly string[]): void {
    if (lines.length > 0) terminal.write(`${lines.join("\n")}\n`);
  }

  return {
    onPart(part) {
      known = { ...known, ...part };
      for (; written < sections.length; written++) {
        const lines = sections[written]!(known);
        if (lines === null) return;
        write(lines);
      }
    },
    finish(report) {
      write(warningsSection(report.warnings, style));
      const total = report.timings["totalMs"] ?? 0;
      terminal.clearProgress();
      terminal.note(
        `\nDone in ${(total / 1000).toFixed(1)} s${report.timings["treeMs"] === undefined ? " (from the cache)" : ""}.`,
      );
    },
  };
}
