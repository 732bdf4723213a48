import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type * as AstGrep from "@ast-grep/wasm";
import type { RawFinding } from "../../contracts/finding.ts";
import { expandoOf } from "./languages.ts";
import { matchRule, withoutAstral, type MatchedFile } from "./match-rules.ts";
import { firstLine, type UserRule } from "./rule-file.ts";

export interface ThreadTask {
  readonly rules: readonly UserRule[];
  readonly files: readonly MatchedFile[];
  /** Module specifiers of grammars by ids of languages. */
  readonly grammars: Readonly<Record<string, string>>;
}

export interface ThreadAnswer {
  /** What is wrong with which rules; the others were looked for. */
  readonly problems: readonly string[];
  readonly found: readonly RawFinding[];
  /** Files on which it broke down. */
  readonly failed: readonly string[];
}

/** Node's types do not declare it; this is the part that is used. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: unknown,
  ): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>;
};

const require = createRequire(import.meta.url);

/** The package's own entry imports its `.wasm`, at which Node prints a warning. */
async function loadAstGrep(): Promise<typeof AstGrep> {
  const glue = (await import(
    pathToFileURL(require.resolve("@ast-grep/wasm/wasm_bg.js")).href
  )) as typeof AstGrep & {
    __wbg_set_wasm(exports: unknown): void;
  };
  const bytes = readFileSync(require.resolve("@ast-grep/wasm/wasm_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(bytes, { "./wasm_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  await glue.initializeTreeSitter();
  return glue;
}

async function answer({ rules, files, grammars }: ThreadTask): Promise<ThreadAnswer> {
  const astGrep = await loadAstGrep();
  const problems: string[] = [];
  for (const language of new Set(rules.map((rule) => rule.language)))
    await astGrep.registerDynamicLanguage({
      [language]: { libraryPath: require.resolve(grammars[language]!), ...expandoOf(language) },
    });
  const sound = rules.filter((rule) => {
    try {
      astGrep.parse(rule.language, "").root().find(rule.matcher);
      return true;
    } catch (error) {
      problems.push(`${rule.name}: ${reasonOf(error)}`);
      return false;
    }
  });
  const found: RawFinding[] = [];
  const failed: string[] = [];
  for (const file of files) {
    try {
      const root = astGrep.parse(file.language, withoutAstral(file.text));
      for (const rule of sound)
        if (rule.language === file.language) found.push(...matchRule(rule, file, root));
      root.free();
    } catch (error) {
      failed.push(`${file.path} (${firstLine(error)})`);
    }
  }
  return { problems, found, failed };
}

/** The innermost reason, which comes last. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/\s*\|->\s*/g, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 400);
}

const port = parentPort!;
port.postMessage(await answer(workerData as ThreadTask));
