import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import type * as Ruff from "@astral-sh/ruff-wasm-nodejs";
import { AppError } from "../../base/errors.ts";
import type { RawFinding } from "../../contracts/finding.ts";
import type { Linter } from "../../contracts/linter.ts";
import type { ReviewedFile } from "../../contracts/review-rule.ts";
import { chosenRules } from "./rules.ts";

const packageName = "@astral-sh/ruff-wasm-nodejs";
/** 1 MB takes a third of a second, and nothing can interrupt it. */
const maxFileBytes = 500_000;
/** Its parser works on our stack; such nesting nobody writes. */
const maxDepth = 1_000;
/** Raise it when what Ruff is told or how its answers are read changes. */
const ownVersion = 2;

/** Bugs and holes in Python, found by Ruff in this process. Loaded with the first file. */
export function createRuff(): Linter {
  const require = createRequire(import.meta.url);
  let workspace: Ruff.Workspace | null = null;
  const { version } = require(`${packageName}/package.json`) as { version: string };
  return {
    id: "ruff",
    version: `${version}/${ownVersion}`,
    accepts: (file) =>
      file.language === "Python" &&
      (file.role === "code" || file.role === "test" || file.role === "example") &&
      file.isWhole &&
      file.text !== null &&
      file.text.length <= maxFileBytes &&
      file.added.length > 0,
    async check(files, signal) {
      const found: RawFinding[] = [];
      let failure: unknown = null;
      let failures = 0;
      for (const file of files) {
        if (signal.aborted) throw new AppError("cancelled", "The review was cancelled while Ruff ran.");
        if (depthOf(file.text ?? "") > maxDepth) continue;
        try {
          workspace ??= open();
          found.push(...toFindings(workspace.check(file.text ?? "") as Ruff.Diagnostic[], file));
        } catch (error) {
          // Memory of an instance that has broken down may hold anything.
          workspace = null;
          failure = error;
          failures++;
        }
        await setImmediate();
      }
      if (failures > 0 && failures === files.length)
        throw new AppError("linter-failed", `Ruff broke down on each of ${failures} files.`, {}, failure);
      return found;
    },
  };

  /** The package makes its one instance when it is loaded. */
  function open(): Ruff.Workspace {
    const path = require.resolve(packageName);
    delete require.cache[path];
    const ruff = require(path) as typeof Ruff;
    const options = { lint: { select: [...chosenRules.keys()] }, "target-version": "py313" };
    return new ruff.Workspace(options, ruff.PositionEncoding.Utf16);
  }
}

function toFindings(diagnostics: readonly Ruff.Diagnostic[], file: ReviewedFile): readonly RawFinding[] {
  return diagnostics.flatMap((diagnostic) => {
    const chosen = diagnostic.code === null ? undefined : chosenRules.get(diagnostic.code);
    // What it cannot read may be a template, or newer than it.
    if (chosen === undefined) return [];
    const help = diagnostic.subDiagnostics.find(({ message }) => message !== "")?.message;
    const isForShow = file.role !== "code" && chosen.severity === "warning";
    return [
      {
        rule: `ruff/${diagnostic.code}`,
        severity: isForShow ? ("info" as const) : chosen.severity,
        category: chosen.category,
        path: file.path,
        line: diagnostic.start_location.row,
        endLine: Math.max(diagnostic.start_location.row, diagnostic.end_location.row),
        side: "new" as const,
        message: sentence(diagnostic.message),
        why: sentence(
          help ?? diagnostic.fix?.message ?? `See the rule ${diagnostic.code} in the manual of Ruff`,
        ),
        suggestion: null,
        source: "ruff",
        confidence: chosen.severity === "error" ? ("high" as const) : ("medium" as const),
      },
    ];
  });
}

/** How deep brackets are nested, strings and all: more than it is, never less. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    depth = "([{".includes(bracket) ? depth + 1 : Math.max(0, depth - 1);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function sentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim().slice(0, 500);
  return /[.!?`)]$/.test(line) ? line : `${line}.`;
}
