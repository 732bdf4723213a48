import type { WriteStream } from "node:tty";
import { printableLine } from "../base/text.ts";
import type { Progress } from "../contracts/repository.ts";
import type { Terminal } from "../contracts/terminal.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const redrawMs = 80;
const pipedColumns = 100;

export interface TerminalInput {
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The real terminal: width-aware, without colour for NO_COLOR, dumb terminals and pipes. */
export function createTerminal({ stdout, stderr, environment }: TerminalInput): Terminal {
  let drawnAt = -Infinity;
  let isDrawn = false;
  let frame = 0;

  function clearProgress(): void {
    if (!isDrawn) return;
    stderr.write("\r\u001b[K");
    isDrawn = false;
  }

  function progress(state: Progress): void {
    const now = performance.now();
    if (!stderr.isTTY || environment["TERM"] === "dumb" || now - drawnAt < redrawMs) return;
    drawnAt = now;
    const percent = state.fraction === null ? "" : ` ${Math.floor(state.fraction * 100)} %`;
    const line = `${frames[frame++ % frames.length]} ${printableLine(state.message)}${percent}`;
    stderr.write(`\r\u001b[K${line.slice(0, Math.max(10, (stderr.columns || pipedColumns) - 1))}`);
    isDrawn = true;
  }

  return {
    write(text) {
      clearProgress();
      stdout.write(text);
    },
    note(text) {
      clearProgress();
      stderr.write(`${text}\n`);
    },
    progress,
    clearProgress,
    isInteractive: stdout.isTTY === true,
    hasColor: wantsColor(stdout, environment),
    columns: (stdout.isTTY && stdout.columns) || pipedColumns,
  };
}

/** no-color.org; FORCE_COLOR is what CI logs use. */
function wantsColor(stdout: WriteStream, environment: TerminalInput["environment"]): boolean {
  if (environment["NO_COLOR"]) return false;
  if (environment["FORCE_COLOR"]) return environment["FORCE_COLOR"] !== "0";
  return stdout.isTTY === true && environment["TERM"] !== "dumb";
}
