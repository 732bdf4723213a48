import type { Analysis } from "../../contracts/analysis.ts";
import type { EcosystemDefinition } from "../../contracts/ecosystem.ts";
import type { TreeEntry } from "../../contracts/repository.ts";
import { scanSnapshot, type ScanResult } from "../index/scan-snapshot.ts";
import { createAttributes } from "../repository/languages/attributes.ts";
import { pathTraits } from "../repository/languages/path-traits.ts";
import type { FileTraits } from "./languages.ts";
import { wantsText } from "./stack.ts";
import type { Stage } from "./stage.ts";
import type { summariseSymbols } from "./symbols.ts";

/** Starts scanning the files of a snapshot; what they are becomes known as the scan goes on. */
export function scanFiles(
  stage: Stage,
  entries: readonly TreeEntry[],
  attributeFiles: readonly { path: string; text: string }[],
  ecosystems: readonly EcosystemDefinition[],
) {
  const { services, snapshot, request, observer, signal } = stage;
  const { values } = services.config;
  const attributesOf = createAttributes(attributeFiles);
  // By path and attributes alone; content has its say in `traits`.
  const byPath = new Map(
    entries.map((entry) => {
      const own = pathTraits(entry.path);
      const set = attributesOf(entry.path);
      return [
        entry.path,
        {
          set,
          vendored: set.vendored ?? own.vendored,
          generated: set.generated ?? own.generatedByPath,
          documentation: set.documentation ?? own.documentation,
        },
      ] as const;
    }),
  );
  const scan = scanSnapshot(
    snapshot,
    entries,
    { git: services.git, cache: services.cache, scanner: services.scanner },
    {
      useCache: request.useCache,
      maxFileBytes: values["limits.file_bytes"],
      maxContentBytes: values["limits.content_bytes"],
      forcedLanguage: (path) => byPath.get(path)!.set.language,
      wantsSymbols: (path) => !byPath.get(path)!.vendored && !byPath.get(path)!.generated,
      wantsText: (path) => wantsText(ecosystems, path),
      signal,
      onProgress: observer.onProgress,
    },
  );
  const { result } = scan;
  const isOwn = (path: string): boolean => !byPath.get(path)!.vendored && !byPath.get(path)!.generated;
  return {
    scan,
    contentOf: (entry: TreeEntry) => result.contents.get(result.keyOf(entry)),
    symbolsOf: (entry: TreeEntry) => result.symbols.get(result.keyOf(entry)),
    traits: (): FileTraits[] =>
      entries.map((entry) => {
        const facts =
          entry.kind === "file" || entry.kind === "executable"
            ? result.contents.get(result.keyOf(entry))
            : undefined;
        const path = byPath.get(entry.path)!;
        return {
          entry,
          facts,
          vendored: path.vendored,
          generated: path.generated || (path.set.generated === undefined && facts?.generated === true),
          documentation: path.documentation,
          detectable: path.set.detectable,
        };
      }),
    parsed: () => parsedFiles(entries, result, isOwn),
    environment: () => environmentUses(entries, result, isOwn),
  };
}

function parsedFiles(
  entries: readonly TreeEntry[],
  result: ScanResult,
  isOwn: (path: string) => boolean,
): Parameters<typeof summariseSymbols>[0] {
  return entries.flatMap((entry) => {
    const symbols = result.symbols.get(result.keyOf(entry));
    const language = result.contents.get(result.keyOf(entry))?.language;
    return symbols && language && entry.kind !== "symlink" && isOwn(entry.path)
      ? [{ path: entry.path, language, symbols }]
      : [];
  });
}

function environmentUses(
  entries: readonly TreeEntry[],
  result: ScanResult,
  isOwn: (path: string) => boolean,
): Analysis["structure"]["environment"] {
  const uses = new Map<string, { path: string; line: number }[]>();
  for (const entry of entries)
    if (entry.kind !== "symlink" && isOwn(entry.path))
      for (const { name, line } of result.symbols.get(result.keyOf(entry))?.environment ?? []) {
        const places = uses.get(name) ?? [];
        uses.set(name, places);
        places.push({ path: entry.path, line });
      }
  return [...uses]
    .map(([name, places]) => ({ name, uses: places }))
    .sort((a, b) => b.uses.length - a.uses.length || (a.name < b.name ? -1 : 1));
}
