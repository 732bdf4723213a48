import type { FindingCategory, Severity } from "../../contracts/finding.ts";

export interface ChosenRule {
  readonly severity: Severity;
  readonly category: FindingCategory;
}

const group = (severity: Severity, category: FindingCategory, names: string): [string, ChosenRule][] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, { severity, category }]);

/**
 * Rules that find bugs in one file alone. No matters of taste, nothing that must see other files or types, and nothing
 * that a rule of ours looks for in every language (debuggers, eval, empty catches, focused tests). `no-thenable` speaks about
 * every JSON Schema with `if` and `then`.
 */
export const chosenRules: ReadonlyMap<string, ChosenRule> = new Map([
  // Always throws, or does not do what it says.
  ...group(
    "error",
    "bug",
    `eslint/constructor-super eslint/no-class-assign eslint/no-const-assign eslint/no-import-assign eslint/no-invalid-regexp
     eslint/no-new-native-nonconstructor eslint/no-obj-calls eslint/no-this-before-super eslint/use-isnan eslint/valid-typeof
     eslint/for-direction eslint/no-compare-neg-zero eslint/no-unsafe-negation oxc/missing-throw promise/no-new-statics
     typescript/no-misused-new react/no-danger-with-children react/void-dom-elements-no-children react/rules-of-hooks
     unicorn/no-invalid-fetch-options`,
  ),
  ...group(
    "warning",
    "bug",
    `eslint/no-async-promise-executor eslint/no-constant-binary-expression eslint/no-dupe-class-members
     eslint/no-dupe-else-if eslint/no-dupe-keys eslint/no-duplicate-case eslint/no-empty-character-class
     eslint/no-ex-assign eslint/no-func-assign eslint/no-loss-of-precision eslint/no-misleading-character-class
     eslint/no-self-assign eslint/no-setter-return eslint/no-sparse-arrays eslint/no-unassigned-vars eslint/no-unexpected-multiline
     eslint/no-unsafe-finally eslint/no-unsafe-optional-chaining eslint/no-useless-backreference eslint/no-cond-assign
     oxc/bad-array-method-on-arguments oxc/bad-char-at-comparison oxc/bad-comparison-sequence oxc/bad-match-all-arg
     oxc/bad-min-max-func oxc/bad-object-literal-comparison oxc/bad-replace-all-arg oxc/const-comparisons
     oxc/double-comparisons oxc/erasing-op oxc/misrefactored-assign-op oxc/number-arg-out-of-range
     oxc/uninvoked-array-callback promise/valid-params typescript/no-duplicate-enum-values
     typescript/no-non-null-asserted-optional-chain unicorn/no-accessor-recursion unicorn/no-await-in-promise-methods
     unicorn/no-invalid-remove-event-listener react/jsx-no-duplicate-props react/jsx-key
     react/no-direct-mutation-state react/no-render-return-value`,
  ),
  ...group(
    "info",
    "bug",
    "eslint/getter-return react/exhaustive-deps unicorn/no-single-promise-in-promise-methods eslint/require-yield",
  ),
  ...group("warning", "security", "eslint/no-implied-eval react/jsx-no-script-url"),
  ...group("warning", "test", "jest/valid-expect jest/valid-expect-in-promise"),
]);
