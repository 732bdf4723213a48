import { defineRule, type SyntaxMatch } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { isProgramPath } from "./shared/paths.ts";

/** Calls that print for the person who writes the code and for nobody else. */
const onlyForDebugging =
  /^(dbg!|var_dump|dd|dump|ddd|debug_zval_refcount|byebug|console\.trace|console\.dir|pp|print_r|var_export)$/;
/** What people print to see that a line was reached. */
const reached =
  /^\(?\s*(["'`])\W*(here|test(ing)?|foo|bar|asdf\w*|xxx+|yyy+|aaa+|debug(ging)?|wtf|hello|hi|\d+|got here|reached|>+)\W*\1\s*[,)]/i;

/** What the whole file says about printing: whether it did so before, or is a program. */
function printsAnyway({ file }: SyntaxMatch, print: RegExp): boolean {
  if (file.text?.startsWith("#!") === true) return true;
  let before = 0;
  for (let line = 1; line <= file.lines.length; line++)
    if (!file.isAdded(line, line) && print.test(file.lines[line - 1]!)) before++;
  return before > 0;
}

export default defineRule({
  id: "leftover-print",
  kind: "syntax",
  title: "Leftover print for debugging",
  severity: "info",
  category: "maintenance",
  confidence: "medium",
  message: "This prints to the console.",
  why: "Outside command-line programs nobody reads it, it hides what matters in logs, and it may show what is private.",
  docs: "Finds `console.log`, `fmt.Println`, `System.out.println`, `dbg!`, `puts`, `var_dump`, `print_r` and their like in code that is not a command-line program as far as its path, its first line and the rest of the file say. What only debugging uses (`dbg!`, `var_dump`, `dd`, or a print of `here`) is a warning, everything else is for information. Use the project's logger.",
  queries: [
    {
      languages: ecmascript,
      query: `((call_expression function: (member_expression object: (identifier) @object property: (property_identifier) @name) arguments: (arguments) @arguments) @finding
        (#eq? @object "console") (#any-of? @name "log" "debug" "dir" "trace" "table"))`,
    },
    {
      languages: ["python"],
      query: `
        ((expression_statement (call function: (identifier) @name arguments: (argument_list) @arguments) @finding) (#any-of? @name "print" "pprint" "pp"))`,
    },
    {
      languages: ["go"],
      query: `((call_expression function: (selector_expression) @name arguments: (argument_list) @arguments) @finding
        (#any-of? @name "fmt.Println" "fmt.Printf" "fmt.Print" "spew.Dump"))
        ((call_expression function: (identifier) @name arguments: (argument_list) @arguments) @finding (#any-of? @name "println" "print"))`,
    },
    {
      languages: ["java"],
      query: `((method_invocation object: (field_access) @object name: (identifier) @name arguments: (argument_list) @arguments) @finding
        (#any-of? @object "System.out" "System.err") (#any-of? @name "println" "print" "printf"))
        ((method_invocation name: (identifier) @name arguments: (argument_list) @arguments) @finding (#eq? @name "printStackTrace"))`,
    },
    {
      languages: ["rust"],
      query: `((macro_invocation macro: (identifier) @name (token_tree) @arguments) @finding (#any-of? @name "dbg" "println" "print"))`,
    },
    {
      languages: ["ruby"],
      query: `((call !receiver method: (identifier) @name arguments: (argument_list) @arguments) @finding (#any-of? @name "puts" "p" "pp"))`,
    },
    {
      languages: ["php"],
      query: `((function_call_expression function: (name) @name arguments: (arguments) @arguments) @finding
        (#any-of? @name "var_dump" "print_r" "dd" "dump" "ddd" "debug_zval_refcount"))`,
    },
    {
      languages: ["csharp"],
      query: `((invocation_expression function: (member_access_expression) @name arguments: (argument_list) @arguments) @finding (#any-of? @name "Console.WriteLine" "Console.Write"))`,
    },
    {
      languages: ["kotlin"],
      query: `((call_expression (simple_identifier) @name (call_suffix) @arguments) @finding (#any-of? @name "println" "print"))`,
    },
    {
      languages: ["swift"],
      query: `((call_expression (simple_identifier) @name (call_suffix) @arguments) @finding (#any-of? @name "print" "debugPrint" "dump"))`,
    },
  ],
  check(match) {
    const { node, file, languageId } = match;
    const name = `${match.capture("object") ? `${match.capture("object")!.text}.` : ""}${match.capture("name")!.text}${languageId === "rust" ? "!" : ""}`;
    const given = match.capture("arguments")?.text ?? "";
    if (
      isProgramPath(file.path) ||
      /(print|dump|debug|log|console|report|display|repl|shell|terminal)/i.test(file.path)
    )
      return null;
    // With a second argument `print_r` gives a text back, and one that is part of an expression is used.
    if (
      /^(print_r|var_export|dump|p|pp)$/.test(name) &&
      (/,\s*(true|return:)/.test(given) ||
        !/statement|program|then|body|block|^else$/.test(node.parent?.type ?? ""))
    )
      return null;
    if (name === "p" && /^\(?\s*\)?$/.test(given)) return null;
    const isSure =
      onlyForDebugging.test(name) && !/^(pp|print_r|dump|console\.dir|console\.trace)$/.test(name);
    const message = `\`${name}\` prints to the console.`;
    if (isSure || reached.test(given.slice(0, 80)))
      return {
        severity: "warning",
        confidence: "high",
        message: `\`${name}\` was left in, as debugging uses it.`,
      };
    const word = name.split(".")[0]!.replace("!", "");
    if (printsAnyway(match, new RegExp(`(^|[^\\w.])${word}\\b\\s*[.!(]`))) return null;
    return { message };
  },
  examples: {
    bad: [
      {
        "src/cart.ts":
          "export function total(items: Item[]) {\n  console.log('here');\n  return items.length;\n}\n",
      },
      {
        "src/cart.ts":
          "export function total(items: Item[]) {\n  console.log(items);\n  return items.length;\n}\n",
      },
      { "shop/cart.py": "def total(items):\n    print(items)\n    return len(items)\n" },
      {
        "shop/cart.go":
          "package shop\n\nfunc Total(items []Item) int {\n\tfmt.Println(items)\n\treturn len(items)\n}\n",
      },
      {
        "src/shop/Cart.java":
          "class Cart {\n  int total() {\n    System.out.println(items);\n    return items.size();\n  }\n}\n",
      },
      { "src/cart.rs": "fn total(items: &[Item]) -> usize {\n    dbg!(items);\n    items.len()\n}\n" },
      { "app/models/cart.rb": "def total\n  puts items\n  items.size\nend\n" },
      {
        "src/Cart.php":
          "<?php\nfunction total($items) {\n    var_dump($items);\n    return count($items);\n}\n",
      },
    ],
    good: [
      { "bin/cart.js": "console.log(total(readItems()));\n" },
      { "scripts/cart.py": "print(total(read_items()))\n" },
      { "cmd/cart/main.go": "package main\n\nfunc main() {\n\tfmt.Println(total())\n}\n" },
      {
        "src/cart.ts": [
          "export const a = 1;\nconsole.log(a);\n",
          "export const a = 1;\nconsole.log(a);\nconsole.log(a + 1);\n",
        ],
      },
      { "src/Cart.php": "<?php\n$text = print_r($items, true);\n" },
      { "test/cart.test.ts": "console.log(items);\n" },
    ],
  },
});
