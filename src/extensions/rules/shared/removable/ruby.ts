import { escapePattern } from "../changed-lines.ts";
import { blankText, lineAt, nameOf } from "./blanked-text.ts";
import type { OfferedName, RemovableNames } from "./removable-names.ts";

/** Ruby: classes and modules by their full path, where no other of that bare name is left in the repository. */
export const rubyNames: RemovableNames = {
  files: /\.(?:rb|rake|ru)$/,
  isGlobal: true,
  offered(path, text) {
    // At the top, gems and Ruby itself define names too; what Rails loads by its path is the application's own.
    const isApplication = /(?:^|\/)app\/[\w-]+\/.+\.rb$/.test(path);
    return modulesOf(blankText(text, "ruby"))
      .filter((fullName) => fullName.includes("::") || isApplication)
      .map((fullName): OfferedName => {
        const at = fullName.lastIndexOf("::");
        return {
          name: at < 0 ? fullName : fullName.slice(at + 2),
          fullName,
          scope: at < 0 ? "" : fullName.slice(0, at),
          kind: "type",
        };
      });
  },
  // Loaded by its path, or a template that is one.
  providers({ name }, { paths }) {
    const file = `${name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase()}.`;
    return paths.filter((path) => nameOf(path).startsWith(file) && !/_(?:spec|test)\./.test(path));
  },
  mayAnswer({ name, path: own }, path, text) {
    if (!path.endsWith(".rb") && !/\.(?:rake|ru)$/.test(path))
      return path.endsWith(".erb") ? false : text.includes(name);
    return (
      new RegExp(
        String.raw`\b(?:class|module)\s+(?:[\w:]+::)?${name}\b(?!::)|(?<![\w:])(?:\w+::)*${name}\s*(?:\|\|)?=(?![=~>])|(?:const_set|deprecate_constant|stub_const|DeprecatedConstantProxy)\b[^\n]*${name}\b`,
      ).test(text) ||
      [
        ...text.matchAll(
          new RegExp(String.raw`\bautoload\b[ (:"']*${name}\b(?:["']?,[ \t]*["']([\w./-]+))?`, "g"),
        ),
      ].some(
        // What is loaded from the very file is gone with it.
        ({ 1: file }) => file === undefined || !own.replace(/\.rb$/, "").endsWith(file.replace(/\.rb$/, "")),
      )
    );
  },
  async findUse({ fullName, scope }, _, text) {
    if (/\brescue\s+NameError|\bconst_missing\b/.test(text)) return null;
    const blanked = blankText(text, "ruby");
    if (new RegExp(String.raw`\bdefined\?[\s(]*(?:::)?${escapePattern(fullName)}\b`).test(blanked))
      return null;
    const opened = scope === "" ? [] : modulesOf(blanked);
    const parts = fullName.split("::");
    // Within `module A` the rest is enough; one name alone could be another's.
    const within = parts
      .slice(1, -1)
      .flatMap((_name, at) =>
        opened.includes(parts.slice(0, at + 1).join("::")) ? parts.slice(at + 1).join("::") : [],
      );
    const full = String.raw`(?<![\w:])(?:(?:::)?${[escapePattern(fullName), ...within].join("|")})(?![\w:?!]|\s*(?:\|\|)?=(?![=~>]))`;
    const use = new RegExp(
      scope === ""
        ? String.raw`${full}\.\w|(?<![\w:])(?:::)?${escapePattern(fullName)}::\w|\b(?:include|extend|prepend)[ (]+${full}|<\s+${full}`
        : String.raw`(?<!\b(?:class|module)\s+)(?:${full}|(?<![\w:])(?:::)?${escapePattern(fullName)}::\w)`,
    ).exec(blanked);
    return use === null
      ? null
      : { line: lineAt(blanked, use.index + use[0].search(/[A-Z]/)), how: `used here as \`${fullName}\`` };
  },
  examples: {
    bad: [
      {
        "lib/shop/total.rb": ["module Shop\n  class Total < Sum\n  end\nend\n", null],
        "lib/shop/cart.rb": ["Shop::Total.new\n", "Shop::Total.new\n"],
      },
      {
        "app/models/total.rb": ["class Total\nend\n", "class Sum\nend\n"],
        "app/models/cart.rb": ["class Cart < Total\nend\n", "class Cart < Total\nend\n"],
      },
    ],
    good: [
      {
        "lib/shop/total.rb": ["module Shop\n  class Total\n  end\nend\n", null],
        "lib/shop/cart.rb": [
          "module Shop\n  Total = Struct.new(:net)\nend\nShop::Total.new\n",
          "module Shop\n  Total = Struct.new(:net)\nend\nShop::Total.new\n",
        ],
      },
      {
        "lib/shop/total.rb": ["module Shop\n  class Total\n  end\nend\n", null],
        Gemfile: ["gem 'a'\n", "gem 'a'\ngem 'shop-total'\n"],
        "lib/shop/cart.rb": ["Shop::Total.new\n", "Shop::Total.new\n"],
      },
      {
        "lib/shop/total.rb": ["module Shop\n  class Total\n  end\nend\n", null],
        "lib/shop/cart.rb": [
          "# Shop::Total.new\nputs 'Shop::Total', Other::Shop::Total, Shop::Totals if defined?(Shop::Sum)\n",
          "# Shop::Total.new\nputs 'Shop::Total', Other::Shop::Total, Shop::Totals if defined?(Shop::Sum)\n",
        ],
      },
      {
        "lib/logger.rb": ["class Logger\nend\n", null],
        "lib/cart.rb": ["Logger.new\n", "Logger.new\n"],
      },
    ],
  },
};

/** Full names of the classes and modules in a text whose indentation says what stands in what. */
function modulesOf(blanked: string): readonly string[] {
  const found: string[] = [];
  const open: { readonly indent: number; readonly name: string }[] = [];
  for (const [, space, name] of blanked.matchAll(
    /^([ \t]*)(?:class|module)[ \t]+((?:::)?[A-Z]\w*(?:::[A-Z]\w*)*)/gm,
  )) {
    while (open.length > 0 && open.at(-1)!.indent >= space!.length) open.pop();
    open.push({ indent: space!.length, name: name!.replace(/^::/, "") });
    found.push(open.map((outer) => outer.name).join("::"));
  }
  return found;
}
