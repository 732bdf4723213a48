import { escapePattern } from "../changed-lines.ts";
import { blankText, folderOf, lineAt, nearestWith } from "./blanked-text.ts";
import type { NameUse, OfferedName, RemovableNames, Surroundings } from "./removable-names.ts";

/** Go files, and what `go generate` commonly reads. */
const sources = /\.(?:proto|y|rl|tmpl|tpl|gotmpl|thrift|fbs|capnp|graphqls?|cue)$/;

/** Go: exported names of a package, used through an import of that package, or bare in its own folder. */
export const goNames: RemovableNames = {
  files: /(?<!_test)\.go$|_test\.go$/,
  isGlobal: false,
  offered(path, text) {
    if (path.endsWith("_test.go")) return [];
    const blanked = blankText(text, "go");
    const scope = packageOf(blanked);
    if (scope === null) return [];
    return declaredIn(blanked).map((name): OfferedName => ({
      name,
      fullName: `${scope}.${name}`,
      scope,
      kind: "value",
    }));
  },
  providers({ path }, { paths }) {
    const folder = folderOf(path);
    return paths.filter(
      (other) =>
        folderOf(other) === folder && other !== path && (other.endsWith(".go") || sources.test(other)),
    );
  },
  mayAnswer({ path, name }, other, text) {
    if (folderOf(other) !== folderOf(path)) return false;
    return !other.endsWith(".go") || declaredIn(blankText(text, "go")).includes(name);
  },
  async findUse(removed, path, text, around) {
    if (/^\/\/(?:go:build\s+ignore|\s*\+build\s+ignore)\b/m.test(text)) return null;
    const blanked = blankText(text, "go");
    if (folderOf(path) === folderOf(removed.path) && packageOf(blanked) === removed.scope)
      return findBare(removed.name, blanked);
    if (removed.scope === "main") return null;
    return findQualified(removed.path, removed.scope, removed.name, path, text, blanked, around);
  },
  examples: {
    bad: [
      {
        "go.mod": ["module example.org/shop\n", "module example.org/shop\n"],
        "price/price.go": [
          "package price\n\nfunc Total() int { return 1 }\n\nfunc Sum() int { return 1 }\n",
          "package price\n\nfunc Sum() int { return 1 }\n",
        ],
        "main.go": [
          'package main\n\nimport (\n\tp "example.org/shop/price"\n)\n\nfunc main() { p.Total() }\n',
          'package main\n\nimport (\n\tp "example.org/shop/price"\n)\n\nfunc main() { p.Total() }\n',
        ],
      },
      {
        "price/price.go": ["package price\n\ntype Total struct{}\n", "package price\n"],
        "price/shop.go": [
          "package price\n\nvar all = []*Total{}\n",
          "package price\n\nvar all = []*Total{}\n",
        ],
      },
    ],
    good: [
      {
        "go.mod": ["module example.org/shop\n", "module example.org/shop\n"],
        "price/price.go": ["package price\n\nfunc Total() int { return 1 }\n", "package price\n"],
        "price/price_linux.go": [null, "package price\n\nfunc Total() int { return 1 }\n"],
        "main.go": [
          'package main\n\nimport "example.org/shop/price"\n\nfunc main() { price.Total() }\n',
          'package main\n\nimport "example.org/shop/price"\n\nfunc main() { price.Total() }\n',
        ],
      },
      {
        "go.mod": ["module example.org/shop\n", "module example.org/shop\n"],
        "price/price.go": ["package price\n\nfunc Total() int { return 1 }\n", "package price\n"],
        "main.go": [
          'package main\n\nimport "example.org/other/price"\n\nfunc main() { price.Total() }\n',
          'package main\n\nimport "example.org/other/price"\n\nfunc main() { price.Total() }\n',
        ],
        "cmd/main.go": [
          'package main\n\nimport "example.org/shop/price"\n\nfunc f(price shop) { price.Total() }\n',
          'package main\n\nimport "example.org/shop/price"\n\nfunc f(price shop) { price.Total() }\n',
        ],
      },
      {
        "price/price.go": ["package price\n\nfunc Total() int { return 1 }\n", "package price\n"],
        "price/shop.go": [
          "package price\n\ntype Shop interface {\n\tTotal() int\n}\n\nfunc (s shop) Total() int { return s.Total() }\n",
          "package price\n\ntype Shop interface {\n\tTotal() int\n}\n\nfunc (s shop) Total() int { return s.Total() }\n",
        ],
      },
    ],
  },
};

