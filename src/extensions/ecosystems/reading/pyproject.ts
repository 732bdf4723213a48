import type { DeclaredDependency, DependencyScope, ManifestFacts } from "../../../contracts/ecosystem.ts";
import { asObject } from "./json.ts";
import { parseRequirement, scopeOfGroup } from "./python.ts";
import { readToml, type TomlDocument } from "./toml.ts";

/** pyproject.toml: PEP 621, PEP 735 groups, Poetry, uv, PDM and the scripts of Poe the Poet and PDM. */
export function readPyproject(text: string): ManifestFacts {
  const toml = readToml(text);
  const list = (scope: DependencyScope, ...path: readonly string[]): DeclaredDependency[] =>
    toml.strings(...path).flatMap(({ value, line }) => {
      const requirement = parseRequirement(value);
      return requirement === undefined ? [] : [{ ...requirement, scope, line }];
    });
  const groups = (fallback: DependencyScope, ...path: readonly string[]): DeclaredDependency[] =>
    toml.entries(...path).flatMap(({ key }) => list(scopeOfGroup(key, fallback), ...path, key));
  const poetryGroups = toml
    .entries("tool", "poetry", "group")
    .flatMap(({ key }) =>
      readPoetry(toml, scopeOfGroup(key, "development"), "tool", "poetry", "group", key, "dependencies"),
    );
  const name = toml.text("project", "name") ?? toml.text("tool", "poetry", "name");
  const version = toml.text("project", "version") ?? toml.text("tool", "poetry", "version");
  const licence =
    toml.text("project", "license") ??
    toml.text("project", "license", "text") ??
    toml.text("tool", "poetry", "license") ??
    licenceOfClassifiers(toml.strings("project", "classifiers").map(({ value }) => value));
  const python = (["project", "requires-python"] as const).slice();
  const poetryPython = ["tool", "poetry", "dependencies", "python"];
  return {
    ...(name === undefined ? {} : { packageName: name }),
    ...(version === undefined ? {} : { packageVersion: version }),
    ...(licence === undefined || licence.length > 120 ? {} : { licence }),
    dependencies: [
      ...list("runtime", "project", "dependencies"),
      ...groups("optional", "project", "optional-dependencies"),
      ...groups("development", "dependency-groups"),
      ...list("build", "build-system", "requires"),
      ...readPoetry(toml, "runtime", "tool", "poetry", "dependencies"),
      ...readPoetry(toml, "development", "tool", "poetry", "dev-dependencies"),
      ...poetryGroups,
      ...list("development", "tool", "uv", "dev-dependencies"),
      ...groups("development", "tool", "pdm", "dev-dependencies"),
    ],
    runtimes: [python, poetryPython].flatMap((path) => {
      const value = toml.text(...path);
      return value === undefined ? [] : [{ name: "Python", version: value, line: toml.line(...path) }];
    }),
    scripts: [
      ["tool", "poe", "tasks"],
      ["tool", "pdm", "scripts"],
    ].flatMap((path) =>
      toml.entries(...path).flatMap(({ key, value, line }) => {
        const command = typeof value === "string" ? value : asObject(value)?.["cmd"];
        return typeof command === "string" ? [{ name: key, command, line }] : [];
      }),
    ),
    entryPoints: [
      ["project", "scripts"],
      ["project", "gui-scripts"],
      ["tool", "poetry", "scripts"],
    ].flatMap((path) =>
      toml
        .entries(...path)
        .flatMap(({ key, value, line }) =>
          typeof value === "string" ? [{ name: key, target: value, line }] : [],
        ),
    ),
    workspaces: [
      ...toml.strings("tool", "uv", "workspace", "members").map(({ value }) => value),
      ...toml.strings("tool", "uv", "workspace", "exclude").map(({ value }) => `!${value}`),
    ],
    problems: toml.problems,
  };
}

/** Pipfile: `[packages]` and `[dev-packages]`. */
export function readPipfile(text: string): ManifestFacts {
  const toml = readToml(text);
  const version = toml.text("requires", "python_version") ?? toml.text("requires", "python_full_version");
  return {
    dependencies: [
      ...readPoetry(toml, "runtime", "packages"),
      ...readPoetry(toml, "development", "dev-packages"),
    ],
    runtimes:
      version === undefined
        ? []
        : [{ name: "Python", version, line: toml.entries("requires")[0]?.line ?? 1 }],
    scripts: toml
      .entries("scripts")
      .flatMap(({ key, value, line }) =>
        typeof value === "string" ? [{ name: key, command: value, line }] : [],
      ),
    problems: toml.problems,
  };
}

function readPoetry(
  toml: TomlDocument,
  scope: DependencyScope,
  ...path: readonly string[]
): DeclaredDependency[] {
  return toml.entries(...path).flatMap(({ key, value, line }) => {
    if (key === "python") return [];
    const table = asObject(Array.isArray(value) ? (value[0] as unknown) : value);
    const origin = table?.["version"] ?? table?.["git"] ?? table?.["path"] ?? table?.["url"] ?? "";
    return [
      {
        name: key,
        requirement: typeof value === "string" ? value : typeof origin === "string" ? origin : "",
        scope: table?.["optional"] === true ? ("optional" as const) : scope,
        line,
      },
    ];
  });
}

/** SPDX ids of the licence classifiers that name exactly one licence. */
const CLASSIFIERS: Readonly<Record<string, string>> = {
  "MIT License": "MIT",
  "Apache Software License": "Apache-2.0",
  "BSD License": "BSD-3-Clause",
  "ISC License (ISCL)": "ISC",
  "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
  "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
  "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
  "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
  "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
  "GNU Affero General Public License v3": "AGPL-3.0-only",
  "The Unlicense (Unlicense)": "Unlicense",
};

export function licenceOfClassifiers(classifiers: readonly string[]): string | undefined {
  const ids = classifiers.flatMap((text) =>
    text.startsWith("License ::") ? (CLASSIFIERS[text.split("::").at(-1)?.trim() ?? ""] ?? []) : [],
  );
  return ids.length === 0 ? undefined : ids.join(" OR ");
}
