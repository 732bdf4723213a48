import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";

export default defineRule({
  id: "leftover-debugger",
  kind: "syntax",
  title: "Leftover breakpoint",
  severity: "error",
  category: "bug",
  confidence: "high",
  roles: ["code", "test"],
  message: "A breakpoint was left in the code.",
  why: "Whoever runs this line stops in a debugger, or waits for one that nobody attached.",
  docs: "Finds `debugger`, `breakpoint()`, `pdb.set_trace()`, `binding.pry`, `byebug`, `xdebug_break()` and their like. Remove the line. Switch the rule off for programs that are debuggers themselves.",
  queries: [
    { languages: ecmascript, query: "(debugger_statement) @finding" },
    {
      languages: ["python"],
      query: `
        ((expression_statement (call function: (identifier) @name arguments: (argument_list))) @finding
          (#eq? @name "breakpoint"))
        ((expression_statement (call function: (attribute object: (identifier) @object attribute: (identifier) @name))) @finding
          (#any-of? @object "pdb" "ipdb" "pudb" "wdb" "web_pdb" "rpdb" "bpdb") (#any-of? @name "set_trace"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((call receiver: (identifier) @object method: (identifier) @name) @finding
          (#eq? @object "binding") (#any-of? @name "pry" "irb" "break" "remote_pry" "b"))
        ((call receiver: (identifier) @object method: (identifier) @name) @finding
          (#eq? @object "binding") (#eq? @name "pry_remote"))
        ((identifier) @finding (#any-of? @finding "byebug" "debugger"))`,
    },
    {
      languages: ["php"],
      query: `((function_call_expression function: (name) @name) @finding (#eq? @name "xdebug_break"))`,
    },
    {
      languages: ["csharp"],
      query: `((invocation_expression function: (member_access_expression) @name) @finding
        (#match? @name "^(System\\\\.Diagnostics\\\\.)?Debugger\\\\.(Break|Launch)$"))`,
    },
  ],
  check({ node, languageId, file }) {
    // `byebug` and `debugger` are names like any other unless they stand alone as a statement.
    if (
      languageId === "ruby" &&
      node.type === "identifier" &&
      !/^(body_statement|then|block_body|program|else|ensure|rescue|do_block|do)$/.test(
        node.parent?.type ?? "",
      )
    )
      return null;
    if (/debug|console|shell|repl\b|pdb/i.test(file.path)) return null;
    return file.role === "code" ? {} : { severity: "warning" };
  },
  examples: {
    bad: [
      { "src/cart.js": "function total(items) {\n  debugger;\n  return items.length;\n}\n" },
      { "shop/cart.py": "def total(items):\n    breakpoint()\n    return len(items)\n" },
      { "shop/cart.py": "import pdb\n\ndef total(items):\n    pdb.set_trace()\n    return len(items)\n" },
      { "app/models/cart.rb": "def total\n  binding.pry\n  items.size\nend\n" },
      { "app/models/cart.rb": "def total\n  byebug\n  items.size\nend\n" },
      {
        "src/Cart.php":
          "<?php\nfunction total($items) {\n    xdebug_break();\n    return count($items);\n}\n",
      },
    ],
    good: [
      { "src/cart.js": "const debuggers = attached.filter(isOpen);\nconsole.info('debugger;');\n" },
      { "shop/cart.py": "def breakpoint(items):\n    return items\n" },
      { "app/models/cart.rb": "def total(debugger)\n  debugger.attach\nend\n" },
    ],
  },
});
