import { ecmascript } from "./ecmascript.ts";

/**
 * Texts that are put together, in every language whose grammar says so, where the first piece that is written down matches
 * a pattern. Only that piece is compared: comparing whole chains of concatenations would take quadratic time.
 */
export function builtStringQueries(
  pattern: string,
): readonly { readonly languages: readonly string[]; readonly query: string }[] {
  const having = `(#match? @text "${pattern}")`;
  return [
    {
      languages: ecmascript,
      query: `
        ((template_string . (string_fragment) @text) @finding ${having})
        ((binary_expression left: [(string) (template_string)] @text operator: "+") @finding ${having})`,
    },
    {
      languages: ["python"],
      query: `
        ((string . (string_start) . (string_content) @text) @finding ${having})
        ((binary_operator left: [(string) (concatenated_string)] @text operator: ["+" "%"]) @finding ${having})
        ((call function: (attribute object: (string) @text attribute: (identifier) @method)) @finding (#eq? @method "format") ${having})`,
    },
    {
      languages: ["go"],
      query: `
        ((binary_expression left: [(interpreted_string_literal) (raw_string_literal)] @text operator: "+") @finding ${having})
        ((call_expression function: (selector_expression field: (field_identifier) @method)
          arguments: (argument_list . [(interpreted_string_literal) (raw_string_literal)] @text)) @finding (#eq? @method "Sprintf") ${having})`,
    },
    {
      languages: ["java"],
      query: `
        ((binary_expression left: (string_literal) @text operator: "+") @finding ${having})
        ((method_invocation name: (identifier) @method arguments: (argument_list . (string_literal) @text)) @finding (#eq? @method "format") ${having})
        ((method_invocation object: (string_literal) @text name: (identifier) @method) @finding (#eq? @method "formatted") ${having})`,
    },
    {
      languages: ["csharp"],
      query: `
        ((interpolated_string_expression . (interpolation_start) . (string_content) @text) @finding ${having})
        ((binary_expression left: (string_literal) @text operator: "+") @finding ${having})
        ((invocation_expression function: (member_access_expression name: (identifier) @method)
          arguments: (argument_list . (argument (string_literal) @text))) @finding (#eq? @method "Format") ${having})`,
    },
    {
      languages: ["ruby"],
      query: `
        ((string . (string_content) @text) @finding ${having})
        ((heredoc_body . (heredoc_content) @text) @finding ${having})
        ((binary left: (string) @text operator: ["+" "%"]) @finding ${having})`,
    },
    {
      languages: ["php"],
      query: `
        ((encapsed_string . (string_content) @text) @finding ${having})
        ((heredoc_body . (string_content) @text) @finding ${having})
        ((binary_expression left: [(string) (encapsed_string)] @text operator: ".") @finding ${having})
        ((function_call_expression function: (name) @method arguments: (arguments . (argument [(string) (encapsed_string)] @text))) @finding (#eq? @method "sprintf") ${having})`,
    },
    {
      languages: ["rust"],
      query: `((macro_invocation macro: (identifier) @method (token_tree . (string_literal) @text)) @finding (#eq? @method "format") ${having})`,
    },
    {
      languages: ["swift"],
      query: `((line_string_literal . text: (line_str_text) @text interpolation: (_)) @finding ${having})`,
    },
    { languages: ["kotlin"], query: `((string_literal . (string_content) @text) @finding ${having})` },
  ];
}
