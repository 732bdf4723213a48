import type { ChangeExample, ReviewedChange, RuleHit } from "../../../../contracts/review-rule.ts";
import { escapePattern } from "../changed-lines.ts";
import { blankText, hasWord, lineAt } from "./blanked-text.ts";
import { foreignPath } from "./find-removed-uses.ts";
import type { Surroundings } from "./removable-names.ts";
import { maxLength } from "./surroundings.ts";

interface ClassText {
  readonly name: string;
  /** Where the body lies in the text. */
  readonly start: number;
  readonly end: number;
  /** Whatever it does not define itself is not there: no bases, no mixins, no decorators. */
  readonly isAlone: boolean;
}

interface Methods {
  readonly files: RegExp;
  readonly syntax: "ecmascript" | "python" | "php" | "c";
  /** Before a name that is looked up in the object itself. */
  readonly own: string;
  /** Ways to have members that no text defines. */
  readonly dynamic: RegExp;
  readonly classes: (blanked: string) => readonly ClassText[];
  readonly defined: RegExp;
}

interface Orphan {
  readonly name: string;
  /** The class. */
  readonly owner: string;
  /** Where it is called. */
  readonly at: number;
}

const braced = (head: RegExp) => (blanked: string) => bracedClasses(blanked, head);

const all: readonly Methods[] = [
  {
    files: /(?<!\.d)\.[cm]?[jt]sx?$/,
    syntax: "ecmascript",
    own: String.raw`\bthis\??\.`,
    dynamic:
      /\bthis\[|Object\.(?:assign|definePropert(?:y|ies)|setPrototypeOf)\(\s*(?:this|[A-Z])|\.prototype\b|\bReflect\.|\bnew Proxy\(|^[ \t]*\[\w+\s*:\s*string\]/m,
    classes: braced(/(?<=^|\n)([^\n]*)\bclass\s+([A-Za-z_$][\w$]*)([^{;]{0,300})\{/g),
    defined:
      /^[ \t]{1,40}(?:(?:public|private|protected|static|async|get|set|readonly)\s+)*\*? ?(#?[A-Za-z_$][\w$]{3,80})\s*(?:<[^<>\n]*>)?\(/gm,
  },
  {
    files: /\.py$/,
    syntax: "python",
    own: String.raw`\bself\.`,
    dynamic: /__getattr|\bsetattr\(|__dict__|\bvars\(/,
    classes: indentedClasses,
    defined: /^[ \t]{1,40}(?:async\s+)?def\s+([A-Za-z_]\w{3,80})\s*\(/gm,
  },
  {
    files: /\.php$/,
    syntax: "php",
    own: String.raw`\$this\??->`,
    dynamic: /\b__call\b|\$this->\$|\$this->\{/,
    classes: braced(/(?<=^|\n)([^\n]*)\bclass\s+([A-Za-z_]\w*)([^{;]{0,300})\{(?!\s*(?:[^{}]*;\s*)?use\s)/g),
    defined: /\bfunction\s+&?([A-Za-z_]\w{3,80})\s*\(/g,
  },
  {
    files: /\.java$/,
    syntax: "c",
    own: String.raw`\bthis\.`,
    dynamic: /@\w*(?:Data|Getter|Setter|Value|Builder|With|Delegate|Entity)\b/,
    classes: braced(/(?<=^|\n)([^\n]*)(?<!\.)\bclass\s+([A-Za-z_]\w*)([^{;]{0,300})\{/g),
    defined:
      /^[ \t]{1,40}(?:(?:public|private|protected|static|final|synchronized)\s+)*[\w<>[\],.? ]{1,200}\s([A-Za-z_]\w{3,80})\s*\(/gm,
  },
];

const maxMethods = 20;
const maxClasses = 200;

/** Methods that the change took out of a class that still calls them, and that nothing else can supply. */
export async function findOrphanedCalls(
  change: ReviewedChange,
  around: Surroundings,
  signal: AbortSignal,
): Promise<readonly RuleHit[]> {
  const hits: RuleHit[] = [];
  let asked = 0;
  for (const file of change.files) {
    const methods = all.find(({ files }) => files.test(file.path));
    if (methods === undefined || file.text === null || !file.isWhole || foreignPath.test(file.path)) continue;
    if (["vendored", "generated", "documentation"].includes(file.role)) continue;
    const before = file.diff.status === "added" ? null : await change.before(file.oldPath ?? file.path);
    if (before === null || before.length > maxLength || methods.dynamic.test(file.text)) continue;
    for (const orphan of orphansIn(before, file.text, methods)) {
      const { name, owner, at } = orphan;
      signal.throwIfAborted();
      if (++asked > maxMethods) return hits;
      if (!(await isSuppliedElsewhere(orphan, file.path, around, methods)))
        hits.push({
          path: file.path,
          line: lineAt(file.text, at),
          subject: `${owner}.${name}`,
          isConsequence: true,
          message: `\`${name}\` is called here, and the class \`${owner}\` does not have it any more.`,
        });
    }
  }
  return hits;
}

function orphansIn(
  before: string,
  after: string,
  { classes, syntax, defined, own }: Methods,
): readonly Orphan[] {
  const was = blankText(before, syntax);
  const now = blankText(after, syntax);
  const kept = blankText(after, syntax, true);
  const left = new Map(classes(now).map((found) => [found.name, found]));
  return classes(was).flatMap((former) => {
    const present = left.get(former.name);
    if (!former.isAlone || present?.isAlone !== true) return [];
    const names = new Set(
      [...was.slice(former.start, former.end).matchAll(defined)].map((match) => match[1]!),
    );
    return [...names].flatMap((name) => {
      const word = escapePattern(name);
      // Named in any other way, it may be there in any way; strings count.
      if (
        !hasWord(now, name) ||
        new RegExp(
          String.raw`(?<!${own})(?<![\w$])${word}(?![\w$])|(?<=${own})${word}\s*(?:[?!]?[:=](?!=)|[-+|&?]+=)`,
        ).test(kept)
      )
        return [];
      const called = new RegExp(String.raw`${own}${word}\(`).exec(now.slice(present.start, present.end));
      return called === null ? [] : [{ name, owner: former.name, at: present.start + called.index }];
    });
  });
}

/** Whether a class that inherits from it, or someone who sets it from outside, may define the method. */
async function isSuppliedElsewhere(
  { name, owner }: Orphan,
  path: string,
  around: Surroundings,
  { files, syntax }: Methods,
): Promise<boolean> {
  const ofOwner = escapePattern(owner);
  const inherits = new RegExp(
    String.raw`\bextends\b[^{;]{0,300}(?<![\w$])${ofOwner}(?![\w$])|\bclass\s+\w+\s*\([^)]{0,1000}\b${ofOwner}\b|\binterface\s+${ofOwner}\b|(?<![\w$])${ofOwner}(?:\.prototype\b|\s+as\b|\s*=(?!=)|\s*[,)]\s*\{)`,
  );
  const sets = new RegExp(String.raw`(?:\.|->)${escapePattern(name)}\s*(?:[|?]{0,2}=(?![=>]))`);
  for (const [asked, pattern] of [
    [owner, inherits],
    [name, sets],
  ] as const) {
    const { paths, isAll } = await around.naming(asked, path, files);
    if (!isAll) return true;
    for (const other of paths) {
      if (!files.test(other)) continue;
      const text = await around.read(other);
      if (text === null || pattern.test(blankText(text, syntax))) return true;
    }
  }
  return false;
}

function bracedClasses(blanked: string, head: RegExp): readonly ClassText[] {
  return [...blanked.matchAll(head)].slice(0, maxClasses).map((match): ClassText => {
    const [whole, lead, name, rest] = match;
    const start = match.index + whole.length;
    let depth = 1;
    let end = start;
    for (; end < blanked.length && depth > 0; end++) {
      if (blanked[end] === "{") depth++;
      else if (blanked[end] === "}") depth--;
    }
    const isDecorated =
      /@|#\[/.test(lead!) ||
      /(?:^|\n)[ \t]*(?:@|#\[)[^\n;{}]*\n[ \t]*$/.test(
        blanked.slice(Math.max(0, match.index - 300), match.index),
      );
    const isMerged = new RegExp(String.raw`\b(?:interface|namespace|trait)\s+${escapePattern(name!)}\b`).test(
      blanked,
    );
    const hasTraits = /^[ \t]{1,40}use\s+[\\A-Z]/m.test(blanked.slice(start, end));
    return {
      name: name!,
      start,
      end,
      isAlone:
        !/\bextends\b/.test(rest!) &&
        !isDecorated &&
        !isMerged &&
        !hasTraits &&
        !/\babstract\b|\bdeclare\b/.test(lead!),
    };
  });
}

function indentedClasses(blanked: string): readonly ClassText[] {
  return [...blanked.matchAll(/^([ \t]*)class[ \t]+(\w+)[ \t]*(\([^)]{0,1000}\))?[ \t]*:/gm)]
    .slice(0, maxClasses)
    .map((match): ClassText => {
      const start = match.index + match[0].length;
      const indent = match[1]!.length;
      const next = new RegExp(String.raw`^[ \t]{0,${indent}}[^\s)\]}]`, "gm");
      next.lastIndex = start;
      const isDecorated = /\n[ \t]*(?:@[^\n]*|\))\n$/.test(
        blanked.slice(Math.max(0, match.index - 300), match.index),
      );
      return {
        name: match[2]!,
        start,
        end: next.exec(blanked)?.index ?? blanked.length,
        isAlone: /^(?:\(\s*(?:object)?\s*\))?$/.test(match[3] ?? "") && !isDecorated,
      };
    });
}

export const orphanedCallExamples: {
  readonly bad: readonly ChangeExample[];
  readonly good: readonly ChangeExample[];
} = {
  bad: [
    {
      "src/price.ts": [
        "export class Price {\n  net(): number {\n    return this.total();\n  }\n  total(): number {\n    return 1;\n  }\n}\n",
        "export class Price {\n  net(): number {\n    return this.total();\n  }\n}\n",
      ],
    },
    {
      "shop/price.py": [
        "class Price:\n    def net(self):\n        return self.total(\n            1\n        )\n\n    def total(self, x):\n        return x\n",
        "class Price:\n    def net(self):\n        return self.total(\n            1\n        )\n\n    def sum(self, x):\n        return x\n",
      ],
    },
    {
      "src/Price.php": [
        "<?php\nfinal class Price implements A\n{\n    function net() { return $this->total(); }\n    private function total() { return 1; }\n}\n",
        "<?php\nfinal class Price implements A\n{\n    function net() { return $this->total(); }\n}\n",
      ],
    },
  ],
  good: [
    {
      "src/price.ts": [
        "export class Price extends Base {\n  net() {\n    return this.total();\n  }\n  total() {\n    return 1;\n  }\n}\n",
        "export class Price extends Base {\n  net() {\n    return this.total();\n  }\n}\n",
      ],
      "src/sum.ts": [
        "class Sum {\n  net() {\n    return this.total();\n  }\n  total() {\n    return 1;\n  }\n}\n",
        "class Sum {\n  constructor(private readonly total: () => number) {}\n  net() {\n    return this.total();\n  }\n}\n",
      ],
    },
    {
      "shop/price.py": [
        "class Price:\n    def net(self):\n        return self.total()\n\n    def total(self):\n        return 1\n",
        "class Price:\n    def net(self):\n        return self.total()\n",
      ],
      "shop/sum.py":
        "from .price import Price\n\nclass Sum(Price):\n    def total(self):\n        return 2\n",
    },
    {
      "shop/price.py": [
        "class Price:\n    def net(self):\n        return self.total()\n\n    def total(self):\n        return 1\n",
        "class Price:\n    def __init__(self, total):\n        self.total = total\n\n    def net(self):\n        return self.total()\n",
      ],
    },
  ],
};
