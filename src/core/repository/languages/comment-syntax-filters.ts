import {
  above,
  docstringsToC,
  elixirDocsToC,
  haskellComments,
  notebookCode,
  ocamlComments,
  rmarkdownCode,
} from "./line-filters-functional.ts";
import {
  between,
  betweenMatches,
  cComments,
  drop,
  indentedBlock,
  type LineFilter,
  replace,
  xmlComments,
} from "./line-filters.ts";

/** Filters to apply one after the other, as cloc does for the language. */
export interface FilterSyntax {
  readonly filters: readonly LineFilter[];
  /** A blank line after a line that ends in a backslash belongs to it and is code. */
  readonly continuation?: boolean;
  /** The first `#!` line is code although its marker starts a comment. */
  readonly script?: boolean;
}

const hash = drop(/^\s*#/);
const apostrophe = drop(/^\s*'/);
const lispLine = drop(/^\s*;/);
const mlBlock = between("(*", "*)");
const mustacheBlock = between("{{!", "}}");

const luaBlocks = ["=====", "====", "===", "==", "=", ""].map((level) =>
  between(`--[${level}[`, `]${level}]`),
);

/** cloc reads `[comment]: # (…)` and every other empty link as a comment. */
const markdown: readonly LineFilter[] = [
  between("<!--", "-->"),
  betweenMatches(/\[(?:comment|\/\/)?\]\s*:?\s*(?:<\s*>|#)?\s*\(/, /\)/),
];

const names = (list: string): readonly string[] => list.split(", ");

/** Linguist names, by the filters they share. */
export const filterSyntaxes: readonly (readonly [FilterSyntax, readonly string[]])[] = [
  [
    { filters: [xmlComments] },
    names(
      "HTML, XML, SVG, XSLT, Svelte, Maven POM, Ant Build System, XML Property List, ColdFusion, COLLADA",
    ),
  ],
  [
    { filters: [xmlComments] },
    names("HTML+PHP, Web Ontology Language, XProc, XPages, Genshi, Ecmarkup, MTML"),
  ],
  [{ filters: [xmlComments, cComments(true)] }, names("Vue, Astro")],
  [{ filters: [hash, xmlComments] }, names("Microsoft Visual Studio Solution")],
  [{ filters: markdown }, names("Markdown, MDX, mdsvex, Literate CoffeeScript")],
  [{ filters: [rmarkdownCode, hash] }, names("RMarkdown")],
  [{ filters: [betweenMatches(/^\.\./, /^[^ \n\t\r\f.]/)] }, names("reStructuredText")],
  [{ filters: [between("////", "////"), drop(/^\s*\/\//)] }, names("AsciiDoc")],
  [
    { filters: [haskellComments(false)] },
    names("Haskell, C2hs Haskell, Agda, Dhall, Idris, Literate Haskell, Frege, Curry"),
  ],
  [{ filters: [haskellComments(true)] }, names("Elm")],
  [{ filters: [drop(/^\s*--/), between("{-", "-}")] }, names("PureScript")],
  [{ filters: [ocamlComments], continuation: true }, names("OCaml")],
  [
    { filters: [mlBlock] },
    names("Standard ML, Rocq Prover, Wolfram Language, Isabelle, Modula-2, Modula-3, Oberon"),
  ],
  [{ filters: [mlBlock, drop(/^\s*\/\//)] }, names("F#, F*")],
  [
    { filters: [betweenMatches(/\{(?!\$)/, /\}/), mlBlock, drop(/^\s*\/\//)] },
    names("Pascal, Component Pascal, Inno Setup, Oxygene"),
  ],
  [{ filters: [...luaBlocks, drop(/^\s*--/)], continuation: true, script: true }, names("Lua, Luau")],
  [{ filters: [...luaBlocks, drop(/^\s*--/)] }, names("MoonScript, Terra, Teal")],
  [{ filters: [lispLine, between("#|", "|#")] }, names("Common Lisp, Emacs Lisp, LFE, NewLisp, PicoLisp")],
  [{ filters: [between("/+", "+/"), cComments(true)], continuation: true }, names("D")],
  [{ filters: [between("%{", "%}"), drop(/^\s*%/)] }, names("MATLAB")],
  [{ filters: [between("#=", "=#"), hash, docstringsToC, cComments(false)] }, names("Julia")],
  [{ filters: [between("#[", "]#"), hash] }, names("Nim")],
  [{ filters: [between("/-", "-/"), drop(/^\s*--/)] }, names("Lean, Lean 4")],
  [{ filters: [hash, elixirDocsToC, cComments(false)] }, names("Elixir")],
  [
    {
      filters: [replace(/<#/g, "/*"), replace(/#>/g, "*/"), cComments(false), hash],
      continuation: true,
    },
    names("PowerShell"),
  ],
  [{ filters: [drop(/^[*cC]/), drop(/^\s*!/)] }, names("Fortran")],
  // cloc also drops free-form lines that start with the letter c in the first column, `call` among them; we do not.
  [
    { filters: [(lines) => lines.filter((line) => !/^\s*!/.test(line) || /^\s*!(?:hpf|omp)\$/i.test(line))] },
    names("Fortran Free Form"),
  ],
  [
    { filters: [above(/^\s*Attribute\s+VB_Name\s+=/), drop(/^\s*Attribute\s+/i), apostrophe] },
    names(
      "Visual Basic .NET, FreeBASIC, Visual Basic 6.0, VBA, VBScript, BASIC, QuickBASIC, REALbasic, Xojo",
    ),
  ],
  [{ filters: [apostrophe], continuation: true }, names("Classic ASP")],
  [
    { filters: [cComments(false), between("<%--", "--%>"), between("<!--", "-->")], continuation: true },
    names("ASP.NET"),
  ],
  [{ filters: [between("@*", "*@"), cComments(true), between("<!--", "-->")] }, names("HTML+Razor")],
  [
    { filters: [xmlComments, between("<%--", "--%>"), drop(/^\s*\/\//), cComments(false)] },
    names("Java Server Pages"),
  ],
  [{ filters: [xmlComments, between("<%--", "--%>"), cComments(true)] }, names("Groovy Server Pages")],
  [{ filters: [xmlComments, drop(/^\s*##/), between("#**", "*#")] }, names("Velocity Template Language")],
  [{ filters: [between("<%#", "%>")] }, names("HTML+ERB, HTML+EEX, HTML+ECR")],
  [{ filters: [between("<%#", "%>"), xmlComments] }, names("EJS")],
  [{ filters: [between("{#", "#}")] }, names("Jinja, Nunjucks, Twig, Volt")],
  [{ filters: [between("{% comment %}", "{% endcomment %}"), xmlComments] }, names("Liquid")],
  [{ filters: [between("{{--", "--}}"), xmlComments] }, names("Blade")],
  [{ filters: [mustacheBlock] }, names("Mustache")],
  [
    { filters: [between("{{!--", "--}}"), mustacheBlock, xmlComments] },
    names("Handlebars, Glimmer JS, Glimmer TS"),
  ],
  [{ filters: [between("{{/*", "*/}}")] }, names("Go Template")],
  [{ filters: [between("<#--", "-->")] }, names("FreeMarker")],
  [{ filters: [drop(/##.*$/)] }, names("Mako")],
  [{ filters: [replace(/\{\*/g, "/*"), replace(/\*\}/g, "*/"), cComments(false)] }, names("Smarty")],
  [
    { filters: [indentedBlock(/^\s*(?:\/|-#)\s*$/), xmlComments, drop(/^\s*(?:\/|-#)\s*\S+/)] },
    names("Haml"),
  ],
  [{ filters: [indentedBlock(/^\s*\/\/\s*$/), drop(/^\s*\/\//)] }, names("Pug")],
  [{ filters: [indentedBlock(/^\s*\/(?!!)/)] }, names("Slim")],
  [{ filters: [between("(:", ":)")] }, names("XQuery")],
  [{ filters: [between("/'", "'/"), apostrophe] }, names("PlantUML")],
  [{ filters: [drop(/^#|^---|^\+\+\+|^\s/)] }, names("Diff, Darcs Patch")],
  [{ filters: [drop(/^dnl(?:\s|$)/i)] }, names("M4, M4Sugar")],
  [{ filters: [drop(/^\s*#(?!,)/)] }, names("Gettext Catalog")],
  [{ filters: [drop(/^.{6}[*/]|^\s*\*>/)] }, names("COBOL")],
  [{ filters: [drop(/^\*|^\s*"/)] }, names("ABAP")],
  [{ filters: [drop(/^\s*\\/), betweenMatches(/(?:^|\s)\(\s/, /\)/)] }, names("Forth")],
  [{ filters: [notebookCode] }, names("Jupyter Notebook")],
];
