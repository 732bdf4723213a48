/**
 * A `.gitattributes` pattern as a test on paths relative to the folder of the file it stands in, by Git's
 * rules: without a slash it is matched against the last part of the path at any depth, with one against the
 * whole; `*` and `?` stop at `/`, `**` as a whole part crosses it; a trailing slash matches no file.
 */
export function compileAttributePattern(pattern: string): (relativePath: string) => boolean {
  if (pattern.endsWith("/")) return () => false;
  if (!pattern.includes("/")) {
    const suffix = /^\*([^*?[\\]+)$/.exec(pattern)?.[1];
    if (suffix !== undefined) return (path) => path.endsWith(suffix);
    const expression = compile(pattern);
    return (path) => expression.test(path.slice(path.lastIndexOf("/") + 1));
  }
  const expression = compile(pattern.startsWith("/") ? pattern.slice(1) : pattern);
  return (path) => expression.test(path);
}

/** A pattern that no expression can hold (an unclosed `[`) matches nothing, as in Git. */
const never = /(?!)/;

function compile(glob: string): RegExp {
  let out = "";
  let at = 0;
  while (at < glob.length) {
    const char = glob[at] ?? "";
    const partStart = at === 0 || glob[at - 1] === "/";
    if (partStart && glob.startsWith("**/", at)) {
      out += "(?:[^/]+/)*";
      at += 3;
    } else if (partStart && glob.slice(at) === "**") {
      out += ".+";
      at += 2;
    } else if (char === "*") {
      while (glob[at] === "*") at++;
      out += "[^/]*";
    } else if (char === "?") {
      out += "[^/]";
      at++;
    } else if (char === "[") {
      const set = /^\[([!^]?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]/.exec(glob.slice(at));
      if (set === null) return never;
      out += `(?!/)[${set[1] === "" ? "" : "^"}${toClass(set[2] ?? "")}]`;
      at += set[0].length;
    } else {
      if (char === "\\") at++;
      out += (glob[at] ?? "\\").replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
      at++;
    }
  }
  try {
    return new RegExp(`^${out}$`, "s");
  } catch {
    return never;
  }
}

const posix: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z",
  digit: "0-9",
  alnum: "a-zA-Z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: String.raw`\s`,
  blank: String.raw` \t`,
  punct: String.raw`!-\/:-@[-\x60{-~`,
  xdigit: "0-9a-fA-F",
};

function toClass(set: string): string {
  return set.replaceAll(
    /\[:(\w+):\]|\\(.)|([[\]^])/g,
    (_all, name?: string, escaped?: string, special?: string) => {
      if (name !== undefined) return posix[name] ?? "";
      return `\\${escaped ?? special ?? ""}`;
    },
  );
}
