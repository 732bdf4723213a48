import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { AppError, isAppError } from "../../base/errors.ts";
import { defineCommand } from "../../contracts/command.ts";
import { type RawFinding, severities, type Severity } from "../../contracts/finding.ts";
import type { ReviewResult } from "../../contracts/review.ts";
import { formatBaseline, parseBaseline } from "../../core/review/baseline.ts";
import { readSarif } from "../../core/review/sarif/read-sarif.ts";
import { writeSarif } from "../../core/review/sarif/write-sarif.ts";
import { askDismissals } from "./ask-dismissals.ts";
import { formatGithubCommands } from "./formats/github-commands.ts";
import { formatMarkdown } from "./formats/markdown.ts";
import { formatText } from "./formats/text.ts";
import { locateReview } from "./locate-review.ts";
import { type Format, readFailOn, readFormat, readInput, readTarget } from "./read-arguments.ts";
import { reviewAtServer } from "./review-at-server.ts";
import { runReview } from "./run-review.ts";

const exitWithFindings = 3;

export default defineCommand({
  name: "review",
  summary: "Review a change: commits, uncommitted files, a patch or a pull request",
  description:
    "Looks at what a change adds and at what it breaks, with rules of its own, oxlint, ruff, secretlint and your ast-grep rules; nothing of the repository is run. With a model (llm.models, or --model) a summary and its findings are added, each checked before it is shown. Without --base a branch is compared with the main branch, and on the main branch the last commit is reviewed. `[review]` in repowright.toml of the base commit says which rules count; `repowright-ignore <rule>: <reason>` in a comment silences one place. Exit code 3: there are findings at or above --fail-on.",
  positionals: [
    {
      name: "source",
      description: "Path or address of a Git repository; default: this folder",
      required: false,
    },
  ],
  options: {
    base: {
      type: "string",
      value: "REVISION",
      description: "What the change goes into; default: the main branch",
    },
    head: { type: "string", value: "REVISION", description: "The change's last commit; default: HEAD" },
    staged: { type: "boolean", description: "Review what is staged and not committed yet" },
    uncommitted: {
      type: "boolean",
      description: "Review what differs from the last commit in tracked files, staged or not",
    },
    diff: {
      type: "string",
      value: "FILE",
      description: "Review a unified diff from a file, or from standard input with -",
    },
    pr: { type: "string", value: "URL", description: "Review a pull request of GitHub, GitLab or Gitea" },
    format: {
      type: "string",
      value: "FORMAT",
      description:
        "How it is written: text, json, sarif (code scanning), markdown, or github (annotations of a workflow); default: text",
    },
    json: { type: "boolean", description: "The same as --format json" },
    all: { type: "boolean", description: "In text, list notes too, not only errors and warnings" },
    "fail-on": {
      type: "string",
      value: "SEVERITY",
      description: "Exit with 3 from this severity on: error, warning, info or never; default: error",
    },
    model: {
      type: "string",
      value: "PROVIDER/NAME",
      description: "Model to ask, e.g. ollama/qwen3; or several, separated by commas",
    },
    "no-model": { type: "boolean", description: "Ask no model" },
    "no-cache": { type: "boolean", description: "Look at everything anew" },
    sarif: {
      type: "string",
      value: "FILE",
      description: "Add the findings of another tool on added lines; or several files, separated by commas",
    },
    baseline: {
      type: "string",
      value: "FILE",
      description: "Leave findings alone that this file lists; default: the one that repowright.toml names",
    },
    "write-baseline": {
      type: "string",
      value: "FILE",
      description: "Write a baseline with everything that is found now",
    },
  },
  examples: [
    "repowright review",
    "repowright review --base main --head feature",
    "git diff | repowright review --diff -",
    "repowright review --staged --fail-on warning",
    "repowright review --pr https://github.com/owner/name/pull/7 --model ollama/qwen3",
  ],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const format = readFormat(options.format, options.json);
    const failOn = readFailOn(options["fail-on"]);
    const target = await readTarget(
      {
        source: positionals[0],
        base: options.base,
        head: options.head,
        diff: options.diff,
        staged: options.staged,
        uncommitted: options.uncommitted,
        pr: options.pr,
      },
      cwd,
    );
    const foreign: RawFinding[] = [];
    for (const name of options.sarif?.split(",") ?? [])
      foreign.push(...readSarif((await readInput(name, cwd)).toString("utf8"), cwd));
    const baseline =
      options.baseline === undefined
        ? null
        : parseBaseline((await readInput(options.baseline, cwd)).toString("utf8"), options.baseline);
    const located = await locateReview(target, services, {
      onProgress: terminal.progress,
      title: null,
      signal,
    });
    const dismissals = await askDismissals(located.source, services, (message) => terminal.note(message));
    const reviewHere = (useModel: boolean): Promise<ReviewResult> =>
      runReview(
        located,
        {
          baseline,
          dismissals,
          foreign,
          useModel,
          model: options.model,
          jobId: null,
          useCache: !options["no-cache"],
          onDeterministic: async () => {},
          onProgress: terminal.progress,
          signal,
        },
        services,
      );
    const review = await reviewHere(!options["no-model"]).catch(async (error: unknown) => {
      if (!isAppError(error, "model-calls-at-server")) throw error;
      const here = await reviewHere(false);
      try {
        return await reviewAtServer(await located.open(), here, {
          model: options.model,
          jobs: (await services.jobs()).jobs,
          cwd,
          onProgress: terminal.progress,
          signal,
        });
      } catch (refusal) {
        if (signal.aborted || !isAppError(refusal)) throw refusal;
        const model = {
          ...here.model,
          state: "away" as const,
          message: `${refusal.message} ${refusal.help}`,
        };
        return { ...here, model };
      }
    });
    terminal.clearProgress();
    if (options["write-baseline"] !== undefined) {
      const path = resolve(cwd, options["write-baseline"]);
      const all = [
        ...review.findings,
        ...review.suppressed.flatMap(({ by, finding }) =>
          by === "cap" || by === "baseline" ? [finding] : [],
        ),
      ];
      await writeFile(path, formatBaseline(all)).catch((error: unknown) => {
        throw new AppError("usage", `The baseline cannot be written: ${(error as Error).message}`, {}, error);
      });
      terminal.note(
        `${all.length} ${all.length === 1 ? "finding" : "findings"} written to ${options["write-baseline"]}.`,
      );
      return 0;
    }
    const style = { ...terminal, showsAll: options.all };
    terminal.write(
      format === "sarif"
        ? writeSarif(review, services.version, await services.rules())
        : formatReview(review, format, style),
    );
    return failOn !== null && isAtLeast(review, failOn) ? exitWithFindings : 0;
  },
});

function formatReview(
  review: ReviewResult,
  format: Exclude<Format, "sarif">,
  style: Parameters<typeof formatText>[1],
): string {
  switch (format) {
    case "text":
      return formatText(review, style);
    case "json":
      return `${JSON.stringify(review, null, 2)}\n`;
    case "markdown":
      return formatMarkdown(review, { linkTo: () => null });
    case "github":
      return formatGithubCommands(review);
    default:
      return format satisfies never;
  }
}

function isAtLeast(review: ReviewResult, level: Severity): boolean {
  return severities
    .slice(0, severities.indexOf(level) + 1)
    .some((severity) => (review.counts[severity] ?? 0) > 0);
}
