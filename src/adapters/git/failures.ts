import { AppError, type ErrorCode } from "../../base/errors.ts";
import type { ProcessExit } from "../../contracts/process.ts";
import { printable } from "../../base/text.ts";

/**
 * Git tells failures only in words. This table is the one place that reads them; the words are those of Git's
 * C locale, which our environment fixes. The first match wins.
 */
const failures: readonly { readonly words: RegExp; readonly code: ErrorCode; readonly says: string }[] = [
  { words: /No space left on device/i, code: "disk-full", says: "The disk is full" },
  {
    words: /out of memory|Cannot allocate memory/i,
    code: "memory-limit",
    says: "Git needed more memory than limits.git_memory allows",
  },
  {
    words:
      /Authentication failed|could not read (Username|Password)|terminal prompts disabled|Permission denied \(publickey|HTTP 40[13]|error: 40[13]|Host key verification failed/i,
    code: "authentication-failed",
    says: "The server refused access",
  },
  {
    words: /repository .* not found|error: 404|does not appear to be a git repository|Repository not found/i,
    code: "authentication-failed",
    says: "The server knows no such repository, or hides it from strangers",
  },
  {
    words: /unable to update url base from redirection|redirect|returned error: 30\d/i,
    code: "source-refused",
    says: "The server redirects to another address, which is not followed",
  },
  {
    words: /transport '.*' not allowed|protocol .* not (supported|allowed)/i,
    code: "source-refused",
    says: "This protocol is not allowed",
  },
  {
    words:
      /Could not resolve host|Failed to connect|Connection (refused|timed out|reset)|Network is unreachable|Couldn't connect|unable to access|the remote end hung up|early EOF|kex_exchange|port \d+: /i,
    code: "network-unreachable",
    says: "The server could not be reached",
  },
  {
    words:
      /fsck error|object .* is corrupt|bad object|inflate: |index-pack (failed|died)|unable to read tree|bad tree|broken/i,
    code: "repository-damaged",
    says: "The repository is damaged",
  },
  {
    words: /Permission denied|unable to open|insufficient permission/i,
    code: "permission-denied",
    says: "Access was denied",
  },
];

/** Turns Git's exit into one of our errors. Credentials never stand in Git's words: they are not in the URL. */
export function explainGitFailure(args: readonly string[], exit: ProcessExit): AppError {
  const killer = findKiller(exit);
  if (killer !== null)
    return new AppError(
      "git-killed",
      `git ${args[0]} was killed by ${killer}, which somebody else sent: the system when memory runs out, or a person.`,
      { args, signal: killer },
    );
  const words = printable(exit.stderr.trim())
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-4)
    .join(" · ")
    .slice(-600);
  const known = failures.find((failure) => failure.words.test(exit.stderr));
  const ending = exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
  if (known) return new AppError(known.code, `${known.says}. Git said: ${words}`, { args });
  return new AppError("git-failed", `git ${args[0]} ended with ${ending}: ${words || "no message"}`, {
    args,
  });
}

/** Sent from outside; what a program does to itself (SIGSEGV, SIGABRT) is a failure like others. */
const outside: Readonly<Record<string, string>> = {
  "1": "SIGHUP",
  "2": "SIGINT",
  "3": "SIGQUIT",
  "9": "SIGKILL",
  "15": "SIGTERM",
};

/** The signal that ended Git, or a part of it such as index-pack, from outside; null when none did. */
function findKiller({ signal, stderr }: ProcessExit): string | null {
  if (signal !== null && Object.values(outside).includes(signal)) return signal;
  return outside[/\bdied of signal (\d+)/.exec(stderr)?.[1] ?? ""] ?? null;
}
