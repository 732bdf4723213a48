import { isAppError } from "../../../base/errors.ts";
import { decodeName, formatCount } from "../../../base/text.ts";
import type { Git } from "../../../contracts/git.ts";
import type { OnProgress, Warning } from "../../../contracts/repository.ts";
import { createWordReader } from "../../index/records/words.ts";
import { readNullTokens } from "../null-tokens.ts";
import { changeStatus, createFactsWriter, type CommitFacts } from "./commit-facts.ts";
import { commitTypeOf } from "./commit-type.ts";
import { readMessage } from "./read-message.ts";

export interface ReadCommitsOptions {
  /** Commits whose history is known already. */
  readonly except: readonly string[];
  /** Most changed paths kept of one commit; a commit that adds ten million files is not a reason to run out of memory. */
  readonly maxChanges: number;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Most changes of one commit that are even read, as a multiple of `maxChanges`, before history is cut there. */
const readFactor = 4;
/** Commits that Git may fail on for want of memory. */
const maxRestarts = 5;
const newline = 10;
const colon = 58;

/**
 * The history of `commit` through one `git log --raw`: no blob is read, so it costs a small part of what counting
 * lines costs and works where contents are missing. Renames are followed only where the content stayed the same.
 */
export async function readCommits(
  gitDir: string,
  commit: string,
  git: Git,
  options: ReadCommitsOptions,
): Promise<{ facts: CommitFacts; warnings: Warning[] }> {
  const writer = createFactsWriter();
  const warnings: Warning[] = [];
  let commits = 0;
  let changes = 0;
  let oid = "";
  let pending: { status: number; source: string | null } | null = null;
  let expectsSource = false;
  // Paths repeat a lot; the same bytes are decoded once.
  const decoded = new Map<string, string>();
  const readWord = createWordReader();
  const decodePath = (token: Buffer): string => {
    const key = token.toString("latin1");
    let path = decoded.get(key);
    if (path === undefined) {
      path = isAscii(key) ? key : decodeName(token).text;
      decoded.set(key, path);
    }
    return path;
  };
  const onToken = (token: Buffer): boolean => {
    if (pending) {
      const path = decodePath(token);
      if (expectsSource) {
        pending.source = path;
        expectsSource = false;
        return true;
      }
      if (changes++ < options.maxChanges) writer.change(pending.status, path, pending.source);
      pending = null;
      return changes < options.maxChanges * readFactor;
    }
    if (token[0] === colon || (token[0] === newline && token[1] === colon)) {
      const letter = String.fromCharCode(token[token.lastIndexOf(32) + 1] ?? 0);
      expectsSource = letter === "R" || letter === "C";
      const status =
        letter === "A" || letter === "C"
          ? changeStatus.added
          : letter === "D"
            ? changeStatus.deleted
            : letter === "R"
              ? changeStatus.renamed
              : changeStatus.modified;
      pending = { status, source: null };
      return true;
    }
    if (token.length === 0) return true;
    if (changes > options.maxChanges) warnings.push(hugeCommit(oid, options.maxChanges));
    changes = 0;
    const lines = token.toString("utf8").split("\n");
    // A string of its own: a slice would keep the whole header alive, sixty thousand times.
    oid = token.toString("latin1", 0, token.indexOf(newline));
    writer.commit({
      oid,
      parents: lines[1] === "" ? 0 : Math.min(255, lines[1]!.split(" ").length),
      authoredAt: seconds(lines[2]!),
      committedAt: seconds(lines[3]!),
      authorOffset: offsetMinutes(lines[4]!),
      identity: lines[5]!,
      type: commitTypeOf(lines[6] ?? ""),
      ...readMessage(lines[6] ?? "", lines, 7, readWord),
    });
    commits++;
    if ((commits & 1023) === 0)
      options.onProgress({
        stage: "history",
        // Counting the commits first would take Git a quarter of the time of reading them.
        fraction: null,
        message: `Reading history, ${formatCount(commits)} commits`,
      });
    return true;
  };

  /** Goes on after the commits that were read. */
  async function readOn(hasChanges: boolean, maxCount: number | null): Promise<void> {
    const log = git.stream(
      gitDir,
      [
        "log",
        "-z",
        // A commit before all its parents, whatever their clocks say: files are followed into the past row by row.
        "--date-order",
        ...(hasChanges ? ["--raw", "--no-abbrev", "-M100%", "-l0"] : []),
        ...(commits > 0 ? [`--skip=${commits}`] : []),
        ...(maxCount === null ? [] : [`--max-count=${maxCount}`]),
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--encoding=UTF-8",
        "--no-mailmap",
        "--format=%H%n%P%n%at%n%ct%n%ad%n%an <%ae>%n%s%n%b",
        "--date=format:%z",
        "--end-of-options",
        commit,
        ...options.except.map((known) => `^${known}`),
        "--",
      ],
      { signal: options.signal, stdin: "", isMemoryLimited: true },
    );
    pending = null;
    expectsSource = false;
    if ((await readNullTokens(log.stdout, onToken)) === "stopped") {
      log.stop();
      warnings.push({
        code: "history-cut",
        message: `Commit ${oid} changes more than ${options.maxChanges * readFactor} files; older history was not read.`,
      });
    }
    await log.done;
  }

  for (let restarts = 0; ; restarts++)
    try {
      await readOn(true, null);
      break;
    } catch (error) {
      if (!isAppError(error, "memory-limit") || restarts === maxRestarts) throw error;
      // Git compares the whole trees of a commit before it says a word: the one that is too large comes next.
      await readOn(false, 1);
      warnings.push({
        code: "huge-commit",
        message: `Which files commit ${oid} changes was left out: comparing its trees takes more memory than limits.git_memory.`,
      });
    }
  if (changes > options.maxChanges) warnings.push(hugeCommit(oid, options.maxChanges));
  return { facts: writer.finish(), warnings };
}

function hugeCommit(oid: string, maxChanges: number): Warning {
  return {
    code: "huge-commit",
    message: `Commit ${oid} changes more than ${maxChanges} files (limits.paths); the rest of its changes were left out.`,
  };
}

/** Years 1 to 9999: what a clock or a joker put beyond is of no use, and a Date cannot hold all that Git can. */
function seconds(text: string): number {
  return Math.max(-62_135_596_800, Math.min(253_402_300_799, Number(text) || 0));
}

function offsetMinutes(text: string): number {
  const match = /^([+-])(\d\d)(\d\d)$/.exec(text);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -minutes : minutes;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
