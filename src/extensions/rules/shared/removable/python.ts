import { escapePattern } from "../changed-lines.ts";
import { blankText, lineAt } from "./blanked-text.ts";
import type { OfferedName, RemovableNames } from "./removable-names.ts";

const declared =
  /^(?:(?:async\s+)?def|class)\s+([A-Za-z_]\w{2,80})|^([A-Za-z_]\w{2,80})\s*(?::[^=\n]{1,200})?=(?!=)/gm;
/** What it offers is not all written in it. To look up another module hides nothing. */
const passesOn =
  /^[ \t]*from\s+\S+\s+import\s+\*|\b__getattr__\b|\bglobals\(\)|\bsys\.modules\s*\[\s*__name__|\bsys\.modules\s*\[[^\]\n]{1,200}\]\s*=(?!=)|\bsetattr\(\s*sys\.modules\b|\bsys\.modules\.(?:update|setdefault|pop|get\(\s*__name__)/m;

/** Python: what is imported by name from a module that means that very file. */
export const pythonNames: RemovableNames = {
  files: /\.py$/,
  isGlobal: false,
  offered(_, text) {
    return [...text.matchAll(declared)].map((match): OfferedName => {
      const name = match[1] ?? match[2]!;
      return { name, fullName: name, scope: "", kind: "value" };
    });
  },
  providers({ path, name }, { has }) {
    const module = moduleOf(path);
    return [
      `${module}.py`,
      `${module}.pyi`,
      `${module}.pyx`,
      `${module}/__init__.py`,
      `${module}/${name}.py`,
      `${module}/${name}/__init__.py`,
    ].filter((other) => other !== path && has(other));
  },
  mayAnswer({ path, name }, other, text) {
    if (other === path) return passesOn.test(text) || maySupply(blankText(text, "python"), name);
    const module = moduleOf(path);
    return moduleOf(other) === module || moduleOf(other) === `${module}/${name}`;
  },
  async findUse({ name, path: target }, path, text, { paths }) {
    const statements =
      /^([ \t]*)from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(?:\(([^()]{1,4000})\)|([^\n(]{1,1000}))/gm;
    const taken = new RegExp(`(?:^|,)\\s*${escapePattern(name)}\\s*(?:as\\s+\\w+\\s*)?(?:,|$)`);
    for (const match of text.matchAll(statements)) {
      const names = (match[3] ?? match[4]!).replace(/#.*$/gm, "").replace(/\s+/g, " ");
      const module = match[2]!;
      if (!taken.test(names.trim()) || !isModule(module, target, path)) continue;
      if (match[1] !== "" && isTried(text, match.index, match[1]!)) continue;
      // Which of them is meant is decided where the program is started.
      if (!module.startsWith(".") && paths.some((other) => other !== target && isModule(module, other, path)))
        continue;
      const at = match.index + match[0].search(new RegExp(`\\b${escapePattern(name)}\\b`));
      return { line: lineAt(text, at), how: `imported here from \`${module}\`` };
    }
    return null;
  },
  examples: {
    bad: [
      {
        "shop/price.py": ["def total():\n    return 1\n", "VALUE = 1\n"],
        "shop/views.py": ["from .price import (\n    total,\n)\n", "from .price import (\n    total,\n)\n"],
      },
      {
        "shop/price.py": [
          "import sys\ndef total(name):\n    return sys.modules[name]\n",
          "import sys\ndef sum(name):\n    return sys.modules[name] == sys.modules.get(name)\n",
        ],
        "shop/views.py": ["from .price import total\n", "from .price import total\n"],
      },
      {
        "shop/price.py": ["LIMIT: int = 3\n", "VALUE = 1\n"],
        "shop/views.py": [
          "def f():\n    from shop.price import LIMIT\n",
          "def f():\n    from shop.price import LIMIT\n",
        ],
      },
    ],
    good: [
      {
        "shop/price.py": ["def total():\n    return 1\n", "VALUE = 1\n"],
        "shop/views.py": [
          "try:\n    from .price import total\nexcept ImportError:\n    total = None\n",
          "try:\n    from .price import total\nexcept ImportError:\n    total = None\n",
        ],
      },
      {
        "shop/price.py": [
          "def total():\n    return 1\n",
          "import sys\nfrom . import real\nsys.modules[__name__] = real\n",
        ],
        "shop/real.py": "def other(): ...\n",
        "shop/views.py": ["from .price import total\n", "from .price import total\n"],
      },
      {
        "shop/__init__.py": ["price = 1\n", "VALUE = 1\n"],
        "shop/price.py": "def total(): ...\n",
        "app.py": ["from .shop import price\n", "from .shop import price\n"],
      },
    ],
  },
};

/** Every way to bind a name, and some that are none. */
function maySupply(blanked: string, name: string): boolean {
  const word = String.raw`\b${name}\b`;
  return new RegExp(
    String.raw`\b(?:def|class|import|as|for|global|type)\b[^\n]{0,500}${word}|\bimport\s*\([^()]{0,4000}${word}|${word}[^\n=]{0,500}(?<![=!<>])=(?!=)|${word}\s*:=`,
    "m",
  ).test(blanked);
}

function moduleOf(path: string): string {
  return path.replace(/(?:\/__init__)?\.py[ix]?$/, "");
}

/** Whether the statement stands in a `try`, whose writer expects that it may fail. */
function isTried(text: string, at: number, indent: string): boolean {
  const lines = text.slice(Math.max(0, at - 2_000), at).split("\n");
  for (let line = lines.length - 1; line >= 0; line--) {
    const [, space, rest] = /^([ \t]*)(.*)$/.exec(lines[line]!)!;
    if (rest === "" || space!.length >= indent.length) continue;
    return /^(?:try|except|if|else|elif)\b/.test(rest!);
  }
  return false;
}

/** Relative modules must fit exactly; of absolute ones two parts, as a root may be anywhere. */
function isModule(module: string, target: string, path: string): boolean {
  const file = moduleOf(target);
  const dots = /^\.*/.exec(module)![0].length;
  const rest = module
    .slice(dots)
    .split(".")
    .filter((part) => part !== "");
  if (dots > 0) {
    const folder = path.split("/").slice(0, -dots);
    return [...folder, ...rest].join("/") === file;
  }
  return rest.length >= 2 && (file === rest.join("/") || file.endsWith(`/${rest.join("/")}`));
}
