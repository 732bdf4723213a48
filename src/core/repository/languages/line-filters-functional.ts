import type { LineFilter } from "./line-filters.ts";

/** Every triple quote becomes the start or the end of a C comment in turn (Python-like docstrings in languages with other comments too). */
export const docstringsToC: LineFilter = (lines) => {
  let inside = false;
  return lines.map((line) =>
    line.replaceAll(/[uU]?(?:"""|''')/g, (quote) => {
      inside = !inside;
      return inside ? "/*" : `${/^[uU]/.test(quote) ? quote.slice(0, 1) : ""}*/`;
    }),
  );
};

/** Elixir's `@doc """` and its closing quotes become C comment markers, at most one of them on a line. */
export const elixirDocsToC: LineFilter = (lines) => {
  let inside = false;
  return lines.map((line) => {
    const replaced = inside
      ? line.replace(/['"]{3}/, "*/")
      : line.replace(/@(?:module)?doc\s+(?:~[sScC])?['"]{3}/, "/*");
    if (replaced !== line) inside = !inside;
    return replaced;
  });
};

/** Haskell's `--` and `{- -}`; pragmas are code. `nested` counts levels, as Elm allows. */
export function haskellComments(nested: boolean): LineFilter {
  return (lines) => {
    let depth = 0;
    return lines.map((line) => {
      if (/^\s*\{-#/.test(line)) return line;
      const change = count(line, "{-") - count(line, "-}");
      let rest = line.replaceAll(/\{-.*?-\}/g, "");
      if (depth > 0) {
        const close = rest.indexOf("-}");
        if (close === -1) return "";
        depth = nested ? Math.max(0, depth + change) : 0;
        return rest.slice(close + 2);
      }
      rest = rest.replace(/--.*/, "");
      const open = rest.indexOf("{-");
      if (open === -1 || rest.includes("{-#")) return rest;
      depth = nested ? Math.max(1, change) : 1;
      return rest.slice(0, open);
    });
  };
}

/** OCaml's nested `(* *)`, which strings on one line hide. */
export const ocamlComments: LineFilter = (lines) => {
  let depth = 0;
  return lines.flatMap((line) => {
    if (!/\S/.test(line)) return [];
    let rest = "";
    for (const token of line.split(/(\(\*|\*\)|".*?")/)) {
      if (token === "(*") depth++;
      else if (token === "*)") depth--;
      else if (depth === 0) rest += token;
    }
    return [rest];
  });
};

/** The source lines of a notebook's code cells; everything else in the JSON is no code. */
export const notebookCode: LineFilter = (lines) => {
  const kept: string[] = [];
  let cell = false;
  let source = false;
  for (const line of lines) {
    if (!cell) cell = /^\s*"cell_type":\s*"code",\s*$/.test(line);
    else if (!source) source = /^\s*"source":\s*\[\s*$/.test(line);
    else if (/^\s*\]\s*$/.test(line)) cell = source = false;
    else if (!/^\s*"\s*(?:\\n",\s*$|#)/.test(line)) kept.push(line);
  }
  return kept;
};

/** Everything above the first line that matches, if one does. */
export function above(marker: RegExp): LineFilter {
  return (lines) =>
    lines.slice(
      Math.max(
        0,
        lines.findIndex((line) => marker.test(line)),
      ),
    );
}

/** The lines of an R Markdown document that are in code blocks. */
export const rmarkdownCode: LineFilter = (lines) => {
  let inside = false;
  return lines.filter((line) => {
    if (/^```\{\s*[a-z]/i.test(line)) {
      inside = true;
      return false;
    }
    if (/^```\s*$/.test(line)) inside = false;
    return inside;
  });
};

function count(line: string, marker: string): number {
  let found = 0;
  for (let at = line.indexOf(marker); at !== -1; at = line.indexOf(marker, at + marker.length)) found++;
  return found;
}
