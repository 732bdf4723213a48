import { ecmascript } from "./ecmascript.ts";

/** Texts that are put together, in every language whose grammar says so, where their text matches a pattern. */
export function builtStringQueries(
  pattern: string,
): readonly { readonly languages: readonly string[]; readonly query: string }[] {
  const having = `(#match? @finding "${pattern}")`;
  return [
    {
      languages: ecmascript,
      query: `
        ((template_string (template_substitution)) @finding ${having})
        ((binary_expression operator: "+") @finding ${having})`,
    },
    {
      languages: ["python"],
      query: `
        ((string (interpolation)) @finding ${having})
        ((binary_operator operator: ["+" "%"]) @finding ${having})
        ((call function: (attribute object: (string) attribute: (identifier) @method)) @finding (#eq? @method "format") ${having})`,
    },
    {
      languages: ["go"],
      query: `
        ((binary_expression operator: "+") @finding ${having})
        ((call_expression function: (selector_expression field: (field_identifier) @method)) @finding (#eq? @method "Sprintf") ${having})`,
    },
    {
      languages: ["java"],
      query: `
        ((binary_expression operator: "+") @finding ${having})
        ((method_invocation name: (identifier) @method) @finding (#any-of? @method "format" "formatted") ${having})`,
    },
    {
      languages: ["csharp"],
      query: `
        ((interpolated_string_expression (interpolation)) @finding ${having})
        ((binary_expression operator: "+") @finding ${having})
        ((invocation_expression function: (member_access_expression name: (identifier) @method)) @finding (#eq? @method "Format") ${having})`,
    },
    {
      languages: ["ruby"],
      query: `
        ((string (interpolation)) @finding ${having})
        ((binary operator: ["+" "%"]) @finding ${having})`,
    },
    {
      languages: ["php"],
      query: `
        ((encapsed_string [(variable_name) (member_access_expression) (subscript_expression) (dynamic_variable_name)]) @finding ${having})
        ((binary_expression operator: ".") @finding ${having})
        ((function_call_expression function: (name) @method) @finding (#eq? @method "sprintf") ${having})`,
    },
    {
      languages: ["rust"],
      query: `((macro_invocation macro: (identifier) @method) @finding (#eq? @method "format") ${having})`,
    },
    {
      languages: ["kotlin"],
      query: `((string_literal [(interpolated_identifier) (interpolated_expression)]) @finding ${having})`,
    },
  ];
}
