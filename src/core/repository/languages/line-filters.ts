/**
 * Filters for languages whose comments need more than one byte scan. Each takes the lines that earlier
 * filters left (Latin-1, without line ends) and leaves out what is comment, in the way of cloc's filter of
 * the same purpose. A filter may shorten lines; what is blank afterwards is comment too.
 */
export type LineFilter = (lines: readonly string[]) => readonly string[];

const blank = /^\s*$/;

/** Leaves out lines that match. */
export function drop(expression: RegExp): LineFilter {
  return (lines) => lines.filter((line) => !expression.test(line));
}

/** Comments between two markers. One that never ends takes the rest of the file. */
export function between(open: string, close: string): LineFilter {
  return markedComments(
    (line, from) => {
      const index = line.indexOf(open, from);
      return index === -1 ? null : [index, index + open.length];
    },
    (line, from) => {
      const index = line.indexOf(close, from);
      return index === -1 ? null : [index, index + close.length];
    },
    true,
  );
}

/** As `between`, with expressions (global and sticky flags must not be set). */
export function betweenMatches(open: RegExp, close: RegExp): LineFilter {
  return markedComments(search(open), search(close), true);
}

/** XML comments: as `between`, but a line on which a longer comment begins counts whole as comment. */
export const xmlComments: LineFilter = markedComments(
  search(/<!--/),
  (line, from) => {
    const index = line.indexOf("-->", from);
    return index === -1 ? null : [index, index + 3];
  },
  false,
);

/** `[start, end]` of the first match at or after `from`. */
type Find = (line: string, from: number) => readonly [number, number] | null;

function search(expression: RegExp): Find {
  return (line, from) => {
    const match = expression.exec(line.slice(from));
    return match === null ? null : [from + match.index, from + match.index + match[0].length];
  };
}

function markedComments(findOpen: Find, findClose: Find, keepsPrefix: boolean): LineFilter {
  return (lines) => {
    const kept: string[] = [];
    let inComment = false;
    for (const whole of lines) {
      let line = stripWithin(whole, findOpen, findClose);
      if (blank.test(line)) continue;
      if (inComment) {
        const close = findClose(line, 0);
        if (close === null) continue;
        line = line.slice(close[1]);
        inComment = false;
        if (blank.test(line)) continue;
      }
      const open = findOpen(line, 0);
      if (open !== null) {
        inComment = true;
        line = keepsPrefix ? line.slice(0, open[0]) : "";
      }
      if (!blank.test(line)) kept.push(line);
    }
    return kept;
  };
}

function stripWithin(line: string, findOpen: Find, findClose: Find): string {
  let out = "";
  let from = 0;
  for (;;) {
    const open = findOpen(line, from);
    const close = open === null ? null : findClose(line, open[1]);
    if (open === null || close === null) return out + line.slice(from);
    out += line.slice(from, open[0]);
    from = close[1];
  }
}

/** C block comments over the whole text, and `//` comments too when `slashes`: a block without end is no comment. */
export function cComments(slashes: boolean): LineFilter {
  return (lines) => {
    const text = `${lines.join("\n")}\n`;
    const opener = slashes ? /\/\/|\/\*/g : /\/\*/g;
    let out = "";
    let from = 0;
    let unending = false;
    for (let match = opener.exec(text); match !== null; match = opener.exec(text)) {
      const isBlock = match[0] === "/*";
      if (isBlock && unending) continue;
      const end = isBlock ? text.indexOf("*/", match.index + 2) : text.indexOf("\n", match.index);
      if (end === -1) {
        unending = true;
        continue;
      }
      out += text.slice(from, match.index);
      from = isBlock ? end + 2 : end;
      opener.lastIndex = from;
    }
    return (out + text.slice(from)).split("\n");
  };
}

/** Replaces in every line. */
export function replace(expression: RegExp, replacement: string): LineFilter {
  return (lines) => lines.map((line) => line.replaceAll(expression, replacement));
}

/** A line that matches and all lines behind it that are indented deeper (group 1 is its indentation). */
export function indentedBlock(expression: RegExp): LineFilter {
  return (lines) => {
    let depth = -1;
    return lines.filter((line) => {
      const indentation = /^\s*/.exec(line.replaceAll("\t", "        "))?.[0].length ?? 0;
      if (depth !== -1 && indentation > depth) return false;
      depth = expression.test(line) ? indentation : -1;
      return depth === -1;
    });
  };
}
