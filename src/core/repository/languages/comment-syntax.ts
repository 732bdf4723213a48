import { filterSyntaxes, type FilterSyntax } from "./comment-syntax-filters.ts";
import type { DocstringSyntax } from "./scan-docstrings.ts";
import type { ScanSyntax } from "./scan-comments.ts";

/** How the comments of a language are found: by a byte scan, by the docstring scan, or by line filters. */
export type CommentSyntax =
  | { readonly kind: "scan"; readonly syntax: ScanSyntax }
  | { readonly kind: "docstrings"; readonly syntax: DocstringSyntax }
  | { readonly kind: "filters"; readonly syntax: FilterSyntax };

const slashes: ScanSyntax = { block: true, slashes: true };
const slashesContinued: ScanSyntax = { ...slashes, continuation: true };
const hash: ScanSyntax = { drop: ["#"] };
const shell: ScanSyntax = { drop: ["#"], continuation: true, script: true };
const semicolon: ScanSyntax = { drop: [";"] };
const percent: ScanSyntax = { drop: ["%"] };
const dashes: ScanSyntax = { drop: ["--"] };
const lineSlashes: ScanSyntax = { drop: ["//"] };
const sql: ScanSyntax = { block: true, after: ["--"] };
const blockOnly: ScanSyntax = { block: true };

const names = (list: string): readonly string[] => list.trim().split(/,\s+/);

