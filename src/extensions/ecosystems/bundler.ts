import {
  defineEcosystem,
  type DeclaredDependency,
  type DependencyScope,
  type ManifestFacts,
} from "../../contracts/ecosystem.ts";
import { addVersion, baseName } from "./reading/lines.ts";

export default defineEcosystem({
  id: "bundler",
  title: "Bundler",
  isManifest: (path) => /(^|\/)(Gemfile|gems\.rb|[^/]+\.gemspec)$/.test(path),
  isLockFile: (path) => ["Gemfile.lock", "gems.locked"].includes(baseName(path)),
  parseManifest: ({ path, text }) => {
    if (text.includes("\u0000"))
      return { problems: [{ message: `Not Ruby: ${baseName(path)} holds binary data.` }] };
    return path.endsWith(".gemspec") ? readGemspec(text) : readGemfile(text);
  },
  parseLockFile: ({ text }) => {
    const versions = new Map<string, string[]>();
    for (const match of text.matchAll(/^ {4}([\w.-]+) \((\d[^)]*)\)\r?$/gm))
      addVersion(versions, match[1] ?? "", match[2] ?? "");
    return versions;
  },
});

function scopeOfGroups(groups: string): DependencyScope {
  const names = [...groups.matchAll(/\w+/g)]
    .map((match) => match[0])
    .filter((name) => name !== "group" && name !== "groups");
  if (names.length === 0 || names.some((name) => ["default", "production", "assets"].includes(name)))
    return "runtime";
  if (names.every((name) => /test|rspec|cucumber/.test(name))) return "test";
  return names.every((name) => /test|dev|lint|doc|rubocop|ci|tools|bench|profil/.test(name))
    ? "development"
    : "optional";
}

/** Version requirements among the arguments of `gem`: the strings before the first option. */
function requirementOf(args: string): string {
  const parts: string[] = [];
  for (const match of args.matchAll(/\s*,\s*(?:\[\s*)?(?:["']([^"']*)["']|(:?\w+:?))/g)) {
    if (match[1] === undefined) break;
    parts.push(match[1]);
  }
  return parts.filter((part) => /^[\s~<>=!\d]/.test(part)).join(", ");
}

function readGemfile(text: string): ManifestFacts {
  const dependencies: DeclaredDependency[] = [];
  const runtimes: { name: string; version: string; line: number }[] = [];
  const blocks: (string | undefined)[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/(^|\s)#(?!\{).*$/, "");
    const gem = /^\s*gem[\s(]+["']([\w.-]+)["'](.*)/.exec(line);
    if (gem !== null) {
      const [, name = "", args = ""] = gem;
      const own = /(?:\bgroups?:|:groups?\s*=>)\s*(\[[^\]]*\]|:\w+|%i\[[^\]]*\])/.exec(args)?.[1];
      const groups = own ?? blocks.findLast((block) => block !== undefined);
      const scope = groups === undefined ? "runtime" : scopeOfGroups(groups);
      dependencies.push({ name, requirement: requirementOf(args), scope, line: index + 1 });
    }
    const ruby = /^\s*ruby[\s(]+["']([^"']+)["']/.exec(line);
    if (ruby !== null) runtimes.push({ name: "Ruby", version: ruby[1] ?? "", line: index + 1 });
    const group = /^\s*group[\s(]+([^|]*?)\)?\s+do\b/.exec(line);
    if (group !== null) blocks.push(group[1]);
    else if (/\bdo\s*(\|[^|]*\|)?\s*$/.test(line) || /^\s*(if|unless|case|begin|def|while)\b/.test(line))
      blocks.push(undefined);
    else if (/^\s*end\b/.test(line)) blocks.pop();
  }
  return { dependencies, runtimes };
}

function readGemspec(text: string): ManifestFacts {
  const dependencies: DeclaredDependency[] = [];
  const runtimes: { name: string; version: string; line: number }[] = [];
  const executables: { name: string; line: number }[] = [];
  let name: string | undefined;
  let version: string | undefined;
  let licence: string | undefined;
  let bindir = "bin";
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.replace(/(^|\s)#(?!\{).*$/, "");
    const call = /\.add_(runtime_|development_)?dependency[\s(]+["']([\w.-]+)["']([^)]*)/.exec(line);
    if (call !== null) {
      const scope = call[1] === "development_" ? "development" : "runtime";
      dependencies.push({
        name: call[2] ?? "",
        requirement: requirementOf(call[3] ?? ""),
        scope,
        line: index + 1,
      });
    }
    const [, field, value = ""] = /^\s*\w+\.(\w+)\s*=\s*(.+)$/.exec(line) ?? [];
    const strings = [...value.matchAll(/["']([^"']*)["']/g)].map((match) => match[1] ?? "");
    const words =
      strings.length > 0
        ? strings
        : (/^%w[([{]([^)\]}]*)/.exec(value)?.[1] ?? "").split(/\s+/).filter(Boolean);
    const literal = /^["'][^"'#]*["']/.test(value) ? strings[0] : undefined;
    if (field === "name") name = literal;
    else if (field === "version") version = literal;
    else if ((field === "license" || field === "licenses") && words.length > 0) licence = words.join(" OR ");
    else if (field === "bindir" && literal !== undefined) bindir = literal;
    else if (field === "required_ruby_version" && words.length > 0)
      runtimes.push({ name: "Ruby", version: words.join(", "), line: index + 1 });
    else if (field === "executables" && !value.includes("{") && !value.includes("grep"))
      for (const word of words) executables.push({ name: word, line: index + 1 });
  }
  return {
    ...(name === undefined ? {} : { packageName: name }),
    ...(version === undefined ? {} : { packageVersion: version }),
    ...(licence === undefined ? {} : { licence }),
    dependencies,
    runtimes,
    entryPoints: executables.map(({ name, line }) => ({ name, target: `${bindir}/${name}`, line })),
  };
}
