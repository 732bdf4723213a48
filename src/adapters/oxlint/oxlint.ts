import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "../../base/errors.ts";
import type { RawFinding } from "../../contracts/finding.ts";
import type { Linter } from "../../contracts/linter.ts";
import type { Processes } from "../../contracts/process.ts";
import type { ReviewedFile } from "../../contracts/review-rule.ts";
import { readOutput } from "./read-output.ts";
import { chosenRules } from "./rules.ts";

export interface OxlintOptions {
  readonly processes: Processes;
  /** The Node that runs it. */
  readonly node: string;
  readonly timeoutMs: number;
  /** Where files are put for it, a folder for each run. */
  readonly folder: string;
}

/** No run takes that long: what is older was left by a process that was killed. */
const leftoverMs = 60 * 60_000;
/** A longer file was made by a program. */
const maxFileBytes = 1_000_000;
const maxOutputBytes = 64 * 1024 * 1024;
/** Raise it when what oxlint is told or how its answers are read changes. */
const ownVersion = 5;
const extension = /\.(?:d\.)?[cm]?[jt]sx?$/;

/** Bugs in JavaScript and TypeScript, found by oxlint as a program of its own. */
export function createOxlint(options: OxlintOptions): Linter {
  const manifest = fileURLToPath(import.meta.resolve("oxlint/package.json"));
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  const program = join(manifest, "../bin/oxlint");
  let tidied: Promise<void> | null = null;
  return {
    id: "oxlint",
    version: `${version}/${ownVersion}`,
    accepts: (file) =>
      extension.test(file.path) &&
      (file.role === "code" || file.role === "test" || file.role === "example") &&
      file.isWhole &&
      file.text !== null &&
      file.text.length <= maxFileBytes &&
      file.added.length > 0,
    check: (files, signal) => checkAll(files, signal),
  };

  /** A file on which it breaks down must not cost the findings in the others. */
  async function checkAll(
    files: readonly ReviewedFile[],
    signal: AbortSignal,
  ): Promise<readonly RawFinding[]> {
    try {
      return await run(files, signal);
    } catch (error) {
      const isBroken = error instanceof AppError && error.code === "linter-failed";
      if (!isBroken || files.length === 1) throw error;
      const middle = files.length >> 1;
      const halves = [files.slice(0, middle), files.slice(middle)];
      const found: RawFinding[] = [];
      let failures = 0;
      for (const half of halves)
        try {
          found.push(...(await checkAll(half, signal)));
        } catch (thrown) {
          if (
            !(thrown instanceof AppError) ||
            thrown.code !== "linter-failed" ||
            ++failures === halves.length
          )
            throw thrown;
        }
      return found;
    }
  }

  async function run(files: readonly ReviewedFile[], signal: AbortSignal): Promise<readonly RawFinding[]> {
    if (files.length === 0) return [];
    // Names from the repository mean nothing here: numbers, and the ending that says what language it is.
    await (tidied ??= removeLeftovers(options.folder));
    const folder = await mkdtemp(join(options.folder, "oxlint-"));
    try {
      const named = new Map(
        files.map((file, index) => [
          `f${index}${file.role === "test" ? ".test" : ""}${extension.exec(file.path)![0]}`,
          file,
        ]),
      );
      await writeFile(join(folder, "config.json"), JSON.stringify(configuration), { mode: 0o600 });
      for (const [name, file] of named) await writeFile(join(folder, name), file.text!, { mode: 0o600 });
      return readAnswer(await ask(folder, signal), named);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function ask(folder: string, signal: AbortSignal): Promise<string> {
    const child = options.processes.start({
      program: options.node,
      args: [
        program,
        "--config",
        "config.json",
        "--disable-nested-config",
        "--no-ignore",
        "--no-error-on-unmatched-pattern",
        "--format",
        "json",
        "--threads",
        "2",
        ".",
      ],
      cwd: folder,
      environment: {},
      timeoutMs: options.timeoutMs,
      signal,
    });
    child.stdin.end();
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of child.stdout as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > maxOutputBytes) child.kill();
      else pieces.push(piece);
    }
    const exit = await child.exit.catch((error: unknown) => {
      throw new AppError("linter-failed", `oxlint could not be started with ${options.node}.`, {}, error);
    });
    if (exit.endedBy === "cancel")
      throw new AppError("cancelled", "The review was cancelled while oxlint ran.");
    if (exit.endedBy === "time-out")
      throw new AppError("time-limit", `oxlint was ended after ${options.timeoutMs} ms.`);
    // 0: nothing found; 1: something found.
    if (exit.code !== 0 && exit.code !== 1)
      throw new AppError(
        "linter-failed",
        `oxlint ended with ${exit.code ?? exit.signal}: ${exit.stderr.slice(-500)}`,
      );
    return Buffer.concat(pieces).toString("utf8");
  }
}

function readAnswer(text: string, files: ReadonlyMap<string, ReviewedFile>): readonly RawFinding[] {
  try {
    return readOutput(text, files);
  } catch (error) {
    throw new AppError("linter-failed", "oxlint printed something other than its JSON.", {}, error);
  }
}

const configuration = {
  plugins: ["eslint", "typescript", "unicorn", "oxc", "react", "promise", "jest"],
  categories: { correctness: "off" },
  rules: {
    ...Object.fromEntries([...chosenRules.keys()].map((name) => [name.replace(/^eslint\//, ""), "warn"])),
    // Vitest takes a message behind the value.
    "jest/valid-expect": ["warn", { maxArgs: 2 }],
  },
};

/** Also makes the folder. */
async function removeLeftovers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (name.startsWith("oxlint-") && info !== null && info.mtimeMs < Date.now() - leftoverMs)
      await rm(path, { recursive: true, force: true });
  }
}
