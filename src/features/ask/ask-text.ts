import { paint } from "../../base/style.ts";
import { printable, printableLine } from "../../base/text.ts";
import type { ModelEvent } from "../../contracts/model-gateway.ts";
import type { Terminal } from "../../contracts/terminal.ts";
import type { AskPlace, AskResult } from "./ask-result.ts";

const shownLines = 5;

/** The answer while it is being written. What came before a restart is void, and said to be. */
export function writeModelEvent(event: ModelEvent, terminal: Terminal): void {
  if (event.kind === "delta") {
    terminal.clearProgress();
    terminal.write(printable(event.text));
  } else
    terminal.write(`\n\n${paint(terminal, "yellow", `(begun again: ${printableLine(event.reason)})`)}\n\n`);
}

/** A finished answer for people. An answer that was streamed to a terminal is not repeated. */
export function writeAnswer(result: AskResult, terminal: Terminal, isStreamed: boolean): void {
  terminal.clearProgress();
  if (result.by === "places") writePlaces(result.places, terminal);
  else if (result.by === "facts") writeFact(result, terminal);
  else {
    if (!isStreamed) terminal.write(printable(result.answer));
    terminal.write("\n");
    writeCitations(result, terminal);
  }
  for (const note of result.notes) terminal.note(note);
  if (result.model !== null) terminal.note(describeModel(result.model));
}

function writePlaces(places: readonly AskPlace[], terminal: Terminal): void {
  if (places.length === 0)
    terminal.note("Nothing in this commit was found that has to do with the question.");
  for (const [at, place] of places.entries()) {
    const name =
      place.symbol === null ? "" : `  ${place.kind} ${paint(terminal, "bold", printableLine(place.symbol))}`;
    terminal.write(
      `${at === 0 ? "" : "\n"}${paint(terminal, "cyan", `${printableLine(place.path)}:${place.startLine}-${place.endLine}`)}${name}\n`,
    );
    terminal.write(`  ${paint(terminal, "green", printableLine(place.reason))}\n`);
    if (place.lastChange !== null)
      terminal.write(
        `  ${paint(terminal, "dim", printableLine(`${place.lastChange.date.slice(0, 10)} ${place.lastChange.author}: ${place.lastChange.subject}`).slice(0, Math.max(20, terminal.columns - 2)))}\n`,
      );
    for (const [offset, line] of place.text
      .split("\n")
      .slice(0, at < 3 ? shownLines : 1)
      .entries())
      terminal.write(
        `${paint(terminal, "dim", String(place.startLine + offset).padStart(6))}  ${printable(line).slice(0, Math.max(20, terminal.columns - 9))}\n`,
      );
  }
}

function writeFact({ fact }: AskResult, terminal: Terminal): void {
  if (fact === null) return;
  terminal.write(`${printable(fact.statement)}\n`);
  for (const { path, startLine, note } of fact.evidence)
    terminal.write(
      `  ${paint(terminal, "cyan", `${printableLine(path)}${startLine === undefined ? "" : `:${startLine}`}`)}  ${printableLine(note)}\n`,
    );
  if (fact.confidence === "likely")
    terminal.write(`${paint(terminal, "dim", "Inferred, not stated anywhere.")}\n`);
}

function writeCitations(result: AskResult, terminal: Terminal): void {
  const existing = result.citations.filter((citation) => citation.exists);
  if (existing.length === 0) {
    terminal.write(`\n${paint(terminal, "bold", "Best places")}\n`);
    for (const place of result.places.slice(0, 3))
      terminal.write(
        `  ${printableLine(place.path)}:${place.startLine}-${place.endLine}  ${printableLine(place.symbol ?? "")}\n`,
      );
    return;
  }
  terminal.write(`\n${paint(terminal, "bold", "Checked")}\n`);
  for (const { path, startLine, endLine, wasShown } of existing)
    terminal.write(
      `  ${paint(terminal, "cyan", `${printableLine(path)}:${startLine}-${endLine}`)}${wasShown ? "" : "  exists, but was not shown to the model"}\n`,
    );
}

function describeModel(model: NonNullable<AskResult["model"]>): string {
  const tokens = (count: number | null): string => (count === null ? "?" : String(count));
  const cost = model.costUsd === null ? "cost unknown" : `$${model.costUsd.toFixed(4)}`;
  return `${model.name}: ${tokens(model.inputTokens)} tokens in, ${tokens(model.outputTokens)} out, ${cost}${model.isCached ? ", kept from an earlier call" : ""}`;
}