/** Linguist names, by the comments they share. What each group does is what cloc does for these languages. */
const scanned: readonly (readonly [ScanSyntax, readonly string[]])[] = [
  [
    slashesContinued,
    names(`
      ActionScript, AspectJ, C, C#, C++, C3, Dart, Go, JavaScript, Jison, JSON5, Less, Metal, nesC,
      Objective-C, Objective-C++, PowerBuilder, Pro*C, Solidity, Stylus, Swift, TSX, TypeScript,
      Unified Parallel C, Vala, X BitMap, X PixMap, XC, XS`),
  ],
  [
    slashes,
    names(`
      AGS Script, AIDL, AngelScript, ANTLR, Apex, Avro IDL, Ballerina, Beef, Bicep, Bison, Cadence,
      Cangjie, Cap'n Proto, Carbon, Ceylon, Chapel, Circom, Clean, CodeQL, Cuda, CUE, Dafny, DM, eC,
      Fantom, Faust, Filterscript, FlatBuffers, Flix, Game Maker Language, GLSL, Gosu,
      Gradle Kotlin DSL, GSC, Hack, Haxe, HIP, HLSL, HolyC, Ink, ISPC, JavaScript+ERB, Jolie,
      JSON with Comments, KCL, Kotlin, KRL, Langium, Logos, LSL, Modelica, Monkey C, Motoko, Move,
      MQL4, MQL5, Nemerle, Nextflow, Noir, NWScript, Odin, OpenCL, OpenSCAD, P4, Pawn, PEG.js, Pike,
      Processing, Promela, Protocol Buffer, QML, Qt Script, QuakeC, Reason, RenderScript, ReScript,
      RPC, Rust, Sass, Scala, SCSS, ShaderLab, Slang, Slice, Slint, Smithy, SourcePawn, Stan, Stata,
      SugarSS, SuperCollider, Sway, SWIG, SystemVerilog, Tact, TypeSpec, Uno, UnrealScript, V, Verilog,
      WebIDL, WGSL, Wollok, Wren, X10, Xtend, Yacc, Yul, ZenScript, Zephir, Zmodel`),
  ],
  [{ ...slashes, quoted: "java" }, names("Java")],
  [{ ...slashes, quoted: "groovy" }, names("Groovy, Gradle")],
  [{ ...slashes, drop: ["#"], script: true }, names("PHP")],
  [{ ...slashes, drop: ["#"] }, names("HCL, Cairo, Cairo Zero, Jsonnet")],
  [{ ...slashes, after: ["#"] }, names("Thrift, Squirrel")],
  [{ ...slashes, drop: ["--"] }, names("VHDL")],
  [
    { ...slashes, drop: ["#", ";"], after: ["@", "|", "!", "--"], afterColumn: ["*"], continuation: true },
    names("Assembly, Unix Assembly, Motorola 68K Assembly"),
  ],
  [{ ...blockOnly, continuation: true }, names("Lex")],
  [blockOnly, names("CSS, PostCSS, CartoCSS, REXX, JFlex")],
  [sql, names("SQL, PLSQL, PLpgSQL, SQLPL, TSQL, HiveQL, CQL, SurrealQL")],
  [{ block: true, after: ["#"] }, names("Nix")],
  [{ block: true, drop: ["#"] }, names("Puppet")],
  [{ block: true, drop: ["%"] }, names("Prolog, Logtalk")],
  [shell, names("Awk, Makefile, sed, Shell, Tcl, Tcsh")],
  [
    { ...hash, continuation: true },
    names(`
      Alpine Abuild, BitBake, CMake, Gentoo Ebuild, Gentoo Eclass, Kickstart, Meson, OpenRC runscript, R`),
  ],
  [{ ...hash, script: true }, names("Crystal, DTrace")],
  [
    hash,
    names(`
      ApacheConf, Browserslist, CODEOWNERS, CoffeeScript, Elvish, fish, Gnuplot, jq, Nushell, Common Workflow Language, crontab, CSON, cURL Config,
      Debian Package Control File, DenizenScript, desktop, Dockerfile, Dotenv, Earthly, EdgeQL,
      GDScript, Gherkin, Git Attributes, Git Config, GN, Golo, HAProxy, Hy, Ignore List, Janet, Just,
      Kaitai Struct, LookML, MiniYAML, nanorc, Nasal, Nginx, Ninja, NPM Config, OASv2-yaml, OASv3-yaml,
      Open Policy Agent, Option List, Pip Requirements, pkg-config, Procfile, Proguard, QMake, RAML,
      RBS, Readline Config, Ring, RobotFramework, Robots Exclusion Rules, RPM Spec, Salt,
      ShellCheck Config, Singularity, Snakemake, Soong, SPARQL, SSH Config, TOML, Turtle, Wget Config,
      Xonsh, YAML`),
  ],
  [{ ...shell, sections: [["=begin", "=end"]] }, names("Ruby")],
  [
    {
      ...shell,
      continuation: false,
      sections: [
        ["=head1", "=cut"],
        ["=begin", "=end"],
      ],
    },
    names("Raku"),
  ],
  [
    { drop: ["#"], script: true, sections: [["=head1", "=cut"]], stop: ["__end__", "__data__"] },
    names("Perl"),
  ],
  [semicolon, names("AutoHotkey, AutoIt, Clarity, edn, Fennel, Godot Resource, INI, LLVM, M, PureBasic")],
  [semicolon, names("Scheme, Racket")],
  [{ drop: ["#", ";"] }, names("EditorConfig")],
  [{ drop: [";", "#_"] }, names("Clojure")],
  [{ drop: [";;"] }, names("WebAssembly")],
  [{ drop: ["#", "!"] }, names("Java Properties")],
  [percent, names("Erlang, TeX, BibTeX Style, Mercury, PostScript")],
  [{ ...dashes, continuation: true }, names("Ada")],
  [dashes, names("Futhark, Cool")],
  [lineSlashes, names("Zig, Gleam, GDShader, IGOR Pro, Go Module, Go Workspace")],
  [{ drop: ["rem", "::"] }, names("Batchfile")],
  [{ drop: ['"'] }, names("Vim script, Vim Snippet")],
  [{ drop: ['.\\"', "'\\\""] }, names("Roff, Roff Manpage")],
  [{ drop: ["'", "rem"] }, names("Brightscript, BrighterScript")],
  [{}, names("JSON, JSONLD, OASv2-json, OASv3-json, CSV, TSV, Text")],
];

const docstrings: readonly (readonly [DocstringSyntax, readonly string[]])[] = [
  [{ globLines: true, continuation: true, script: true }, names("Python, Mojo, Sage, Easybuild")],
  [{ globLines: false, continuation: true }, names("Cython, Starlark")],
  [{ globLines: false, continuation: false }, names("GraphQL")],
];

const table: ReadonlyMap<string, CommentSyntax> = new Map<string, CommentSyntax>([
  ...scanned.flatMap(([syntax, languages]) =>
    languages.map((name) => [name, { kind: "scan", syntax }] as const),
  ),
  ...docstrings.flatMap(([syntax, languages]) =>
    languages.map((name) => [name, { kind: "docstrings", syntax }] as const),
  ),
  ...filterSyntaxes.flatMap(([syntax, languages]) =>
    languages.map((name) => [name, { kind: "filters", syntax }] as const),
  ),
]);

/** The comment syntax of a language by its Linguist name; undefined when every visible line is code. */
export function commentSyntax(language: string): CommentSyntax | undefined {
  return table.get(language);
}

/** Every language whose comments are known. */
export function commentedLanguages(): readonly string[] {
  return [...table.keys()];
}
