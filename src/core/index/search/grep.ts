import { isAppError, AppError } from "../../../base/errors.ts";
import { decodeName, printableLine } from "../../../base/text.ts";
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
  // No text holds it, and no argument can.
  if (pattern.includes("\0")) return { matches: [], isCut: false };
  let stderr = "";
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
    {
      signal: options.signal,
      timeoutMs,
      stdin: "",
      isMemoryLimited: true,
      answers: [1],
      onStderr: (text) => (stderr = (stderr + text).slice(-2_000)),
    },
  );
  const matches: LineMatch[] = [];
  let last = { path: "", count: 0 };
  const read = createMatchReader(snapshot.commit.length + 1, (match) => {
    // Git names all matches of one file, then those of the next.
    if (match.path !== last.path) last = { path: match.path, count: 0 };
    if (++last.count <= maxOfFile) matches.push(match);
  });
  let isCut = false;
  for await (const piece of stream.stdout) {
    read(piece as Buffer);
    if (matches.length >= options.maxMatches) {
      isCut = true;
      stream.stop();
      break;
    }
  }
  await stream.done.catch((error: unknown) => {
    const reason = /-e option, [^]*': (.*)/.exec(stderr)?.[1] ?? /\bpcre2?_\w+.*?: (.*)/.exec(stderr)?.[1];
    if (reason !== undefined && isAppError(error))
      throw new AppError(
        "usage",
        `The expression ${JSON.stringify(pattern).slice(0, 200)} cannot be used: ${printableLine(reason)}.`,
        {},
        error,
      );
    throw error;
  });
  return { matches: matches.slice(0, options.maxMatches), isCut };
}

const newline = 10;

/** One file must not fill the answer. */
const maxOfFile = 100;

/** Reads `commit:path NUL line NUL text newline`, piece by piece; a path may hold newlines, and texts are not kept. */
function createMatchReader(prefix: number, onMatch: (match: LineMatch) => void): (piece: Buffer) => void {
  let path: string | null = null;
  let isInText = false;
  let rest = Buffer.alloc(0);
  return (piece) => {
    let at = 0;
    while (at < piece.length) {
      const end = piece.indexOf(isInText ? newline : 0, at);
      const part = piece.subarray(at, end < 0 ? piece.length : end);
      at += part.length + 1;
      if (isInText) {
        isInText = end < 0;
        continue;
      }
      const token = rest.length > 0 ? Buffer.concat([rest, part]) : part;
      rest = end < 0 ? Buffer.from(token) : Buffer.alloc(0);
      if (end < 0) return;
      if (path === null) path = decodeName(token.subarray(prefix)).text;
      else {
        onMatch({ path, line: Number(token.toString("latin1")) });
        path = null;
        isInText = true;
      }
    }
  };
}
