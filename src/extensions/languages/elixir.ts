import { defineLanguage } from "../../contracts/language.ts";

/** Everything in Elixir is a call, `def` and `if` too: the word called tells them apart. */
const functionWords = `(#any-of? @word "def" "defp" "defmacro" "defmacrop" "defguard" "defguardp" "defdelegate" "defn" "defnp")`;

export default defineLanguage({
  id: "elixir",
  languages: ["Elixir"],
  grammar: "@cursorless/tree-sitter-wasms/out/tree-sitter-elixir.wasm",
  symbols: `
    (call
      target: (identifier) @word
      (arguments . [
        (identifier) @name
        (call target: (identifier) @name)
        (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "when")
      ])
      ${functionWords}
      (#not-eq? @name "unquote")) @function
    (call
      target: (identifier) @word
      (arguments . (binary_operator operator: _ @name))
      ${functionWords}
      (#not-any-of? @name "when" "\\\\\\\\")) @function
    (call
      target: (identifier) @word
      (arguments . (binary_operator left: (binary_operator operator: _ @name) operator: "when"))
      ${functionWords}) @function
    (unary_operator
      operator: "@"
      operand: (call
        target: (identifier) @word
        (arguments . [
          (binary_operator left: (call target: (identifier) @name) operator: "::")
          (binary_operator left: (binary_operator left: (call target: (identifier) @name) operator: "::") operator: "when")
        ]))
      (#any-of? @word "callback" "macrocallback")) @function
    (unary_operator
      operator: "@"
      operand: (call
        target: (identifier) @word
        (arguments . (binary_operator left: [(identifier) @name (call target: (identifier) @name)] operator: "::")))
      (#any-of? @word "type" "typep" "opaque")) @type
    (call
      target: (identifier) @word
      (arguments . (alias) @name)
      (#any-of? @word "defmodule" "defprotocol")) @type
    (call target: (identifier) @word (#any-of? @word "if" "unless" "for")) @branch
    (do_block (stab_clause left: (arguments . (_) @pattern) (#not-any-of? @pattern "_" "true")) @branch)
    (do_block (stab_clause left: (binary_operator)) @branch)
    (rescue_block (stab_clause) @branch)
    (catch_block (stab_clause) @branch)
    (else_block (stab_clause) @branch)
    (anonymous_function (stab_clause) . (stab_clause) @branch)
    (binary_operator operator: ["&&" "||" "and" "or"]) @branch
  `,
  environment: [/\bSystem\.(?:get_env|fetch_env!?)\(\s*"([A-Za-z_]\w*)"/g],
});
