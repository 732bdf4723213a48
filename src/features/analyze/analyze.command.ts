import { access, constants, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { AppError } from "../../base/errors.ts";
import { defineCommand } from "../../contracts/command.ts";
import { analyzeRepository } from "../../core/analysis/analyze.ts";
import { explainFile } from "../../core/analysis/explain-language.ts";
import { describeExplanation } from "./report/explanation.ts";
import { createTerminalReport } from "./report/terminal-report.ts";

export default defineCommand({
  name: "analyze",
  summary: "Report on a repository: history, languages, stack, structure, symbols",
  description:
    "Analyses one commit of a repository. Nothing in it is changed, and nothing of it is run. The report comes section\n" +
    "by section; changed lines, which Git needs longest for, come last and are counted only once for each commit.",
  positionals: [
    {
      name: "source",
      description: "Path or address (https://, ssh://, git@host:path); default: the current folder",
      required: false,
    },
  ],
  options: {
    rev: { type: "string", value: "REV", description: "Commit, branch or tag to analyse; default: HEAD" },
    since: {
      type: "string",
      value: "DATE",
      description: "Only history after this date (any date Git understands)",
    },
    json: { type: "boolean", description: "Print one JSON object (docs/reference/analysis.schema.json)" },
    markdown: { type: "boolean", description: "Print a Markdown document" },
    html: { type: "string", value: "FILE", description: "Write one self-contained page" },
    "no-lines": { type: "boolean", description: "Do not count changed lines" },
    "no-cache": { type: "boolean", description: "Compute everything anew" },
    "explain-language": {
      type: "string",
      value: "PATH",
      description: "Only say why this file got its language",
    },
  },
  examples: [
    "repowright analyze",
    "repowright analyze ../other --since '6 months ago'",
    "repowright analyze https://github.com/fastify/fastify --html report.html",
    "repowright analyze --json | jq '.history.hotspots[:5]'",
  ],
  async run({ positionals, options, services, terminal, cwd, signal }) {
    const chosen = [
      options.json && "--json",
      options.markdown && "--markdown",
      options.html !== undefined && "--html",
    ].filter((name) => name !== false);
    if (chosen.length > 1) throw new AppError("usage", `${chosen.join(" and ")} cannot be given together.`);
    if (options.html !== undefined) await assertWritable(resolve(cwd, options.html));
    const request = {
      source: positionals[0] ?? ".",
      revision: options.rev ?? null,
      since: options.since ?? null,
      countsLines: !options["no-lines"],
      useCache: !options["no-cache"],
      cwd,
    };
    if (options["explain-language"] !== undefined) {
      const explanation = await explainFile(
        request,
        options["explain-language"],
        services,
        terminal.progress,
        signal,
      );
      terminal.write(
        options.json
          ? `${JSON.stringify(explanation, null, 2)}\n`
          : `${describeExplanation(explanation).join("\n")}\n`,
      );
      return 0;
    }
    const screen = chosen.length > 0 ? null : createTerminalReport(terminal, request.countsLines);
    const report = await analyzeRepository(
      request,
      services,
      { onProgress: terminal.progress, onPart: (part) => screen?.onPart(part) },
      signal,
    );
    if (options.json) terminal.write(`${JSON.stringify(report, null, 2)}\n`);
    else if (options.markdown) terminal.write((await import("./report/markdown.ts")).markdownReport(report));
    else if (options.html !== undefined) {
      const path = resolve(cwd, options.html);
      const page = (await import("./report/html/html-report.ts")).htmlReport(report);
      await writeFile(path, page).catch((error: unknown) => {
        throw notWritable(path, error);
      });
      terminal.note(`Wrote ${path}`);
    } else screen?.finish(report);
    return 0;
  },
});

/** An analysis of minutes must not end at a folder that is not there. */
async function assertWritable(path: string): Promise<void> {
  const existing = await stat(path).catch(() => null);
  if (existing?.isDirectory()) throw notWritable(path, new Error("it is a folder"));
  await access(existing ? path : dirname(path), constants.W_OK).catch((error: unknown) => {
    throw notWritable(path, error);
  });
}

function notWritable(path: string, error: unknown): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError("output-failed", `${path} cannot be written: ${reason}.`, {}, error);
}
