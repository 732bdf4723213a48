import { escapePattern } from "../changed-lines.ts";
import { blankText, hasWord, lineAt, wordPattern } from "./blanked-text.ts";
import type { NameUse, OfferedName, RemovableNames, RemovedName } from "./removable-names.ts";

const kotlinDeclared =
  /^(?!(?:private|internal)\b)(?:@\w[\w.]*(?:\([^()\n]*\))?\s+)*(?:(?!private\b|internal\b)[a-z]+\s+)*(?:class|interface|object|typealias|fun|val|var)\s+(?:<[^<>\n]*(?:<[^<>\n]*>[^<>\n]*)*>\s*)?(?:[\w.<>?*, ]+\.)?([A-Za-z_]\w*)/gm;

/** Java and Kotlin: types (in Kotlin also functions and values) by their full names, and static members of Java's. */
export const javaNames: RemovableNames = {
  files: /\.(?:java|kt)$/,
  suppliers: /\.(?:groovy|scala)$/,
  isGlobal: true,
  offered(path, text) {
    const blanked = blankText(text, "c");
    const scope = packageOf(blanked);
    if (scope === null) return [];
    if (path.endsWith(".kt"))
      return [...blanked.matchAll(kotlinDeclared)].map(({ 1: name }): OfferedName => ({
        name: name!,
        fullName: `${scope}.${name}`,
        scope,
        kind: /^[A-Z]/.test(name!) ? "type" : "function",
      }));
    const types = typesOf(blanked);
    return [
      ...types
        .filter(({ isHidden }) => !isHidden)
        .map(({ name, qualified }): OfferedName => ({
          name,
          fullName: `${scope}.${qualified}`,
          scope,
          kind: "type",
        })),
      ...types
        .filter(({ qualified, name, isHidden }) => qualified === name && !isHidden)
        .flatMap(({ name: owner, body, isPlain }) =>
          isPlain
            ? staticsOf(body).map((name): OfferedName => ({
                name,
                fullName: `${scope}.${owner}.${name}`,
                scope: `${scope}.${owner}`,
                kind: "member",
              }))
            : [],
        ),
    ];
  },
  providers: () => [],
  mayAnswer(removed, path, text) {
    const blanked = blankText(text, "c");
    if (removed.kind === "member") {
      const owner = removed.scope.slice(removed.scope.lastIndexOf(".") + 1);
      // With its class gone, that is what is said.
      if (path !== removed.path) return declares(blanked, removed.scope, owner);
      const type = typesOf(blanked).find(({ qualified }) => qualified === owner);
      return type === undefined || !type.isPlain || hasWord(text, removed.name);
    }
    return declares(blanked, removed.fullName, removed.name);
  },
  async findUse(removed, path, text) {
    const blanked = blankText(text, "c");
    if (removed.kind === "member") return path.endsWith(".java") ? findMember(removed, blanked) : null;
    const full = escapePattern(removed.fullName).replaceAll("\\.", String.raw`\s*\.\s*`);
    const imported = new RegExp(
      String.raw`^[ \t]*import[ \t]+(?:static[ \t]+${full}\s*\.\s*[\w*]|${full}[ \t]*(?:;|$|as\b))`,
      "m",
    ).exec(blanked);
    if (imported !== null)
      return { line: lineAt(blanked, imported.index), how: `imported here from \`${removed.scope}\`` };
    if (removed.kind !== "type") return null;
    const written = removed.fullName.slice(removed.scope.length + 1);
    if (!resolves(blanked, removed.scope, written.split(".")[0]!)) return null;
    return path.endsWith(".java") ? findType(written, blanked) : findKotlinType(written, blanked);
  },
  examples: {
    bad: [
      {
        "src/a/Total.java": ["package a;\n\npublic class Total {\n  public enum Kind { NET }\n}\n", null],
        "src/b/Shop.java": [
          "package b;\n\nimport a.Total;\n\nclass Shop {}\n",
          "package b;\n\nimport a.Total;\n\nclass Shop {}\n",
        ],
        "src/b/Till.kt": ["package b\n\nimport a.Total.Kind\n", "package b\n\nimport a.Total.Kind\n"],
        "src/a/Sum.java": [
          "package a;\n\nclass Sum { Total t = new Total(); }\n",
          "package a;\n\nclass Sum { Total t = new Total(); }\n",
        ],
      },
      {
        "src/a/Price.java": [
          "package a;\n\npublic final class Price {\n  public static int total() { return 1; }\n}\n",
          "package a;\n\npublic final class Price {\n  public static int sum() { return 1; }\n}\n",
        ],
        "src/b/Shop.java": [
          "package b;\n\nimport a.Price;\n\nclass Shop { int t = Price.total(); }\n",
          "package b;\n\nimport a.Price;\n\nclass Shop { int t = Price.total(); }\n",
        ],
      },
      {
        "src/a/Text.kt": ["package a\n\nfun String.isTotal(): Boolean = true\n", "package a\n"],
        "src/b/Shop.kt": ["package b\n\nimport a.isTotal\n", "package b\n\nimport a.isTotal\n"],
      },
    ],
    good: [
      {
        "src/a/Total.java": ["package a;\n\npublic class Total {}\n", null],
        "src/a/Total.kt": [null, "package a\n\ndata class Total(val net: Int)\n"],
        "src/b/Shop.java": ["package b;\n\nimport a.Total;\n", "package b;\n\nimport a.Total;\n"],
      },
      {
        "src/a/Total.java": ["package a;\n\npublic class Total {}\n", null],
        "pom.xml": ["<project/>\n", "<project>\n</project>\n"],
        "src/b/Shop.java": ["package b;\n\nimport a.Total;\n", "package b;\n\nimport a.Total;\n"],
      },
      {
        "src/a/Total.java": ["package a;\n\npublic class Total {}\n", null],
        "src/b/Shop.java": ["package b;\n\nimport c.Total;\n", "package b;\n\nimport c.Total;\n"],
        "src/a/Sum.java": [
          "package a;\n\nimport c.*;\n\nclass Sum { Total t; }\n",
          "package a;\n\nimport c.*;\n\nclass Sum { Total t; }\n",
        ],
      },
      {
        "src/a/Price.java": [
          "package a;\n\npublic class Price {\n  public static int total() { return 1; }\n}\n",
          "package a;\n\npublic class Price extends Base {\n}\n",
        ],
        "src/b/Shop.java": [
          "package b;\n\nimport a.Price;\n\nclass Shop { int t = Price.total(); }\n",
          "package b;\n\nimport a.Price;\n\nclass Shop { int t = Price.total(); }\n",
        ],
      },
    ],
  },
};

