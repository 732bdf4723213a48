import { z } from "zod";
import type { RawFinding } from "../../contracts/finding.ts";
import type { ReviewedFile } from "../../contracts/review-rule.ts";
import { chosenRules, type ChosenRule } from "./rules.ts";

const outputSchema = z.object({
  diagnostics: z.array(
    z.object({
      message: z.string(),
      /** `eslint(no-dupe-keys)`; a syntax error has none. */
      code: z.string().optional(),
      help: z.string().optional(),
      url: z.string().optional(),
      filename: z.string(),
      labels: z.array(
        z.object({
          label: z.string().optional(),
          span: z.object({ offset: z.number(), length: z.number() }),
        }),
      ),
    }),
  ),
});

/** What oxlint printed as findings; `files` by the names under which it saw them. Throws where it is not its JSON. */
export function readOutput(text: string, files: ReadonlyMap<string, ReviewedFile>): readonly RawFinding[] {
  return outputSchema.parse(JSON.parse(text)).diagnostics.flatMap((diagnostic) => {
    const file = files.get(diagnostic.filename.replace(/^.*[\\/]/, ""));
    const id = /\(([\w-]+)\)$/.exec(diagnostic.code ?? "")?.[1];
    const chosen = id === undefined ? undefined : rulesByName.get(id);
    if (file === undefined || file.text === null || id === undefined || chosen === undefined) return [];
    if (!speaksOf(id, file.text)) return [];
    const bytes = Buffer.from(file.text);
    const places = diagnostic.labels.map(({ span }) => {
      const line = lineAt(bytes, span.offset);
      return { line, endLine: line + countLines(bytes.subarray(span.offset, span.offset + span.length - 1)) };
    });
    // The last label is the second of two, such as the doubled key; but what was added is what is talked about.
    const place = places.findLast(({ line, endLine }) => file.isAdded(line, endLine)) ?? places.at(-1);
    if (place === undefined) return [];
    const isTest = file.role === "test" && chosen.category !== "test";
    return [
      {
        rule: `oxlint/${id}`,
        severity: isTest && chosen.severity === "warning" ? ("info" as const) : chosen.severity,
        category: chosen.category,
        path: file.path,
        ...place,
        side: "new" as const,
        message: sentence(diagnostic.message),
        why: sentence(diagnostic.help ?? `See ${diagnostic.url ?? "the manual of oxlint"}`),
        suggestion: null,
        source: "oxlint",
        confidence: "high" as const,
      },
    ];
  });
}

/** Without their plug-in, which oxlint prints otherwise than it reads it. */
const rulesByName: ReadonlyMap<string, ChosenRule> = new Map(
  [...chosenRules].map(([name, rule]) => [name.replace(/^.*\//, ""), rule]),
);

const ofReact: ReadonlySet<string> = new Set(
  [...chosenRules.keys()].flatMap((name) => (name.startsWith("react/") ? [name.slice(6)] : [])),
);
const ofHooks: ReadonlySet<string> = new Set(["rules-of-hooks", "exhaustive-deps"]);

/** Vue's composables are called `use…` too and may be called anywhere; Solid and Qwik write JSX that needs no keys. */
function speaksOf(id: string, text: string): boolean {
  if (!ofReact.has(id)) return true;
  if (/["'](?:solid-js|@builder\.io\/qwik|@qwik\.dev\/core)(?:\/[\w-]+)?["']/.test(text)) return false;
  return !ofHooks.has(id) || /["']p?react(?:[-/][\w/-]+)?["']/.test(text);
}

function lineAt(bytes: Buffer, offset: number): number {
  return 1 + countLines(bytes.subarray(0, offset));
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === 10) count++;
  return count;
}

function sentence(text: string): string {
  const line = text.replace(/\s+/g, " ").trim().slice(0, 500);
  return /[.!?`)]$/.test(line) ? line : `${line}.`;
}
