import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "kotlin",
  languages: ["Kotlin", "Gradle Kotlin DSL"],
  grammar: "@lumis-sh/wasm-kotlin/tree-sitter-kotlin.wasm",
  hasHugeLexer: true,
  symbols: `
    (class_body) @members
    (enum_class_body) @members
    (function_declaration (simple_identifier) @name) @function
    (secondary_constructor "constructor" @name) @method
    (property_declaration
      (variable_declaration (simple_identifier) @name)
      [(lambda_literal) (anonymous_function)] @function)
    (class_declaration (type_identifier) @name) @class
    (class_declaration (modifiers (class_modifier) @modifier) (type_identifier) @name (#eq? @modifier "annotation")) @type
    (class_declaration "interface" (type_identifier) @name) @type
    (class_declaration "enum" (type_identifier) @name) @type
    (object_declaration (type_identifier) @name) @class
    (companion_object) @members
    (companion_object (type_identifier) @name) @class
    (type_alias (type_identifier) @name) @type
    [
      (if_expression) (for_statement) (while_statement) (do_while_statement) (catch_block)
      (conjunction_expression) (disjunction_expression) (elvis_expression)
    ] @branch
    (when_entry . (when_condition)) @branch
  `,
  namePart: /[^`]+/,
  // What the grammar does not know: functional interfaces, annotated constructors, binary numbers with `_`, open
  // ranges, some modifiers, references on types, delegation before a body, and constructors calling each other.
  blankOnError: [
    /\bfun(?=\s+interface\b)/g,
    /(?=@|private|internal|protected|public|constructor)(?<=\bclass\s+\w+(?:<[^<>\n]{0,80}>)?\s+)(?:@[\w.:]+(?:\([^()\n]*\))?\s+|(?:private|internal|protected|public)\s+){0,4}constructor(?=\s*\()/g,
    /(?<=\b0)[bB][01_]+/g,
    /(?<=\.\.)</g,
    /\bactual(?=\s+va[lr]\b)/g,
    /\?(?=::)/g,
    /<[\w*?, ]{1,80}>(?=::)/g,
    /\b(?=by\s)(?<=(?:\bclass\b|\bobject\b|^[ \t]*\))[^\n{]{0,200})by\s+[\w.]+(?=\s*\{)/gm,
    /:\s*(?:this|super)(?=\s*\()(?<=\bconstructor\s*\([^()\n]{0,200}\)\s*:\s*(?:this|super))\s*\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)/g,
  ],
  environment: [
    /\bSystem\s*\.\s*getenv\(\s*"([A-Za-z_]\w*)"/g,
    /\bSystem\s*\.\s*getenv\(\)\s*(?:\[|\.\s*(?:get|getOrDefault|getOrElse|containsKey)\()\s*"([A-Za-z_]\w*)"/g,
    /\benvironmentVariable\(\s*"([A-Za-z_]\w*)"/g,
  ],
});
