import { defineRule } from "../../contracts/review-rule.ts";
import { openParts, readBuiltString } from "./shared/built-string.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { isDeveloperScript } from "./shared/paths.ts";

export default defineRule({
  id: "dynamic-code",
  kind: "syntax",
  title: "Text that is run as code",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "A text is run as code.",
  why: "Whoever has a say in the text can do everything that the program can.",
  docs: "Finds `eval`, the `Function` constructor, Python's `exec`, PHP's `eval` and Ruby's `eval` of something other than a constant text, and timers, `$where` and Flask's templates of texts that are put together. Parse the text, or choose among functions by name. Switch it off for template engines, compilers and consoles, whose work it is.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((call_expression function: (identifier) @name arguments: (arguments . (_) @text)) @finding (#eq? @name "eval"))
        ((new_expression constructor: (identifier) @name arguments: (arguments (_) @text .)) @finding (#eq? @name "Function"))
        ((call_expression function: (identifier) @name arguments: (arguments . [(template_string) (binary_expression)] @built)) @finding (#any-of? @name "setTimeout" "setInterval"))
        ((pair key: [(property_identifier) (string)] @name value: [(template_string) (binary_expression)] @built) @finding (#match? @name "^.?[$]where"))`,
    },
    {
      languages: ["python"],
      query: `((call function: (identifier) @name arguments: (argument_list . (_) @text)) @finding (#any-of? @name "eval" "exec"))
        ((call function: (identifier) @name arguments: (argument_list . (_) @built)) @finding (#eq? @name "render_template_string"))`,
    },
    {
      languages: ["php"],
      query: `((function_call_expression function: (name) @name arguments: (arguments . (argument) @text)) @finding (#eq? @name "eval"))`,
    },
    {
      languages: ["ruby"],
      query: `((call !receiver method: (identifier) @name arguments: (argument_list . (_) @text)) @finding (#eq? @name "eval"))`,
    },
  ],
  check({ node, capture, file, languageId }) {
    const built = capture("built");
    if (built !== undefined && openParts(readBuiltString(built) ?? []).length === 0) return null;
    const given = built ?? capture("text")!;
    const text = given.type === "argument" ? (given.namedChildren.at(-1) ?? given) : given;
    if (
      /^(string|string_literal|encapsed_string|template_string|interpreted_string_literal)$/.test(
        text.type,
      ) &&
      openParts(readBuiltString(text) ?? []).length === 0
    )
      return null;
    // Compiled before, or with a namespace of its own: a deliberate use, such as a module loader or a plug-in.
    if (/^(code|compiled|bytecode|co)$|^compile\(/.test(text.text)) return null;
    if (languageId === "python" && /__builtins__/.test(node.text)) return null;
    return isDeveloperScript(file.path)
      ? { severity: "info" }
      : { message: `\`${capture("name")!.text}\` runs a text as code.` };
  },
  examples: {
    bad: [
      { "src/rule.js": "export const run = (text) => eval(text);\n" },
      { "src/later.js": "export const later = (name) => setTimeout('run(' + name + ')', 10);\n" },
      { "src/find.js": "export const find = (name) => users.find({ $where: `this.name == '${name}'` });\n" },
      { "shop/hello.py": "def hello(name):\n    return render_template_string('<h1>' + name + '</h1>')\n" },
      { "src/rule.ts": "export const make = (body: string) => new Function('a', body);\n" },
      { "shop/rule.py": "def run(text):\n    return eval(text)\n" },
      { "src/rule.php": "<?php\nfunction run($text) {\n    return eval($text);\n}\n" },
      { "lib/rule.rb": "def run(text)\n  eval(text)\nend\n" },
    ],
    good: [
      {
        "src/rule.js":
          "const global = new Function('return this')();\nmodel.eval(text);\nsetTimeout(run, a + b);\n",
      },
      { "shop/rule.py": "model.eval()\nvalue = ast.literal_eval(text)\n" },
      { "lib/rule.rb": "def run(text)\n  parser.eval(text)\nend\n" },
    ],
  },
});