function packageOf(blanked: string): string | null {
  return /^package\s+(\w+)/m.exec(blanked)?.[1] ?? null;
}

/** Exported names at the top of a file, as gofmt lays it out. */
function declaredIn(blanked: string): readonly string[] {
  const names: string[] = [];
  let isGroup = false;
  for (const line of blanked.split("\n")) {
    if (/^(?:type|var|const)\s*\(\s*$/.test(line)) isGroup = true;
    else if (line.startsWith(")")) isGroup = false;
    const [, one, list] =
      (isGroup
        ? /^(?:\t| {1,8})()(\w+(?:[ \t]*,[ \t]*\w+){0,20})/
        : /^(?:func|type)\s+([A-Z]\w*)|^(?:var|const)\s+(\w+(?:[ \t]*,[ \t]*\w+){0,20})/
      ).exec(line) ?? [];
    names.push(...(one || (list ?? "")).split(/\s*,\s*/).filter((name) => /^[A-Z]/.test(name)));
  }
  return names;
}

/** Forms in which a name can be neither field, method nor parameter. */
function findBare(name: string, blanked: string): NameUse | null {
  const escaped = escapePattern(name);
  const owned = new RegExp(
    String.raw`(?<![\w.])${escaped}(?:[ \t]*,[ \t]*\w+){0,20}\s*:=|\b(?:var|const|type)\s+${escaped}\b|[(,[]\s*${escaped}\s+[\w*[\]]|^[ \t]*\. {3,}$`,
    "m",
  );
  if (owned.test(blanked)) return null;
  // A method of an interface is written as a call is.
  const code = blanked.replace(/\binterface\s*\{[^{}]*\}/g, (found) => found.replace(/[^\n]/g, " "));
  const noKeyword =
    "(?!(?:return|go|defer|range|case|goto|break|continue|package|import|else|func|type|chan|map)\\b)";
  const used = new RegExp(
    String.raw`&${escaped}\{|\]\*?${escaped}\b(?!\s*[.(])|(?:[=(,!]|\breturn|:=|\bgo|\bdefer)[ \t]*${escaped}[({]|^\t+${escaped}\(|\.\(\*?${escaped}\)|\b_[ \t]+\*?${escaped}[ \t]*=|^\t+${noKeyword}[A-Za-z_]\w*[ \t]+\*?${escaped}[ \t]*$|[(,][ \t]*${noKeyword}[A-Za-z_]\w*[ \t]+(?:\.\.\.)?\*?${escaped}[ \t]*[,)]`,
    "m",
  ).exec(code);
  if (used === null) return null;
  return { line: lineAt(blanked, used.index + used[0].lastIndexOf(name)), how: "used here" };
}

async function findQualified(
  target: string,
  packageName: string,
  name: string,
  path: string,
  text: string,
  blanked: string,
  around: Surroundings,
): Promise<NameUse | null> {
  const root = nearestWith(folderOf(target), "go.mod", around.has);
  // Another module may ask for a version that was released before.
  if (root === null || root !== nearestWith(folderOf(path), "go.mod", around.has)) return null;
  const mod = await around.read(root === "" ? "go.mod" : `${root}/go.mod`);
  const module = /^module\s+"?([^\s"]+)/m.exec(mod ?? "")?.[1];
  if (module === undefined) return null;
  const below = folderOf(target).slice(root === "" ? 0 : root.length + 1);
  const address = below === "" ? module : `${module}/${below}`;
  const code = blankText(text, "go", true);
  const imported = new RegExp(
    String.raw`^(?:import)?[ \t]*(?:([\w.]+)[ \t]+)?"${escapePattern(address)}"`,
    "m",
  ).exec(code);
  if (imported === null) return null;
  const alias = imported[1] ?? packageName;
  if (alias === "_" || alias === ".") return null;
  const local = new RegExp(
    String.raw`(?<![\w.])${alias}(?:[ \t]*,[ \t]*\w+){0,20}\s*:?=(?!=)|,\s*${alias}\s*:=|[(,]\s*${alias}[ \t]+[\w*[(]|\bvar[ \t]+${alias}\b|[(,]\s*${alias}\s*,[^()]{0,200}?\w[ \t]+[\w*]`,
  );
  if (local.test(blanked)) return null;
  const used = new RegExp(String.raw`(?<![\w.)\]])${alias}\.${escapePattern(name)}\b`).exec(blanked);
  if (used === null) return null;
  return { line: lineAt(blanked, used.index), how: `used here as \`${alias}.${name}\` of \`${address}\`` };
}
