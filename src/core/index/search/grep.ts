import { isAppError, AppError } from "../../../base/errors.ts";
import type { Git } from "../../../contracts/git.ts";
import type { Snapshot } from "../../../contracts/repository.ts";

export interface LineMatch {
  readonly path: string;
  readonly line: number;
}

export interface GrepOptions {
  readonly kind: "literal" | "expression";
  readonly ignoresCase: boolean;
  readonly maxMatches: number;
  readonly signal: AbortSignal;
}

/** One hostile expression must not hold a server; a million lines take about 0.2 s. */
const timeoutMs = 10_000;

/**
 * Lines of a snapshot's texts that match, through `git grep`: it reads the packs itself, on all processors, and can be
 * ended at any time. Expressions are Perl's.
 * @throws AppError `usage` for an expression that Git does not take, `time-limit`
 */
export async function grepSnapshot(
  snapshot: Snapshot,
  pattern: string,
  git: Git,
  options: GrepOptions,
): Promise<{ readonly matches: readonly LineMatch[]; readonly isCut: boolean }> {
  const stream = git.stream(
    snapshot.repository.gitDir,
    [
      "grep",
      "--no-color",
      "--full-name",
      "-I",
      "-n",
      "-z",
      options.kind === "literal" ? "-F" : "-P",
      ...(options.ignoresCase ? ["-i"] : []),
      "-e",
      pattern,
      snapshot.commit,
      "--",
    ],
    { signal: options.signal, timeoutMs, stdin: "", isMemoryLimited: true, answers: [1] },
  );
  const matches: LineMatch[] = [];
  let rest = "";
  let isCut = false;
  const prefix = snapshot.commit.length + 1;
  for await (const piece of stream.stdout) {
    const lines = (rest + (piece as Buffer).toString("utf8")).split("\n");
    rest = lines.pop()!.slice(0, 100_000);
    for (const line of lines) {
      const [path, number] = line.split("\0", 2);
      if (path === undefined || number === undefined) continue;
      matches.push({ path: path.slice(prefix), line: Number(number) });
    }
    if (matches.length >= options.maxMatches) {
      isCut = true;
      stream.stop();
      break;
    }
  }
  await stream.done.catch((error: unknown) => {
    if (isAppError(error, "git-failed"))
      throw new AppError(
        "usage",
        `The expression ${JSON.stringify(pattern).slice(0, 200)} is not one that Git's Perl expressions take.`,
        {},
        error,
      );
    throw error;
  });
  return { matches: matches.slice(0, options.maxMatches), isCut };
}
