import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "repowright-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

const identity = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};

export interface GitCall {
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Plain Git, as a person would call it, for making test data and for controls. */
export function git(cwd: string, args: readonly string[], call: GitCall = {}): string {
  return execFileSync("git", args, {
    cwd,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 2 ** 30,
    env: { PATH: process.env["PATH"], HOME: cwd, GIT_CONFIG_NOSYSTEM: "1", ...identity, ...call.environment },
    ...(call.input === undefined ? {} : { input: call.input }),
  });
}

export interface CommitSpec {
  readonly message: string;
  /** Contents by path; null deletes. */
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  readonly author?: string;
  /** Seconds since 1970. */
  readonly at?: number;
}

/** A repository with a work tree and the given commits on `main`. */
export function createRepository(folder: string, commits: readonly CommitSpec[]): string {
  mkdirSync(folder, { recursive: true });
  git(folder, ["init", "--quiet", "--initial-branch=main"]);
  for (const [index, commit] of commits.entries())
    addCommit(folder, { at: 1_700_000_000 + index * 86_400, ...commit });
  return folder;
}

export function addCommit(folder: string, commit: CommitSpec): string {
  for (const [path, content] of Object.entries(commit.files)) {
    const file = join(folder, path);
    if (content === null) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }
  git(folder, ["add", "--all"]);
  const [name, email] = (commit.author ?? "Ada <ada@example.org>").split(" <");
  const date = `${commit.at ?? 1_700_000_000} +0000`;
  git(folder, ["commit", "--quiet", "--allow-empty", "--message", commit.message], {
    environment: {
      GIT_AUTHOR_NAME: name!,
      GIT_AUTHOR_EMAIL: email!.replace(">", ""),
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    },
  });
  return git(folder, ["rev-parse", "HEAD"]).trim();
}
