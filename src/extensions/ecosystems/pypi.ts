import {
  defineEcosystem,
  type DeclaredDependency,
  type DependencyScope,
  type ManifestFacts,
} from "../../contracts/ecosystem.ts";
import { asObject, parseJsonObject } from "./reading/json.ts";
import { addVersion, baseName } from "./reading/lines.ts";
import { licenceOfClassifiers, readPipfile, readPyproject } from "./reading/pyproject.ts";
import {
  parseRequirement,
  readIni,
  readPythonStrings,
  readRequirements,
  scopeOfGroup,
} from "./reading/python.ts";
import { readLockedPackages } from "./reading/toml.ts";

const REQUIREMENTS =
  /(^|\/)((dev|test|tests|doc|docs|lint|prod|base)[-_.]?)?requirements?([-_.][^/]*)?\.(txt|in)$|(^|\/)requirements\/[^/]+\.(txt|in)$/i;

export default defineEcosystem({
  id: "pypi",
  title: "pip",
  isManifest: (path) =>
    /(^|\/)(pyproject\.toml|setup\.(py|cfg)|Pipfile)$/.test(path) ||
    (REQUIREMENTS.test(path) && !/constraints[^/]*$/.test(path)),
  isLockFile: (path) => ["poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock"].includes(baseName(path)),
  parseManifest: ({ path, text }) => {
    const name = baseName(path);
    if (name === "pyproject.toml") return readPyproject(text);
    if (name === "Pipfile") return readPipfile(text);
    if (name === "setup.cfg") return readSetupCfg(text);
    if (name === "setup.py") return readSetupPy(text);
    if (text.includes("\u0000"))
      return { problems: [{ message: "Not a requirements file: it holds binary data." }] };
    return { dependencies: readRequirements(text, scopeOfGroup(name.replace(/\.(txt|in)$/, ""), "runtime")) };
  },
  parseLockFile: ({ path, text }) => {
    const versions = new Map<string, string[]>();
    if (baseName(path) !== "Pipfile.lock")
      for (const { name, version } of readLockedPackages(text)) addVersion(versions, toKey(name), version);
    else
      for (const group of Object.values(parseJsonObject(text) ?? {}))
        for (const [name, value] of Object.entries(asObject(group) ?? {})) {
          const version = asObject(value)?.["version"];
          if (typeof version === "string") addVersion(versions, toKey(name), version.replace(/^==/, ""));
        }
    return versions;
  },
  normaliseName: toKey,
});

/** PEP 503. */
function toKey(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function toDependencies(
  items: readonly { readonly value: string; readonly line: number }[],
  scope: DependencyScope,
): DeclaredDependency[] {
  return items.flatMap(({ value, line }) => {
    const requirement = parseRequirement(value);
    return requirement === undefined ? [] : [{ ...requirement, scope, line }];
  });
}

function toEntryPoints(
  items: readonly { readonly value: string; readonly line: number }[],
): ManifestFacts["entryPoints"] & {} {
  return items.flatMap(({ value, line }) => {
    const match = /^([\w.-]+)\s*=\s*([\w.]+:[\w.]+)/.exec(value);
    return match === null ? [] : [{ name: match[1] ?? "", target: match[2] ?? "", line }];
  });
}

function readSetupCfg(text: string): ManifestFacts {
  const ini = readIni(text);
  const values = (section: string, key: string): readonly { value: string; line: number }[] =>
    ini.get(section)?.get(key) ?? [];
  const first = (section: string, key: string): { value: string; line: number } | undefined =>
    values(section, key)[0];
  const name = first("metadata", "name")?.value;
  const version = first("metadata", "version")?.value;
  const licence =
    first("metadata", "license")?.value ??
    licenceOfClassifiers(values("metadata", "classifiers").map(({ value }) => value));
  const python = first("options", "python_requires");
  const extras = [...(ini.get("options.extras_require") ?? [])].flatMap(([extra, items]) =>
    toDependencies(items, scopeOfGroup(extra, "optional")),
  );
  return {
    ...(name === undefined ? {} : { packageName: name }),
    ...(version === undefined || /^(attr|file):/.test(version) ? {} : { packageVersion: version }),
    ...(licence === undefined ? {} : { licence }),
    dependencies: [
      ...toDependencies(values("options", "install_requires"), "runtime"),
      ...toDependencies(values("options", "setup_requires"), "build"),
      ...toDependencies(values("options", "tests_require"), "test"),
      ...extras,
    ],
    runtimes: python === undefined ? [] : [{ name: "Python", version: python.value, line: python.line }],
    entryPoints: toEntryPoints(values("options.entry_points", "console_scripts")),
  };
}

/** setup.py is a program; only literals are read, what is computed stays unknown. */
function readSetupPy(text: string): ManifestFacts {
  const first = (keyword: string): { value: string; line: number } | undefined => {
    const found = readPythonStrings(text, keyword);
    return found.length === 1 ? found[0] : undefined;
  };
  const name = first("name")?.value;
  const version = first("version")?.value;
  const licence =
    first("license")?.value ??
    licenceOfClassifiers(readPythonStrings(text, "classifiers").map(({ value }) => value));
  const python = first("python_requires");
  return {
    ...(name === undefined ? {} : { packageName: name }),
    ...(version === undefined ? {} : { packageVersion: version }),
    ...(licence === undefined ? {} : { licence }),
    dependencies: [
      ...toDependencies(readPythonStrings(text, "install_requires"), "runtime"),
      ...toDependencies(readPythonStrings(text, "setup_requires"), "build"),
      ...toDependencies(readPythonStrings(text, "tests_require"), "test"),
      ...readPythonStrings(text, "extras_require").flatMap((item) =>
        toDependencies([item], scopeOfGroup(item.group, "optional")),
      ),
    ],
    runtimes: python === undefined ? [] : [{ name: "Python", version: python.value, line: python.line }],
    entryPoints: toEntryPoints(readPythonStrings(text, "console_scripts")),
  };
}