interface JavaType {
  readonly name: string;
  /** With the types around it. */
  readonly qualified: string;
  readonly isHidden: boolean;
  /** Nothing is inherited, and no annotation could have something generated. */
  readonly isPlain: boolean;
  /** Without what stands in its inner braces. */
  readonly body: string;
}

function packageOf(blanked: string): string | null {
  return /^[ \t]*package\s+([\w.]+)/m.exec(blanked)?.[1] ?? null;
}

function typesOf(blanked: string): readonly JavaType[] {
  const types: JavaType[] = [];
  const open: ({ name: string; head: string; isHidden: boolean; body: string } | null)[] = [];
  let next: { name: string; head: string; isHidden: boolean; body: string } | null = null;
  let from = 0;
  for (const token of blanked.matchAll(/[{};]|(?<![.\w])(?:class|interface|enum|record)\s+([A-Za-z_]\w*)/g)) {
    const [part, name] = token;
    const inner = open.at(-1);
    if (name !== undefined) {
      const modifiers = blanked.slice(from, token.index);
      const inherits = /^[^{};]*\bextends\b|^[^{};]*\bimplements\b/.test(
        blanked.slice(token.index, token.index + 500),
      );
      next = {
        name,
        head:
          /@(?!interface|SuppressWarnings|Deprecated|FunctionalInterface)\w/.test(modifiers) || inherits
            ? "not plain"
            : "",
        isHidden: /\bprivate\b/.test(modifiers),
        body: "",
      };
      continue;
    }
    if (inner) inner.body += blanked.slice(from, token.index + 1);
    from = token.index + 1;
    if (part === "{") {
      open.push(next);
      next = null;
    } else if (part === "}") {
      const closed = open.pop();
      if (closed)
        types.push({
          name: closed.name,
          qualified: [...open.flatMap((outer) => outer?.name ?? []), closed.name].join("."),
          isHidden: closed.isHidden || open.some((outer) => outer === null || outer.isHidden),
          isPlain: closed.head === "",
          body: closed.body,
        });
    } else next = null;
  }
  return types;
}

