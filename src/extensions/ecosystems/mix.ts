import { defineEcosystem, type DependencyScope, type ManifestFacts } from "../../contracts/ecosystem.ts";
import { addVersion, baseName, createLineFinder } from "./reading/lines.ts";

export default defineEcosystem({
  id: "mix",
  title: "Mix",
  isManifest: (path) => baseName(path) === "mix.exs",
  isLockFile: (path) => baseName(path) === "mix.lock",
  parseManifest: ({ text }) => readMix(text),
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    for (const match of text.matchAll(/^[ \t]*"([\w-]+)": \{:hex, :\w+, "([^"]+)"/gm))
      addVersion(versions, match[1] ?? "", match[2] ?? "");
    return versions;
  },
});

/** mix.exs is a program; only literals in the functions a project usually has are read. */
function readMix(source: string): ManifestFacts {
  const text = source.replaceAll(/(^|\s)#(?!\{)[^\n]*/g, (comment) => comment.replaceAll(/[^\n]/g, " "));
  const lineAt = createLineFinder(text);
  const project = bodyOf(text, "project");
  if (project === undefined)
    return { problems: [{ message: "Not a Mix project: no `def project`.", line: 1 }] };
  const dependencies = [...text.matchAll(/^([ \t]*)defp?\s+\w*deps\w*(?:\([^)\n]*\))?\s+do\b/gm)].flatMap(
    (start) => {
      const rest = text.slice(start.index);
      const end = new RegExp(`^${start[1] ?? ""}end\\b`, "m").exec(rest)?.index ?? rest.length;
      return [...rest.slice(0, end).matchAll(/\{\s*:(\w+)\s*,\s*(?:"([^"]*)"\s*)?([^{}]*)\}/g)].map(
        (match) => {
          const options = match[3] ?? "";
          const origin = /\b(?:github|git|path):\s*"([^"]+)"/.exec(options)?.[1];
          return {
            name: match[1] ?? "",
            requirement: match[2] ?? origin ?? "",
            scope: scopeOf(options),
            line: lineAt(start.index + match.index + match[0].indexOf(":")),
          };
        },
      );
    },
  );
  const attribute = (name: string): string | undefined =>
    new RegExp(`^[ \\t]*@${name}\\s+"([^"]+)"`, "m").exec(text)?.[1];
  const value = (key: string): string | undefined => {
    const match = new RegExp(`\\b${key}:\\s*(?:"([^"]+)"|@(\\w+))`).exec(project.text);
    return match?.[1] ?? (match?.[2] === undefined ? undefined : attribute(match[2]));
  };
  const name = /\bapp:\s*:(\w+)/.exec(project.text)?.[1];
  const version = value("version");
  const elixir = value("elixir");
  const licences = /\blicenses:\s*\[([^\]]*)\]/.exec(text)?.[1];
  const names = [...(licences ?? "").matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
  const modules = /\bmod:\s*\{\s*([\w.]+)/.exec(text);
  return {
    ...(name === undefined ? {} : { packageName: name }),
    ...(version === undefined ? {} : { packageVersion: version }),
    ...(names.length === 0 ? {} : { licence: names.join(" OR ") }),
    dependencies,
    runtimes:
      elixir === undefined
        ? []
        : [
            {
              name: "Elixir",
              version: elixir,
              line: lineAt(project.start + project.text.search(/\belixir:/)),
            },
          ],
    scripts: readAliases(text, lineAt),
    entryPoints:
      modules === null
        ? []
        : [{ name: "application", target: modules[1] ?? "", line: lineAt(modules.index) }],
    workspaces:
      /\bapps_path:\s*"([^"]+)"/
        .exec(project.text)
        ?.slice(1, 2)
        .map((folder) => `${folder}/*`) ?? [],
  };
}

/** Only test → test, only dev or docs → development; in several environments it is more than a helper of one. */
function scopeOf(options: string): DependencyScope {
  const only = /\bonly:\s*(\[[^\]]*\]|:\w+)/.exec(options)?.[1];
  if (only !== undefined) {
    const environments = [...only.matchAll(/:(\w+)/g)].map((match) => match[1]);
    if (environments.every((name) => name === "test")) return "test";
    if (!environments.includes("prod")) return "development";
  }
  return /\boptional:\s*true/.test(options) ? "optional" : "runtime";
}

function bodyOf(text: string, name: string): { readonly text: string; readonly start: number } | undefined {
  const start = new RegExp(`^([ \\t]*)defp?\\s+${name}\\b(?:\\(\\))?\\s*do\\b`, "m").exec(text);
  if (start === null) return undefined;
  const rest = text.slice(start.index);
  const end = new RegExp(`^${start[1] ?? ""}end\\b`, "m").exec(rest)?.index ?? rest.length;
  return { text: rest.slice(0, end), start: start.index };
}

function readAliases(text: string, lineAt: (offset: number) => number): ManifestFacts["scripts"] & {} {
  const body = bodyOf(text, "aliases");
  if (body === undefined) return [];
  return [...body.text.matchAll(/^[ \t]*(?:"([^"]+)"|(\w+)):\s*(\[[^\]]*\]|"[^"]*")/gm)].flatMap((match) => {
    const command = [...(match[3] ?? "").matchAll(/"([^"]*)"/g)].map((item) => item[1]).join(" && ");
    const offset = body.start + match.index + match[0].search(/\S/);
    return command === "" ? [] : [{ name: match[1] ?? match[2] ?? "", command, line: lineAt(offset) }];
  });
}
