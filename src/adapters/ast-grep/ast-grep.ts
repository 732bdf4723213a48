import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { AppError } from "../../base/errors.ts";
import type { LanguageDefinition } from "../../contracts/language.ts";
import type { Linter } from "../../contracts/linter.ts";
import type { ReviewedFile } from "../../contracts/review-rule.ts";
import type { ThreadAnswer, ThreadTask } from "./ast-grep-thread.ts";
import { createLanguageNames } from "./languages.ts";
import { readRuleFile } from "./rule-file.ts";

export interface AstGrepOptions {
  /** Texts of rule files by their paths, as they are in the base commit. */
  readonly rules: ReadonlyMap<string, string>;
  readonly languages: readonly LanguageDefinition[];
  readonly timeoutMs: number;
}

const maxFileBytes = 500_000;
const maxRuleBytes = 512_000;
/** Raise it when how rules are read or matches are told changes. */
const ownVersion = 1;
const threadUrl = new URL(import.meta.url.replace(/ast-grep(\.[a-z]+)$/, "ast-grep-thread$1"));

/**
 * Users' own rules, written as ast-grep's YAML. They run in a thread of their own, which is ended when the time is over: a rule
 * may well be slow. Its regular expressions take linear time. A wrong rule is named and the others go on.
 */
export function createAstGrep(options: AstGrepOptions): Linter {
  const { version } = createRequire(import.meta.url)("@ast-grep/wasm/package.json") as { version: string };
  const languageOf = createLanguageNames(options.languages);
  const read = [...options.rules].map(([path, text]) =>
    text.length > maxRuleBytes
      ? { rules: [], problems: [`${path}: more than ${maxRuleBytes} characters.`] }
      : readRuleFile(path, text, languageOf),
  );
  const rules = read.flatMap((file) => file.rules);
  const problems = read.flatMap((file) => file.problems);
  const wanted = new Map(
    options.languages
      .filter(({ id }) => rules.some(({ language }) => language === id))
      .flatMap(({ id, languages }) => languages.map((name) => [name, id])),
  );
  return {
    id: "ast-grep",
    version: createHash("sha256")
      .update(JSON.stringify([version, ownVersion, [...options.rules]]))
      .digest("base64url"),
    accepts: (file) =>
      // Whoever has wrong rules must hear of it, whatever the change is about.
      (problems.length > 0 || (file.language !== null && wanted.has(file.language))) &&
      file.role !== "vendored" &&
      file.role !== "generated" &&
      file.isWhole &&
      file.text !== null &&
      file.text.length <= maxFileBytes &&
      file.added.length > 0,
    async check(files, signal, note) {
      if (files.length === 0) return [];
      if (rules.length === 0) {
        refuseProblems(problems);
        return [];
      }
      const known = files.flatMap((file) => {
        const language = file.language === null ? undefined : wanted.get(file.language);
        return language === undefined ? [] : [toMatched(file, language)];
      });
      const answer = await runThread(
        {
          rules,
          files: known,
          grammars: Object.fromEntries(options.languages.map(({ id, grammar }) => [id, grammar])),
        },
        options.timeoutMs,
        signal,
      );
      const wrong = [...problems, ...answer.problems];
      if (answer.problems.length === rules.length) refuseProblems(wrong);
      if (wrong.length > 0) note?.(`Some rules of ast-grep are wrong and did not run. ${nameAll(wrong)}`);
      if (known.length > 0 && answer.failed.length === known.length)
        throw new AppError("linter-failed", `ast-grep broke down on ${answer.failed[0]}.`);
      return answer.found;
    },
  };
}

function toMatched(file: ReviewedFile, language: string): ThreadTask["files"][number] {
  return { path: file.path, language, text: file.text!, added: file.added };
}

const namedProblems = 10;

function refuseProblems(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new AppError(
    "linter-failed",
    `The rules of ast-grep are wrong, so none of them ran. ${nameAll(problems)}`,
    {
      problems: problems.slice(0, 100),
    },
  );
}

function nameAll(problems: readonly string[]): string {
  const more = problems.length > namedProblems ? ` And ${problems.length - namedProblems} more.` : "";
  return problems.slice(0, namedProblems).join(" ") + more;
}

async function runThread(task: ThreadTask, timeoutMs: number, signal: AbortSignal): Promise<ThreadAnswer> {
  const cancelled = (): AppError => new AppError("cancelled", "The review was cancelled while ast-grep ran.");
  if (signal.aborted) throw cancelled();
  const worker = new Worker(threadUrl, {
    workerData: task,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  let stop = (): void => {};
  try {
    return await new Promise<ThreadAnswer>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new AppError("time-limit", `ast-grep was ended after ${timeoutMs} ms.`)),
        timeoutMs,
      );
      const onAbort = (): void => reject(cancelled());
      signal.addEventListener("abort", onAbort, { once: true });
      stop = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
      };
      worker.once("message", resolve);
      worker.once("error", (error) =>
        reject(new AppError("linter-failed", "ast-grep broke down.", {}, error)),
      );
      worker.once("exit", () => reject(new AppError("linter-failed", "ast-grep ended without an answer.")));
    });
  } finally {
    stop();
    await worker.terminate();
  }
}
