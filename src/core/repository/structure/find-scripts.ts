import type { StructureFacts } from "./structure-facts.ts";
import { isForeignPath, isMinorPath } from "../stack/minor-paths.ts";

export interface Script {
  readonly name: string;
  /** What it does, as written: the first commands of a recipe, at most `MAX_COMMAND` characters. */
  readonly command: string;
  /** How to start it from its folder, e.g. `npm run build`, `make test`. */
  readonly run: string;
  readonly path: string;
  readonly line: number;
}

const MAX_COMMAND = 200;
const MAX_SCRIPTS = 300;
const TASK_FILES: readonly (readonly [RegExp, (lines: readonly string[], path: string) => Script[]])[] = [
  [/(^|\/)(GNUmakefile|[Mm]akefile)$/, readMakefile],
  [/(^|\/)\.?[Jj]ustfile$/, readJustfile],
  [/(^|\/)tox\.ini$/, readTox],
  [/(^|\/)noxfile\.py$/, readNox],
  [/(^|\/)Rakefile$/, readRakefile],
  [/(^|\/)Taskfile\.ya?ml$/, readTaskfile],
];

/** Files with tasks whose text `findScripts` needs. */
export function isTaskFile(path: string): boolean {
  return (
    TASK_FILES.some(([pattern]) => pattern.test(path)) && !isForeignPath(path) && path.split("/").length <= 3
  );
}

/** What can be run by name: package scripts, make targets, just recipes, tox and nox sessions, Rake and Task tasks. */
export function findScripts({ paths, manifests, texts }: StructureFacts): Script[] {
  const npm = npmRunner(paths);
  const fromManifests = manifests
    .filter(({ path }) => !isMinorPath(path))
    .flatMap(({ path, ecosystem, facts }) =>
      (facts.scripts ?? []).map(({ name, command, line }) => ({
        name,
        command: command.slice(0, MAX_COMMAND),
        run: runOf(ecosystem, name, path, npm),
        path,
        line,
      })),
    );
  const fromTasks = [...texts].flatMap(([path, text]) =>
    isTaskFile(path) && !isMinorPath(path)
      ? TASK_FILES.filter(([pattern]) => pattern.test(path)).flatMap(([, read]) =>
          read(text.split("\n"), path),
        )
      : [],
  );
  return [...fromManifests, ...fromTasks]
    .sort(
      (a, b) =>
        depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line),
    )
    .slice(0, MAX_SCRIPTS);
}

function npmRunner(paths: readonly string[]): string {
  const top = new Set(paths.filter((path) => !path.includes("/")));
  if (top.has("pnpm-lock.yaml")) return "pnpm run";
  if (top.has("yarn.lock")) return "yarn run";
  return top.has("bun.lock") || top.has("bun.lockb") ? "bun run" : "npm run";
}

function runOf(ecosystem: string, name: string, path: string, npm: string): string {
  if (ecosystem === "npm") return `${npm} ${name}`;
  if (ecosystem === "composer") return `composer run-script ${name}`;
  if (ecosystem === "mix") return `mix ${name}`;
  return path.endsWith("Pipfile") ? `pipenv run ${name}` : `poe ${name}`;
}

function shorten(commands: readonly string[]): string {
  return commands.join(" && ").slice(0, MAX_COMMAND);
}

