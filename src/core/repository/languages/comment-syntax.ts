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

/** Linguist names, by the comments they share. What each group does is what cloc does for these languages. */
const scanned: readonly (readonly [ScanSyntax, readonly string[]])[] = [
  [
    slashesContinued,
    ["ActionScript", "AspectJ", "C", "C++", "C#", "Dart", "Go", "JavaScript", "JSON5", "Less", "Metal"],
  ],
  [
    slashesContinued,
    [
      "Objective-C",
      "Objective-C++",
      "PowerBuilder",
      "Solidity",
      "Stylus",
      "Swift",
      "TSX",
      "TypeScript",
      "Vala",
    ],
  ],
  [
    slashesContinued,
    ["Arduino", "Jison", "C3", "XC", "Unified Parallel C", "nesC", "Pro*C", "XS", "X PixMap", "X BitMap"],
  ],
  [
    slashes,
    [
      "AGS Script",
      "AIDL",
      "AngelScript",
      "ANTLR",
      "Apex",
      "Avro IDL",
      "Ballerina",
      "Beef",
      "Bicep",
      "Bison",
      "C2hs Haskell",
    ],
  ],
  [
    slashes,
    [
      "Cadence",
      "Cap'n Proto",
      "Carbon",
      "Ceylon",
      "Chapel",
      "Circom",
      "Clarity",
      "Clean",
      "CodeQL",
      "Cuda",
      "CUE",
    ],
  ],
  [
    slashes,
    ["Cangjie", "Cool", "Dafny", "DM", "EdgeQL", "Fantom", "Faust", "Filterscript", "FlatBuffers", "Flix"],
  ],
  [
    slashes,
    [
      "FreeBASIC",
      "Game Maker Language",
      "Genero 4gl",
      "GLSL",
      "Golo",
      "Gosu",
      "Gradle Kotlin DSL",
      "GSC",
      "HIP",
      "Haxe",
    ],
  ],
  [
    slashes,
    ["HolyC", "Hack", "ISPC", "Ink", "JavaScript+ERB", "JSON with Comments", "Jolie", "KCL", "KRL", "Kotlin"],
  ],
  [
    slashes,
    ["Langium", "Logos", "LSL", "MQL4", "MQL5", "Modelica", "Monkey C", "Motoko", "Move", "NWScript"],
  ],
  [
    slashes,
    [
      "Nemerle",
      "Noir",
      "OpenCL",
      "OpenSCAD",
      "Odin",
      "P4",
      "PEG.js",
      "Pawn",
      "Pike",
      "Processing",
      "Promela",
    ],
  ],
  [
    slashes,
    ["Protocol Buffer", "QML", "Qt Script", "QuakeC", "ReScript", "Reason", "RenderScript", "Rust", "RPC"],
  ],
  [
    slashes,
    ["Sass", "Scala", "SCSS", "ShaderLab", "Slang", "Slice", "Slint", "Smithy", "SourcePawn", "Stan"],
  ],
  [
    slashes,
    [
      "Stata",
      "SuperCollider",
      "SugarSS",
      "SWIG",
      "Sway",
      "SystemVerilog",
      "Tact",
      "TypeSpec",
      "Uno",
      "UnrealScript",
    ],
  ],
  [
    slashes,
    [
      "V",
      "Verilog",
      "WGSL",
      "Wollok",
      "Wren",
      "WebIDL",
      "X10",
      "Xtend",
      "Yacc",
      "Yul",
      "ZenScript",
      "Zephir",
      "Zmodel",
      "eC",
    ],
  ],
  [{ ...slashes, quoted: "java" }, ["Java"]],
  [{ ...slashes, quoted: "groovy", slashesFirst: true, script: true }, ["Groovy", "Gradle"]],
  [{ ...slashes, slashesFirst: true }, ["HLSL"]],
  [{ ...slashes, drop: ["#"], after: ["#"], script: true }, ["PHP"]],
  [{ ...slashes, drop: ["#"] }, ["HCL", "Cairo", "Cairo Zero", "Nextflow", "Jsonnet", "Janet", "Nasal"]],
  [{ ...slashes, after: ["#"] }, ["Thrift", "Squirrel"]],
  [{ ...slashes, drop: ["--"], after: ["--"] }, ["VHDL"]],
  [
    { ...slashes, drop: ["#", ";"], after: ["@", "|", "!", "--", ";", "#"], continuation: true },
    ["Assembly", "Unix Assembly", "Motorola 68K Assembly"],
  ],
  [{ ...blockOnly, continuation: true }, ["Lex"]],
  [blockOnly, ["CSS", "PostCSS", "CartoCSS", "REXX", "JFlex"]],
  [sql, ["SQL", "PLSQL", "PLpgSQL", "SQLPL", "TSQL", "HiveQL", "CQL", "SurrealQL"]],
  [{ block: true, after: ["#"] }, ["Nix"]],
  [{ block: true, drop: ["#"], after: ["#"] }, ["Puppet"]],
  [{ block: true, drop: ["%"], after: ["//", "%"], script: true }, ["Prolog", "Logtalk"]],
  [
    shell,
    [
      "Shell",
      "Tcsh",
      "Makefile",
      "CMake",
      "Awk",
      "sed",
      "R",
      "Tcl",
      "Meson",
      "Kickstart",
      "OpenRC runscript",
    ],
  ],
  [shell, ["Gentoo Ebuild", "Gentoo Eclass", "Alpine Abuild", "BitBake"]],
  [{ ...hash, script: true }, ["fish", "Elvish", "Nushell", "Crystal", "CoffeeScript", "jq", "Gnuplot"]],
  [
    hash,
    [
      "Dockerfile",
      "Containerfile",
      "Earthly",
      "YAML",
      "MiniYAML",
      "OASv2-yaml",
      "OASv3-yaml",
      "TOML",
      "GDScript",
    ],
  ],
  [
    hash,
    [
      "QMake",
      "Just",
      "HAProxy",
      "Nginx",
      "ApacheConf",
      "Ignore List",
      "Git Attributes",
      "Git Config",
      "Dotenv",
    ],
  ],
  [
    hash,
    [
      "CODEOWNERS",
      "Procfile",
      "Robots Exclusion Rules",
      "Pip Requirements",
      "Gherkin",
      "RAML",
      "CSON",
      "Salt",
    ],
  ],
  [
    hash,
    [
      "Proguard",
      "DTrace",
      "Snakemake",
      "Browserslist",
      "pkg-config",
      "crontab",
      "ShellCheck Config",
      "SSH Config",
    ],
  ],
  [
    hash,
    [
      "Readline Config",
      "nanorc",
      "Option List",
      "NPM Config",
      "cURL Config",
      "Wget Config",
      "Singularity",
      "Soong",
    ],
  ],
  [
    hash,
    [
      "Common Workflow Language",
      "Open Policy Agent",
      "DenizenScript",
      "RobotFramework",
      "RBS",
      "Hy",
      "desktop",
      "GN",
    ],
  ],
  [
    hash,
    [
      "Ninja",
      "Turtle",
      "SPARQL",
      "RPM Spec",
      "Debian Package Control File",
      "Xonsh",
      "Ring",
      "Kaitai Struct",
    ],
  ],
  [{ ...shell, sections: [["=begin", "=end"]] }, ["Ruby"]],
  [
    {
      ...shell,
      continuation: false,
      sections: [
        ["=head1", "=cut"],
        ["=begin", "=end"],
      ],
    },
    ["Raku"],
  ],
  [{ drop: ["#"], script: true, sections: [["=head1", "=cut"]], stop: ["__end__", "__data__"] }, ["Perl"]],
  [
    semicolon,
    [
      "INI",
      "EditorConfig",
      "Godot Resource",
      "AutoHotkey",
      "LLVM",
      "Fennel",
      "M",
      "edn",
      "PureBasic",
      "AutoIt",
    ],
  ],
  [{ ...semicolon, script: true }, ["Scheme", "Racket"]],
  [{ drop: [";", "#_"] }, ["Clojure"]],
  [{ drop: [";;"] }, ["WebAssembly"]],
  [{ drop: ["#", "!"] }, ["Java Properties"]],
  [{ ...percent, script: true }, ["Erlang"]],
  [percent, ["TeX", "BibTeX Style", "Mercury", "PostScript"]],
  [{ ...dashes, continuation: true }, ["Ada"]],
  [{ ...dashes }, ["Futhark", "LookML"]],
  [lineSlashes, ["Zig", "Gleam", "GDShader", "IGOR Pro", "Go Module", "Go Workspace"]],
  [{ drop: ["rem", "::"] }, ["Batchfile"]],
  [{ drop: ['"'] }, ["Vim script", "Vim Snippet"]],
  [{ drop: ['.\\"', "'\\\""] }, ["Roff", "Roff Manpage"]],
  [{ drop: ["'", "rem"] }, ["Brightscript", "BrighterScript"]],
  [{}, ["JSON", "JSONLD", "OASv2-json", "OASv3-json", "CSV", "TSV", "Text", "GeoJSON", "TopoJSON"]],
];

const docstrings: readonly (readonly [DocstringSyntax, readonly string[]])[] = [
  [{ globLines: true, continuation: true }, ["Python", "Mojo", "Sage", "Easybuild"]],
  [{ globLines: false, continuation: true }, ["Cython", "Starlark"]],
  [{ globLines: false, continuation: false }, ["GraphQL"]],
];

const table: ReadonlyMap<string, CommentSyntax> = new Map<string, CommentSyntax>([
  ...scanned.flatMap(([syntax, names]) => names.map((name) => [name, { kind: "scan", syntax }] as const)),
  ...docstrings.flatMap(([syntax, names]) =>
    names.map((name) => [name, { kind: "docstrings", syntax }] as const),
  ),
  ...filterSyntaxes.flatMap(([syntax, names]) =>
    names.map((name) => [name, { kind: "filters", syntax }] as const),
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
