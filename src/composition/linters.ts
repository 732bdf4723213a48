import { join } from "node:path";
import { createAstGrep } from "../adapters/ast-grep/ast-grep.ts";
import { createOxlint } from "../adapters/oxlint/oxlint.ts";
import { createRuff } from "../adapters/ruff/ruff.ts";
import { createSecretlint } from "../adapters/secretlint/secretlint.ts";
import type { LanguageDefinition } from "../contracts/language.ts";
import type { Linter } from "../contracts/linter.ts";
import type { Processes } from "../contracts/process.ts";

/** For all files of a change together; ordinary ones take well below a second. */
const timeoutMs = 60_000;

export function createLinters(processes: Processes, dataDir: string): readonly Linter[] {
  const folder = join(dataDir, "temporary");
  return [
    createOxlint({ processes, node: process.execPath, timeoutMs, folder }),
    createRuff(),
    createSecretlint(),
  ];
}

export function createUserLinters(
  rules: ReadonlyMap<string, string>,
  languages: readonly LanguageDefinition[],
): readonly Linter[] {
  return [createAstGrep({ rules, languages, timeoutMs })];
}
