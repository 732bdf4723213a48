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
  section,
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

/** Linguist names, by the filters they share. */
export const filterSyntaxes: readonly (readonly [FilterSyntax, readonly string[]])[] = [
  [
    { filters: [xmlComments] },
    [
      "HTML",
      "XML",
      "SVG",
      "XSLT",
      "Svelte",
      "Maven POM",
      "Ant Build System",
      "XML Property List",
      "ColdFusion",
      "COLLADA",
    ],
  ],
  [
    { filters: [xmlComments] },
    ["HTML+PHP", "Web Ontology Language", "XProc", "XPages", "Genshi", "WSDL", "Ecmarkup", "MTML"],
  ],
  [{ filters: [xmlComments, cComments(true)] }, ["Vue", "Astro"]],
  [{ filters: [hash, xmlComments] }, ["Microsoft Visual Studio Solution"]],
  [{ filters: markdown }, ["Markdown", "MDX", "mdsvex", "Literate CoffeeScript"]],
  [{ filters: [rmarkdownCode, hash] }, ["RMarkdown"]],
  [{ filters: [betweenMatches(/^\.\./, /^[^ \n\t\r\f.]/)] }, ["reStructuredText"]],
  [{ filters: [between("////", "////"), drop(/^\s*\/\//)] }, ["AsciiDoc"]],
  [
    { filters: [haskellComments(false)] },
    ["Haskell", "Agda", "Dhall", "Idris", "Literate Haskell", "Frege", "Curry"],
  ],
  [{ filters: [haskellComments(true)] }, ["Elm"]],
  [{ filters: [drop(/^\s*--/), between("{-", "-}")] }, ["PureScript"]],
  [{ filters: [ocamlComments], continuation: true }, ["OCaml"]],
  [{ filters: [ocamlComments] }, ["Reason"]],
  [
    { filters: [mlBlock] },
    ["Standard ML", "Rocq Prover", "Wolfram Language", "Isabelle", "Modula-2", "Modula-3", "Oberon"],
  ],
  [{ filters: [mlBlock, drop(/^\s*\/\//)] }, ["F#", "F*"]],
  [
    { filters: [betweenMatches(/\{[^$]/, /\}/), mlBlock, drop(/^\s*\/\//)] },
    ["Pascal", "Component Pascal", "Inno Setup", "Oxygene"],
  ],
  [{ filters: [...luaBlocks, drop(/^\s*--/)], continuation: true, script: true }, ["Lua", "Luau"]],
  [{ filters: [...luaBlocks, drop(/^\s*--/)] }, ["MoonScript", "Terra", "Teal"]],
  [{ filters: [lispLine, between("#|", "|#")] }, ["Common Lisp", "Emacs Lisp", "LFE", "NewLisp", "PicoLisp"]],
  [{ filters: [between("/+", "+/"), cComments(true)], continuation: true }, ["D"]],
  [{ filters: [between("%{", "%}"), drop(/^\s*%/)] }, ["MATLAB"]],
  [{ filters: [between("#=", "=#"), hash, docstringsToC, cComments(false), hash] }, ["Julia"]],
  [{ filters: [between("#[", "]#"), hash] }, ["Nim"]],
  [{ filters: [between("/-", "-/"), drop(/^\s*--/)] }, ["Lean", "Lean 4"]],
  [{ filters: [hash, elixirDocsToC, cComments(false), hash] }, ["Elixir"]],
  [
    {
      filters: [replace(/<#/g, "/*"), replace(/#>/g, "*/"), cComments(false), hash],
      continuation: true,
      script: true,
    },
    ["PowerShell"],
  ],
  [{ filters: [drop(/^[*cC]/), drop(/^\s*!/)] }, ["Fortran"]],
  // cloc also drops free-form lines that start with the letter c in the first column, `call` among them; we do not.
  [
    { filters: [(lines) => lines.filter((line) => !/^\s*!/.test(line) || /^\s*!(?:hpf|omp)\$/i.test(line))] },
    ["Fortran Free Form"],
  ],
  [
    { filters: [above(/^\s*Attribute\s+VB_Name\s+=/), drop(/^\s*Attribute\s+/i), apostrophe] },
    ["Visual Basic .NET", "Visual Basic 6.0", "VBA", "VBScript", "BASIC", "QuickBASIC", "REALbasic", "Xojo"],
  ],
  [{ filters: [apostrophe], continuation: true }, ["Classic ASP"]],
  [
    { filters: [cComments(false), between("<%--", "--%>"), between("<!--", "-->")], continuation: true },
    ["ASP.NET"],
  ],
  [{ filters: [between("@*", "*@"), cComments(true), between("<!--", "-->")] }, ["HTML+Razor"]],
  [
    { filters: [xmlComments, between("<%--", "--%>"), drop(/^\s*\/\//), cComments(false)] },
    ["Java Server Pages"],
  ],
  [{ filters: [xmlComments, between("<%--", "--%>"), cComments(true)] }, ["Groovy Server Pages"]],
  [{ filters: [xmlComments, drop(/^\s*##/), between("#**", "*#")] }, ["Velocity Template Language"]],
  [{ filters: [between("<%#", "%>")] }, ["HTML+ERB", "HTML+EEX", "HTML+ECR"]],
  [{ filters: [between("<%#", "%>"), xmlComments] }, ["EJS"]],
  [{ filters: [between("{#", "#}")] }, ["Jinja", "Nunjucks", "Twig", "Volt"]],
  [{ filters: [between("{% comment %}", "{% endcomment %}"), xmlComments] }, ["Liquid"]],
  [{ filters: [between("{{--", "--}}"), xmlComments] }, ["Blade"]],
  [{ filters: [mustacheBlock] }, ["Mustache"]],
  [
    { filters: [between("{{!--", "--}}"), mustacheBlock, xmlComments] },
    ["Handlebars", "Glimmer JS", "Glimmer TS"],
  ],
  [{ filters: [between("{{/*", "*/}}")] }, ["Go Template"]],
  [{ filters: [between("<#--", "-->")] }, ["FreeMarker"]],
  [{ filters: [drop(/##.*$/)] }, ["Mako"]],
  [{ filters: [replace(/\{\*/g, "/*"), replace(/\*\}/g, "*/"), cComments(false)] }, ["Smarty"]],
  [{ filters: [indentedBlock(/^\s*(?:\/|-#)\s*$/), xmlComments, drop(/^\s*(?:\/|-#)\s*\S+/)] }, ["Haml"]],
  [{ filters: [indentedBlock(/^\s*\/\/\s*$/), drop(/^\s*\/\//)] }, ["Pug"]],
  [{ filters: [indentedBlock(/^\s*\/[^!]/)] }, ["Slim"]],
  [{ filters: [between("(:", ":)")] }, ["XQuery"]],
  [{ filters: [between("/'", "'/"), apostrophe] }, ["PlantUML"]],
  [{ filters: [drop(/^#|^---|^\+\+\+|^\s/)] }, ["Diff", "Darcs Patch"]],
  [{ filters: [drop(/^dnl\s/i)] }, ["M4", "M4Sugar"]],
  [{ filters: [drop(/^\s*#[^,]/)] }, ["Gettext Catalog"]],
  [{ filters: [drop(/^.{6}[*/]|^\s*\*>/)] }, ["COBOL"]],
  [{ filters: [drop(/^\*|^\s*"/)] }, ["ABAP"]],
  [{ filters: [drop(/^\s*\\/), betweenMatches(/(?:^|\s)\(\s/, /\)/)] }, ["Forth"]],
  [{ filters: [notebookCode] }, ["Jupyter Notebook"]],
];
