const lineEnd = String.raw`(?=\n|(?![\s\S]))`;

/**
 * A Ruby (Onigmo) regular expression as `[source, flags]` for JavaScript. Ruby's `^` and `$` always work on
 * lines, `.` stops at `\n` only, and `\A \z \Z \h`, possessive quantifiers, atomic groups, subexpression
 * calls and inline flags have no JavaScript spelling of their own. Throws when the result does not compile.
 */
export function convertRubyRegex(ruby: string): readonly [source: string, flags: string] {
  let flags = "m";
  let rest = ruby;
  let extended = false;
  let dotAll = false;
  const leading = /^\(\?([a-z]*)(?:-[a-z]+)?\)/.exec(rest);
  if (leading !== null) {
    rest = rest.slice(leading[0].length);
    if (leading[1]?.includes("i")) flags += "i";
    dotAll = leading[1]?.includes("m") ?? false;
    extended = leading[1]?.includes("x") ?? false;
  }
  const source = translate(inlineCalls(rest), extended, dotAll)
    // Same lines match, but a long run of blank lines no longer costs quadratic time.
    .replaceAll(String.raw`^\s*`, String.raw`^[^\S\n]*`);
  return [new RegExp(source, flags).source, flags];
}

/** `\g<name>` (match the named group's pattern again) becomes a copy of that pattern. */
function inlineCalls(source: string): string {
  return source.replaceAll(/\\g<(\w+)>/g, (_call, name: string) => {
    const start = source.indexOf(`(?<${name}>`);
    if (start === -1) throw new Error(`\\g<${name}> without a group of that name in ${source}`);
    let depth = 0;
    for (let at = start; at < source.length; at++) {
      if (source[at] === "\\") at++;
      else if (source[at] === "(") depth++;
      else if (source[at] === ")" && --depth === 0) return `(?:${source.slice(start + name.length + 4, at)})`;
    }
    throw new Error(`unbalanced group ${name} in ${source}`);
  });
}

function translate(source: string, extended: boolean, dotAll: boolean): string {
  let out = "";
  let inClass = false;
  /** How many extra `)` each open group needs, for `(?i)` in its middle. */
  const pending: number[] = [0];
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? "";
    if (char === "\\") {
      const next = source[++at] ?? "";
      out += escape(next, inClass);
    } else if (inClass) {
      inClass = char !== "]";
      out += char;
    } else if (char === "[") {
      const intersection = String.raw`[\s&&[^\r\n]]`;
      if (source.startsWith(intersection, at)) {
        out += String.raw`[^\S\r\n]`;
        at += intersection.length - 1;
        continue;
      }
      inClass = true;
      out += char;
    } else if (char === "(") {
      const inline = /^\(\?i\)/.exec(source.slice(at));
      if (inline === null) {
        pending.push(0);
        if (source.startsWith("(?>", at)) {
          out += "(?:";
          at += 2;
        } else out += char;
      } else {
        pending[pending.length - 1] = (pending.at(-1) ?? 0) + 1;
        out += "(?i:";
        at += inline[0].length - 1;
      }
    } else if (char === ")") {
      out += ")".repeat((pending.pop() ?? 0) + 1);
    } else if (char === "+" && /[*+?}]/.test(source[at - 1] ?? "") && source[at - 2] !== "\\") {
      // A possessive quantifier only saves backtracking: the greedy one matches the same here.
    } else if (char === ".") out += dotAll ? String.raw`[\s\S]` : String.raw`[^\n]`;
    else if (char === "$") out += lineEnd;
    else if (extended && char === "#") {
      const end = source.indexOf("\n", at);
      at = end === -1 ? source.length : end;
    } else if (!extended || !/\s/.test(char)) out += char;
  }
  return out + ")".repeat(pending[0] ?? 0);
}

function escape(char: string, inClass: boolean): string {
  if (char === "h") return inClass ? "0-9a-fA-F" : "[0-9a-fA-F]";
  if (inClass) return `\\${char}`;
  if (char === "A") return String.raw`(?<![\s\S])`;
  if (char === "z") return String.raw`(?![\s\S])`;
  if (char === "Z") return String.raw`(?=\n?(?![\s\S]))`;
  return `\\${char}`;
}
