import type { StructureFacts } from "./structure-facts.ts";
import { isMinorPath } from "../stack/minor-paths.ts";

export interface EntryPoint {
  /** The file that starts, or the manifest that names it when that file is built or cannot be found. */
  readonly path: string;
  readonly line?: number;
  readonly name: string;
  /** Why it is one, for people. */
  readonly why: string;
}

const MAX_ENTRY_POINTS = 60;
const SOURCE = ["", "src/", "lib/", "python/", "source/"];

interface Convention {
  readonly pattern: RegExp;
  readonly why: string;
  /** When the text is at hand it must match, and the match is the line. */
  readonly text?: RegExp;
}

/** File names at which a language or framework starts. The first group, if any, is the name. */
const CONVENTIONS: readonly Convention[] = [
  { pattern: /(?:^|\/)(?:([^/]+)\/)?main\.go$/, why: "Go main package", text: /^package main\b/m },
  { pattern: /(?:^|\/)(?:([^/]+)\/)?src\/main\.rs$/, why: "Cargo's default binary" },
  { pattern: /(?:^|\/)src\/bin\/([^/]+)(?:\/main)?\.rs$/, why: "Cargo binary in src/bin" },
  { pattern: /(?:^|\/)([^/]+)\/__main__\.py$/, why: "runs with python -m" },
  { pattern: /^(?:[^/]+\/)?(manage)\.py$/, why: "Django's command line" },
  { pattern: /(?:^|\/)(wsgi|asgi)\.py$/, why: "Python web server interface" },
  {
    pattern: /^(?:src\/|app\/)?(main|app|cli|server)\.py$/,
    why: "Python main module by name",
    text: /__name__\s*==\s*["']__main__["']|=\s*(?:Flask|FastAPI|Starlette)\(/,
  },
  {
    pattern: /^(?:public\/|src\/|static\/|client\/|web\/|app\/|frontend\/)?(index)\.html$/,
    why: "page that a browser opens",
  },
  { pattern: /^(?:public\/|web\/)?(index)\.php$/, why: "PHP front controller" },
  { pattern: /^(artisan)$/, why: "Laravel's command line" },
  { pattern: /^(config)\.ru$/, why: "Rack application" },
  { pattern: /^(?:[^/]+\/)*(Program)\.(?:cs|fs|vb)$/, why: ".NET program" },
  {
    pattern: /src\/main\/(?:java|kotlin)\/(?:[^/]+\/)*(\w*Application|Main|App)\.(?:java|kt)$/,
    why: "JVM main class by name",
    text: /\bstatic\s+void\s+main\b|\bfun\s+main\b/,
  },
  { pattern: /(?:^|\/)lib\/(main)\.dart$/, why: "Flutter application" },
  { pattern: /(?:^|\/)bin\/([^/]+)\.dart$/, why: "Dart program in bin" },
  { pattern: /(?:^|\/)Sources\/([^/]+)\/(?:main|entrypoint)\.swift$/, why: "Swift executable" },
  { pattern: /^(?:exe|bin)\/([\w-]+)$/, why: "command in the repository's folder of programs" },
  {
    pattern: /^(?:src\/)?(server|main|app|index)\.(?:c|cc|cpp|cxx)$/,
    why: "main program by name",
    text: /\bint\s+main\s*\(/,
  },
  {
    pattern:
      /^(?:src\/|app\/|server\/|client\/|apps\/[^/]+\/src\/|packages\/[^/]+\/src\/)?(server|main|index|app|cli)\.(?:js|mjs|cjs|ts|mts|tsx|jsx)$/,
    why: "JavaScript main module by name",
  },
  { pattern: /(?:^|\/)lib\/([^/]+)\/application\.ex$/, why: "Elixir application" },
];

/** Files that `findEntryPoints` wants to look into; without their text their name decides. */
export function isEntryPointText(path: string): boolean {
  if (isMinorPath(path)) return false;
  return (
    /(^|\/)(Dockerfile|Procfile)$/.test(path) ||
    CONVENTIONS.some(({ pattern, text }) => text !== undefined && pattern.test(path))
  );
}

/** Where execution starts: what manifests name, then containers and Procfiles, then files at their conventional place. */
export function findEntryPoints({ paths, manifests, texts }: StructureFacts): EntryPoint[] {
  const known = new Set(paths);
  const found = new Map<string, EntryPoint>();
  const add = (entry: EntryPoint): void => {
    const key = entry.line === undefined ? entry.path : `${entry.path}\n${entry.name}`;
    if (!found.has(key)) found.set(key, entry);
  };
  const taken = new Set<string>();
  for (const { path, ecosystem, facts } of manifests) {
    if (isMinorPath(path)) continue;
    for (const point of facts.entryPoints ?? []) {
      const target = resolveTarget(path, ecosystem, point.target, known);
      if (target !== undefined) taken.add(target);
      const name = point.name === "main" ? (facts.packageName ?? "main") : point.name;
      const place = `${path}:${point.line}`;
      const what = point.name === "main" ? "main module" : "command";
      add(
        target === undefined
          ? { path, line: point.line, name, why: `${what} ${point.target}, declared here` }
          : { path: target, name, why: `${what} declared in ${place}` },
      );
    }
  }
  for (const [path, text] of texts) {
    if (isMinorPath(path)) continue;
    if (/(^|\/)Dockerfile$/.test(path)) for (const entry of readDockerfile(path, text)) add(entry);
    if (/(^|\/)Procfile$/.test(path)) for (const entry of readProcfile(path, text)) add(entry);
  }
  const hasMain = manifests.some(
    ({ path, facts }) => !path.includes("/") && facts.entryPoints?.some(({ name }) => name === "main"),
  );
  for (const path of paths) {
    if (taken.has(path) || isMinorPath(path)) continue;
    for (const { pattern, why, text } of CONVENTIONS) {
      const match = pattern.exec(path);
      // Rails keeps binstubs of gems in bin.
      if (path.startsWith("bin/") && known.has("config/application.rb")) continue;
      if (match === null || (hasMain && why.startsWith("JavaScript") && !path.includes("/"))) continue;
      const content = text === undefined ? undefined : texts.get(path);
      const at = content === undefined || text === undefined ? -1 : content.search(text);
      if (content !== undefined && at === -1) continue;
      const line = content === undefined ? {} : { line: content.slice(0, at).split("\n").length };
      add({ path, ...line, name: match[1] ?? folderName(path), why });
      break;
    }
  }
  return [...found.values()].slice(0, MAX_ENTRY_POINTS);
}

function folderName(path: string): string {
  return path.split("/").at(-2) ?? path;
}

/** The file behind a declared target, if the snapshot has it: a path, a Python `module:function`, a Java class. */
function resolveTarget(
  manifest: string,
  ecosystem: string,
  target: string,
  known: ReadonlySet<string>,
): string | undefined {
  const base = manifest.slice(0, manifest.lastIndexOf("/") + 1);
  const candidates: string[] = [];
  if (ecosystem === "pypi") {
    const module = (target.split(":")[0] ?? "").replaceAll(".", "/");
    for (const folder of SOURCE)
      candidates.push(`${base}${folder}${module}.py`, `${base}${folder}${module}/__init__.py`);
  } else if (ecosystem === "maven" || ecosystem === "gradle") {
    const source = target.replaceAll(".", "/");
    candidates.push(
      `${base}src/main/java/${source}.java`,
      `${base}src/main/kotlin/${source.replace(/Kt$/, "")}.kt`,
      `${base}src/main/kotlin/${source}.kt`,
    );
  } else if (ecosystem === "mix") {
    const source = target
      .split(".")
      .map((part) => part.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase())
      .join("/");
    candidates.push(`${base}lib/${source}.ex`);
  } else {
    const clean = normalise(`${base}${target}`);
    candidates.push(
      clean,
      `${clean}.js`,
      `${clean}/index.js`,
      `${clean}/main.swift`,
      `${clean}/entrypoint.swift`,
    );
  }
  return candidates.find((path) => known.has(path));
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  return parts.join("/");
}

/** The last ENTRYPOINT and CMD: earlier ones belong to stages that are not the image. */
function readDockerfile(path: string, text: string): EntryPoint[] {
  const lines = text.split("\n");
  return ["ENTRYPOINT", "CMD"].flatMap((word) => {
    const at = lines.findLastIndex((line) => line.toUpperCase().startsWith(`${word} `));
    const command = (lines[at] ?? "")
      .slice(word.length)
      .trim()
      .replaceAll(/^\[|\]$|[",]/g, "")
      .replaceAll(/\s+/g, " ")
      .trim();
    return at === -1
      ? []
      : [{ path, line: at + 1, name: command.slice(0, 100), why: `${word} of the container image` }];
  });
}

function readProcfile(path: string, text: string): EntryPoint[] {
  return text.split("\n").flatMap((line, index) => {
    const [, name = "", command = ""] = /^([\w-]+):\s*(.+)$/.exec(line) ?? [];
    return name === ""
      ? []
      : [{ path, line: index + 1, name, why: `process: ${command.trim().slice(0, 100)}` }];
  });
}
