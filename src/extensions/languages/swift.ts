import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: "swift",
  languages: ["Swift"],
  grammar: "@repomix/tree-sitter-wasms/out/tree-sitter-swift.wasm",
  hasHugeLexer: true,
  symbols: `
    (enum_class_body) @members
    (protocol_body) @members
    (function_declaration "func" . name: _ @name) @function
    (protocol_function_declaration "func" . name: _ @name) @method
    (init_declaration "init" @name) @method
    (deinit_declaration "deinit" @name) @method
    (subscript_declaration "subscript" @name) @method
    (macro_declaration (simple_identifier) @name) @function
    (property_declaration name: (pattern bound_identifier: (simple_identifier) @name) value: (lambda_literal) @function)
    (property_declaration
      name: (pattern bound_identifier: (simple_identifier) @name)
      computed_value: (computed_property) @function)
    (class_declaration "extension") @members
    (class_declaration name: (type_identifier) @name) @class
    (class_declaration "enum" name: (type_identifier) @name) @type
    (protocol_declaration name: (type_identifier) @name) @type
    (typealias_declaration "typealias" . name: (type_identifier) @name) @type
    [
      (if_statement) (guard_statement) (for_statement) (while_statement) (repeat_while_statement) (catch_block)
      (ternary_expression) (conjunction_expression) (disjunction_expression) (nil_coalescing_expression)
      (switch_entry (switch_pattern))
    ] @branch
    (switch_entry (where_keyword) @branch)
  `,
  namePart: /[^`]+/,
  /**
   * This build of the grammar trips over every `#`: conditional compilation, raw strings, macros. Every repetition
   * that has to be tried again at the next character has a limit: without one, a file of `#` alone took minutes.
   */
  blankFirst: [
    /^[ \t]*#(?:if|elseif|else|endif|warning|error|sourceLocation)\b[^\n]*/gm,
    /(?<=#(?:un)?available)\([^()\n]*\)/g,
    /(?<=#")(?:[^"\n]|"(?!#)){0,300}(?="#)/g,
    /#(?=#{0,4}(?:"|[A-Za-z_]))|(?<="#{0,4})#/g,
  ],
  /** What it does not know: `()` as a value, typed throws, ownership, `unsafe`. */
  blankOnError: [
    /(?<=\()\(\)(?=[),])/g,
    /(?<=\bthrows)\([\w.]+\)/g,
    /(?<=\bnonisolated)\(unsafe\)/g,
    /\b(?:consuming|borrowing|sending|consume|unsafe)(?=\s+[@\w(])/g,
  ],
  environment: [
    /\bProcessInfo\s*\.\s*processInfo\s*\.\s*environment\s*\[\s*"([A-Za-z_]\w*)"(?!\s*\]\s*=(?!=))/g,
    /\bEnvironment\s*\.\s*get\(\s*"([A-Za-z_]\w*)"/g,
    /\bgetenv\(\s*"([A-Za-z_]\w*)"/g,
  ],
});
