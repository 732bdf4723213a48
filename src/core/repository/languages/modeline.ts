import { resolveAlias } from "./language-info.ts";
import { firstLines, lastLines } from "./text.ts";

// Both expressions are GitHub Linguist's (MIT, notice in linguist.generated.json), written without white space.

/** `-*- mode: ruby -*-` or `-*- ruby -*-`; group 1 is the mode. */
const emacs =
  /-\*-(?:[ \t]*(?=[^:;\s]+[ \t]*-\*-)|(?:[^\n]*?[ \t;]|(?<=-\*-))[ \t]*mode[ \t]*:[ \t]*)([^:;\s]+)(?=[ \t;]|(?<![-*])-\*-)[^\n]*?-\*-/i;

/** `vim: set ft=ruby:` and its relatives; group 1 is the file type. */
const vim =
  /(?:(?:^|[ \t])(?:vi|Vi(?=m))(?:m[<=>]?[0-9]+|m)?|[ \t]ex)(?=:(?=[ \t]*set?[ \t][^\r\n:]+:)|:(?![ \t]*set?[ \t]))(?:(?:[ \t]*:[ \t]*|[ \t])\w*(?:[ \t]*=(?:[^\\\s]|\\[^\n])*)?)*[ \t:](?:filetype|ft|syntax)[ \t]*=(\w+)(?=$|\s|:)/m;

const scopeLines = 5;

/** The language that an Emacs or Vim modeline in the first or last five lines asks for, or null. */
export function languageFromModeline(bytes: Uint8Array): string | null {
  const header = firstLines(bytes, scopeLines);
  if (header.includes("UseVimball")) return null;
  const text = `${header}\n${bytes.length > header.length ? lastLines(bytes, scopeLines) : ""}`;
  const mode =
    (text.includes("-*-") ? emacs.exec(text) : null) ?? (/[iI]m?|ex/.test(text) ? vim.exec(text) : null);
  return mode?.[1] === undefined ? null : resolveAlias(mode[1]);
}
