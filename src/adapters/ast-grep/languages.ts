import type { LanguageDefinition } from "../../contracts/language.ts";

/** Names that rules use for languages beside ids and Linguist's names, as ast-grep's manual lists them. */
const aliases: Readonly<Record<string, string>> = {
  sh: "bash",
  shell: "bash",
  cc: "cpp",
  "c++": "cpp",
  cxx: "cpp",
  cs: "csharp",
  "c#": "csharp",
  ex: "elixir",
  golang: "go",
  js: "javascript",
  jsx: "javascript",
  kt: "kotlin",
  py: "python",
  py3: "python",
  rb: "ruby",
  rs: "rust",
  ts: "typescript",
  pwsh: "powershell",
  ps1: "powershell",
};
/** Where `$` may begin a name, or nothing else than names may stand in its place. Elsewhere ast-grep reads another sign. */
const takesDollar = new Set(["bash", "dart", "java", "javascript", "lua", "scala", "tsx", "typescript"]);

export function createLanguageNames(
  languages: readonly LanguageDefinition[],
): (name: string) => string | undefined {
  const known = new Map<string, string>();
  for (const { id, languages: names } of languages)
    for (const name of [id, ...names]) known.set(name.toLowerCase(), id);
  return (name) => {
    const key = name.trim().toLowerCase();
    const alias = Object.hasOwn(aliases, key) ? aliases[key] : undefined;
    return known.get(key) ?? (alias !== undefined && known.has(alias) ? alias : undefined);
  };
}

export function expandoOf(language: string): { readonly expandoChar?: string } {
  return takesDollar.has(language) ? {} : { expandoChar: "µ" };
}
