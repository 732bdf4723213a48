import { escapePattern } from "../changed-lines.ts";
import { blankText, lineAt, topLevel } from "./blanked-text.ts";
import type { OfferedName, RemovableNames } from "./removable-names.ts";

/** PHP: types and functions by their full names. An import alone breaks nothing, so the name must be used. */
export const phpNames: RemovableNames = {
  files: /\.php$/,
  isGlobal: true,
  offered(_, text) {
    const blanked = blankText(text, "php");
    const scope = namespaceOf(blanked);
    if (scope === null) return [];
    return [
      ...blanked.matchAll(
        /^[ \t]*(?:(?:abstract|final|readonly)\s+)*(class|interface|trait|enum)\s+([A-Za-z_]\w*)/gm,
      ),
      ...topLevel(blanked).matchAll(/^[ \t]*(function)\s+&?\s*([A-Za-z_]\w*)\s*\(/gm),
    ].map(([, kind, name]): OfferedName => ({
      name: name!,
      fullName: `${scope}\\${name}`,
      scope,
      kind: kind === "function" ? "function" : "type",
    }));
  },
  providers: () => [],
  mayAnswer({ name, scope, kind }, _, text) {
    if (/\bclass_alias\s*\(/.test(text) && text.includes(name)) return true;
    const blanked = blankText(text, "php");
    // Names do not care for case.
    return (
      namespacesOf(blanked).some((other) => other.toLowerCase() === scope.toLowerCase()) &&
      new RegExp(
        kind === "function"
          ? String.raw`\bfunction\s+&?\s*${name}\s*\(`
          : String.raw`\b(?:class|interface|trait|enum)\s+${name}\b`,
        "i",
      ).test(blanked)
    );
  },
  async findUse({ name, fullName, scope, kind }, _, text) {
    // Who asks first whether it is there knows that it may not be.
    if (
      new RegExp(
        String.raw`\b(?:class|interface|trait|enum|function)_exists\s*\((?:\s*\$|[^()]*\b${name}\b)${kind === "function" ? String.raw`|\bis_callable\s*\(` : ""}`,
      ).test(text)
    )
      return null;
    const blanked = blankText(text, "php");
    const full = escapePattern(fullName);
    let local: string | null = null;
    const imports = importsOf(blanked, kind === "function");
    for (const [alias, target] of imports) {
      if (target === fullName) local = alias;
      // `use Shop;` and then `new Shop\\Total`.
      else if (kind === "type" && fullName.startsWith(`${target}\\`))
        local ??= `${alias}\\${fullName.slice(target.length + 1)}`;
    }
    if (
      local === null &&
      kind === "type" &&
      namespaceOf(blanked)?.toLowerCase() === scope.toLowerCase() &&
      !imports.has(name) &&
      !new RegExp(String.raw`\b(?:class|interface|trait|enum)\s+${name}\b`, "i").test(blanked)
    )
      local = name;
    const names = [
      ...(local === null ? [] : [String.raw`(?<![\w\\$>:])${escapePattern(local)}`]),
      String.raw`(?<!\w)\\${full}`,
    ];
    const use = new RegExp(
      kind === "function"
        ? String.raw`(?<!\bfunction\s+)(?:${names.join("|")})\s*\(`
        : String.raw`\bnew\s+(?:${names.join("|")})\b|(?:${names.join("|")})::(?!class\b)[$\w]|\b(?:extends|implements)\s+(?:[\w\\]+\s*,\s*)*(?:${names.join("|")})(?![\w\\])|^[ \t]{1,40}use\s+(?:${names.join("|")})\s*[;,]|[(,]\s*\??(?:${names.join("|")})\s+\$\w`,
      "m",
    ).exec(
      blanked.replace(/^use\b[^;{]{0,2000}(?:\{[^}]{0,4000}\})?[^;]{0,500};/gm, (found) =>
        found.replace(/[^\n]/g, " "),
      ),
    );
    return use === null
      ? null
      : { line: lineAt(blanked, use.index + use[0].search(/\S/)), how: `used here as \`${fullName}\`` };
  },
  examples: {
    bad: [
      {
        "src/Total.php": ["<?php\nnamespace Shop\\Price;\n\nfinal class Total {}\n", null],
        "src/Cart.php": [
          "<?php\nnamespace Shop;\n\nuse Shop\\Price\\{Sum, Total as T};\n\n$t = new T();\n",
          "<?php\nnamespace Shop;\n\nuse Shop\\Price\\{Sum, Total as T};\n\n$t = new T();\n",
        ],
      },
      {
        "src/Total.php": [
          "<?php\nnamespace Shop;\n\ninterface Total {}\n",
          "<?php\nnamespace Shop;\n\ninterface Sum {}\n",
        ],
        "src/Cart.php": [
          "<?php\nnamespace Shop;\n\nclass Cart implements Total {}\n",
          "<?php\nnamespace Shop;\n\nclass Cart implements Total {}\n",
        ],
      },
      {
        "src/total.php": ["<?php\nnamespace Shop;\n\nfunction total() {}\n", "<?php\nnamespace Shop;\n"],
        "web.php": [
          "<?php\nuse function Shop\\total;\n\necho total();\n",
          "<?php\nuse function Shop\\total;\n\necho total();\n",
        ],
      },
    ],
    good: [
      {
        "src/Total.php": ["<?php\nnamespace Shop;\n\nclass Total {}\n", null],
        "lib/Total.php": [null, "<?php\nnamespace Shop;\n\nclass Total {}\n"],
        "src/Cart.php": [
          "<?php\nnamespace Shop;\n\nnew Total();\n",
          "<?php\nnamespace Shop;\n\nnew Total();\n",
        ],
      },
      {
        "src/Total.php": ["<?php\nnamespace Shop;\n\nclass Total {}\n", null],
        "lib/old.php": "<?php\nclass_alias(Shop\\Sum::class, 'Shop\\Total');\n",
        "src/Cart.php": [
          "<?php\nuse Shop\\Total;\n\nnew Total();\n",
          "<?php\nuse Shop\\Total;\n\nnew Total();\n",
        ],
      },
      {
        "src/Total.php": ["<?php\nnamespace Shop;\n\nclass Total {}\n", null],
        "src/Cart.php": [
          "<?php\nuse Shop\\Total;\n\nif (class_exists(Total::class)) { new Total(); }\n",
          "<?php\nuse Shop\\Total;\n\nif (class_exists(Total::class)) { new Total(); }\n",
        ],
        "src/Till.php": [
          "<?php\nnamespace Shop;\n\nuse Other\\Total;\n\nnew Total(); /** @var \\Shop\\Total */\n",
          "<?php\nnamespace Shop;\n\nuse Other\\Total;\n\nnew Total(); /** @var \\Shop\\Total */\n",
        ],
        "src/Till2.php": [
          "<?php\nuse Shop\\Total;\n\n$x instanceof Total;\n",
          "<?php\nuse Shop\\Total;\n\n$x instanceof Total;\n",
        ],
      },
    ],
  },
};

function namespacesOf(blanked: string): readonly string[] {
  return [...blanked.matchAll(/\bnamespace\s+([A-Za-z_][\w\\]*)\s*[;{]/g)].map((match) => match[1]!);
}

/** Null for a file with none or several: there a bare name may mean anything. */
function namespaceOf(blanked: string): string | null {
  const all = namespacesOf(blanked);
  return all.length === 1 ? all[0]! : null;
}

/** Full names by what they are called in the file. */
function importsOf(blanked: string, isFunction: boolean): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, kind, prefix, list, single] of blanked.matchAll(
    /^use\s+(function\s+|const\s+)?\\?(?:([\w\\]+\\)\{([^}]{1,4000})\}|([^;{]{1,2000}));/gm,
  )) {
    if ((kind?.trim() === "function") !== isFunction || kind?.trim() === "const") continue;
    for (const part of (list ?? single!).split(",")) {
      const [, target, alias] = /^[ \t]*\\?([\w\\]+?)(?:\s+as\s+(\w+))?\s*$/i.exec(part.trim()) ?? [];
      if (target === undefined) continue;
      const full = `${prefix ?? ""}${target}`;
      found.set(alias ?? full.slice(full.lastIndexOf("\\") + 1), full);
    }
  }
  return found;
}