function staticsOf(body: string): readonly string[] {
  return [...body.matchAll(/(?<=[;{}]|^)([^;{}]{0,400}?\bstatic\b[^;{}=()]{0,300}?)([A-Za-z_]\w+)\s*[(=;]/g)]
    .filter(({ 1: before }) => !/\b(?:private|class|interface|enum|record)\b/.test(before!))
    .map(({ 2: name }) => name!);
}

/** Whether a file declares that full name, in whatever language; nested names count by their last part. */
function declares(blanked: string, fullName: string, name: string): boolean {
  const scope = packageOf(blanked);
  if (scope === null || !fullName.startsWith(`${scope}.`)) return false;
  return new RegExp(
    String.raw`\b(?:class|interface|enum|record|object|trait|typealias|val|var)\s+(?:[\w.<>?]+\.)?${name}\b|\bfun\b[^\n({=]{0,200}?(?<!\w)${name}\s*[(<]`,
  ).test(blanked);
}

/** Whether the bare name means that of the package, in a file of it or one that imports it. */
function resolves(blanked: string, scope: string, name: string): boolean {
  const imports = [...blanked.matchAll(/^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+(?:\.\*)?)/gm)].map(
    (match) => match[1]!,
  );
  if (
    new RegExp(
      String.raw`\b(?:class|interface|enum|record)\s+${name}\b|<[^<>;(){}]*\b${name}\s*(?:extends|,|>\s*\w+\s*\w*\s*\()`,
    ).test(blanked)
  )
    return false;
  if (imports.includes(`${scope}.${name}`)) return true;
  return (
    packageOf(blanked) === scope &&
    !imports.some((imported) => imported.endsWith(`.${name}`) || imported.endsWith(".*"))
  );
}

function findType(written: string, blanked: string): NameUse | null {
  const name = escapePattern(written);
  const used = new RegExp(
    String.raw`\bnew\s+${name}\b|\b(?:extends|implements|throws|instanceof|catch\s*\()\s+${name}\b|(?<![\w.@])${name}\.[A-Za-z_]|^[ \t]*(?:(?:private|public|protected|static|final)\s+)*${name}(?:<[^;(){}]{0,200}>)?\s+\w+\s*[=;(]`,
    "m",
  ).exec(blanked);
  if (used === null) return null;
  const at = used.index + used[0].search(wordPattern(written));
  return { line: lineAt(blanked, at), how: "used here" };
}

function findKotlinType(written: string, blanked: string): NameUse | null {
  const name = escapePattern(written);
  const used = new RegExp(
    String.raw`[=(,][ \t]*${name}\(|:[ \t]*${name}(?![\w.(])|\b(?:is|as\??)[ \t]+${name}(?![\w.])|[=(,][ \t]*${name}(?:\.\w|::)`,
  ).exec(blanked);
  if (used === null) return null;
  return { line: lineAt(blanked, used.index + used[0].search(wordPattern(written))), how: "used here" };
}

function findMember({ scope, name }: RemovedName, blanked: string): NameUse | null {
  const owner = scope.slice(scope.lastIndexOf(".") + 1);
  const taken = new RegExp(
    String.raw`^[ \t]*import[ \t]+static[ \t]+${escapePattern(scope)}\.${name}\s*;`,
    "m",
  ).exec(blanked);
  const used =
    taken ??
    (resolves(blanked, scope.slice(0, -owner.length - 1), owner)
      ? new RegExp(String.raw`(?<![\w.])${owner}\s*\.\s*${name}\b`).exec(blanked)
      : null);
  return used === null
    ? null
    : { line: lineAt(blanked, used.index + used[0].lastIndexOf(name)), how: `used here of \`${scope}\`` };
}