function readMakefile(lines: readonly string[], path: string): Script[] {
  const scripts: Script[] = [];
  const seen = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const match = /^([A-Za-z][\w./-]*(?:\s+[A-Za-z][\w./-]*)*)\s*::?(?![=:])\s*([^=]*)$/.exec(line);
    if (match === null || line.includes(":=") || line.includes("$(")) continue;
    // Names with a dot or a slash are files that are made, not tasks.
    const names = (match[1] ?? "").split(/\s+/).filter((name) => !/[./]/.test(name) && !seen.has(name));
    const recipe: string[] = [];
    for (
      let at = index + 1;
      at < lines.length && /^(\t| {2,}\S|\s*#|$)/.test(lines[at] ?? "") && recipe.length < 3;
      at += 1
    )
      if (/^(\t| {2,})\s*[^\s#]/.test(lines[at] ?? ""))
        recipe.push((lines[at] ?? "").trim().replace(/^[@+-]+/, ""));
    const command = shorten(recipe) || (match[2] ?? "").replace(/#.*$/, "").trim();
    for (const name of names) {
      seen.add(name);
      if (command !== "") scripts.push({ name, command, run: `make ${name}`, path, line: index + 1 });
    }
  }
  return scripts;
}

function readJustfile(lines: readonly string[], path: string): Script[] {
  return lines.flatMap((line, index) => {
    const name = /^@?([A-Za-z_][\w-]*)(?:\s+[^:\n]*)?:(?!=)/.exec(line)?.[1];
    if (name === undefined || name.startsWith("_") || /^(set|alias|export|import|mod)\b/.test(line))
      return [];
    const recipe: string[] = [];
    for (
      let at = index + 1;
      at < lines.length && /^\s+\S/.test(lines[at] ?? "") && recipe.length < 3;
      at += 1
    )
      recipe.push((lines[at] ?? "").trim().replace(/^@/, ""));
    return [{ name, command: shorten(recipe), run: `just ${name}`, path, line: index + 1 }];
  });
}

function readTox(lines: readonly string[], path: string): Script[] {
  return lines.flatMap((line, index) => {
    const name = /^\[testenv(?::([\w.,{}-]+))?\]/.exec(line);
    if (name === null) return [];
    const end = lines.findIndex((next, at) => at > index && next.startsWith("["));
    const body = lines.slice(index + 1, end === -1 ? lines.length : end);
    const start = body.findIndex((next) => /^commands\s*=/.test(next));
    const rest = start === -1 ? [] : body.slice(start + 1);
    const stop = rest.findIndex((next) => /^\S/.test(next));
    const commands = [
      body[start]?.replace(/^commands\s*=\s*/, "") ?? "",
      ...rest.slice(0, stop === -1 ? rest.length : stop),
    ];
    const command = shorten(
      commands.map((next) => next.trim()).filter((next) => next !== "" && !next.startsWith("#")),
    );
    const env = name[1];
    return [
      {
        name: env ?? "testenv",
        command,
        run: env === undefined ? "tox" : `tox -e ${env}`,
        path,
        line: index + 1,
      },
    ];
  });
}

function readNox(lines: readonly string[], path: string): Script[] {
  let isSession = false;
  return lines.flatMap((line, index) => {
    const name = /^def\s+(\w+)/.exec(line)?.[1];
    const wasSession: boolean = isSession;
    isSession = line.startsWith("@nox.session") || (wasSession && name === undefined);
    if (name === undefined || !wasSession) return [];
    return [{ name, command: `session ${name}`, run: `nox -s ${name}`, path, line: index + 1 }];
  });
}

function readRakefile(lines: readonly string[], path: string): Script[] {
  return lines.flatMap((line, index) => {
    const name =
      /^\s*(?:task|multitask)\s*\(?\s*:?["']?([\w:-]+?)["']?(?:\s*=>|\s*,|:\s|\s+do\b|\s*$|\))/.exec(
        line,
      )?.[1];
    if (name === undefined) return [];
    const about = /^\s*desc\s+["'](.*)["']/.exec(lines[index - 1] ?? "")?.[1];
    return [
      {
        name,
        command: (about ?? line.trim()).slice(0, MAX_COMMAND),
        run: `rake ${name}`,
        path,
        line: index + 1,
      },
    ];
  });
}

function readTaskfile(lines: readonly string[], path: string): Script[] {
  const start = lines.findIndex((line) => /^tasks:\s*$/.test(line));
  if (start === -1) return [];
  return lines.slice(start + 1).flatMap((line, offset) => {
    const name = /^ {2}["']?([\w:.-]+?)["']?:\s*(?:#.*)?$/.exec(line)?.[1];
    if (name === undefined) return [];
    const commands: string[] = [];
    for (let at = start + offset + 2; at < lines.length && !/^ {0,2}\S/.test(lines[at] ?? ""); at += 1) {
      const command = /^\s+-\s+(?:cmd:\s*)?([^{][^\n]*)$/.exec(lines[at] ?? "")?.[1];
      if (command !== undefined && commands.length < 3) commands.push(command);
    }
    return [{ name, command: shorten(commands), run: `task ${name}`, path, line: start + offset + 2 }];
  });
}

function depth(path: string): number {
  return path.split("/").length;
}
