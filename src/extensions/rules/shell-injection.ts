import { defineRule, type SyntaxNode } from "../../contracts/review-rule.ts";
import { openParts, readBuiltString } from "./shared/built-string.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { isDeveloperScript } from "./shared/paths.ts";

/** What ends up in a command line: the expression, or what it was set to in the lines before. */
function isOpenCommand(node: SyntaxNode | undefined): string | null {
  if (node === undefined) return null;
  const inner = /^(argument|value_argument)$/.test(node.type) ? (node.namedChildren.at(-1) ?? node) : node;
  const segments = readBuiltString(inner);
  if (segments === null) return null;
  const open = openParts(segments);
  return open.length === 0
    ? null
    : open[0]!.text
        .replace(/^[#$]?\{|\}$/g, "")
        .replace(/\s+/g, " ")
        .slice(0, 60);
}

/** Whether the file sets a variable to something that it has escaped. */
function isEscapedBefore(name: string, text: string): boolean {
  return (
    /^\$?\w+$/.test(name) &&
    new RegExp(
      `(?:^|[^\\w$])${name.replace("$", "\\$")}\\s*:?=[^=\\n][^\\n]{0,200}?(?:escape|quote|sanitiz)\\w*\\(`,
      "i",
    ).test(text)
  );
}

export default defineRule({
  id: "shell-injection",
  kind: "syntax",
  title: "Shell command built from strings",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "A shell command is put together from strings.",
  why: "A shell reads the whole text: a space, a quote or a semicolon in the value becomes part of the command.",
  docs: "Finds commands that a shell runs (`exec` of child_process, `os.system`, `subprocess` with `shell=True`, `system`, backticks, `sh -c`, `Runtime.exec` and their like) and that are concatenated, interpolated or formatted with something other than a constant or an escaped value. Hand over a list of arguments instead. In the project's own scripts it is for information.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((call_expression function: [(identifier) @name (member_expression property: (property_identifier) @name)] arguments: (arguments . [(template_string) (binary_expression)] @command)) @finding
          (#any-of? @name "exec" "execSync"))
        ((call_expression function: [(identifier) @name (member_expression property: (property_identifier) @name)]
          arguments: (arguments . [(template_string) (binary_expression)] @command (object (pair key: (property_identifier) @key value: (true))))) @finding
          (#any-of? @name "spawn" "spawnSync" "execFile" "execFileSync") (#eq? @key "shell"))`,
    },
    {
      languages: ["python"],
      query: `
        ((call function: (attribute object: (identifier) @object attribute: (identifier) @name) arguments: (argument_list . (_) @command)) @finding
          (#eq? @object "os") (#any-of? @name "system" "popen"))
        ((call function: (attribute object: (identifier) @object attribute: (identifier) @name)
          arguments: (argument_list . (_) @command (keyword_argument name: (identifier) @key value: (true)))) @finding
          (#eq? @object "subprocess") (#eq? @key "shell"))
        ((call function: (attribute object: (identifier) @object attribute: (identifier) @name) arguments: (argument_list . (_) @command)) @finding
          (#eq? @object "subprocess") (#any-of? @name "getoutput" "getstatusoutput"))`,
    },
    {
      languages: ["go"],
      query: `((call_expression function: (selector_expression) @name arguments: (argument_list . (interpreted_string_literal) @shell . (interpreted_string_literal) @flag . (_) @command)) @finding
        (#eq? @name "exec.Command") (#match? @shell "^\\"(/bin/)?(ba|z)?sh\\"$") (#match? @flag "^\\"-l?c\\"$"))
        ((call_expression function: (selector_expression) @name arguments: (argument_list . (_) . (interpreted_string_literal) @shell . (interpreted_string_literal) @flag . (_) @command)) @finding
        (#eq? @name "exec.CommandContext") (#match? @shell "^\\"(/bin/)?(ba|z)?sh\\"$") (#match? @flag "^\\"-l?c\\"$"))`,
    },
    {
      languages: ["java"],
      query: `((method_invocation object: [(identifier) @object (method_invocation name: (identifier) @object)] name: (identifier) @name arguments: (argument_list . (_) @command)) @finding (#eq? @name "exec") (#any-of? @object "getRuntime" "runtime" "rt"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((call !receiver method: (identifier) @name arguments: (argument_list . (_) @command .)) @finding (#any-of? @name "system" "exec" "spawn"))
        (subshell (interpolation)) @command @finding`,
    },
    {
      languages: ["php"],
      query: `
        ((function_call_expression function: (name) @name arguments: (arguments . (argument) @command)) @finding
          (#any-of? @name "exec" "shell_exec" "system" "passthru" "popen" "proc_open"))
        (shell_command_expression [(variable_name) (member_access_expression)]) @finding`,
    },
    {
      languages: ["rust"],
      query: `((call_expression function: (field_expression
          value: (call_expression function: (field_expression
            value: (call_expression function: (scoped_identifier) @new arguments: (arguments . (string_literal) @shell))
            field: (field_identifier) @first) arguments: (arguments . (string_literal) @flag))
          field: (field_identifier) @name) arguments: (arguments . (_) @command)) @finding
        (#eq? @name "arg") (#eq? @first "arg") (#match? @new "^(std::process::)?Command::new$") (#match? @shell "^\\"(/bin/)?(ba)?sh\\"$") (#eq? @flag "\\"-c\\""))`,
    },
  ],
  check({ node, capture, file, languageId }) {
    const text = file.text ?? "";
    if (
      (ecmascript as readonly string[]).includes(languageId) &&
      !/child_process|shelljs|\bexeca\b/.test(text)
    )
      return null;
    const name =
      node.type === "shell_command_expression" ? node.text.slice(1, 60) : isOpenCommand(capture("command"));
    if (name === null || isEscapedBefore(name, text)) return null;
    // Array arguments of `system("a", b)` go past the shell; a list there has no `.` match.
    return {
      message: `\`${name}\` becomes part of a shell command.`,
      ...(isDeveloperScript(file.path) && { severity: "info" as const }),
    };
  },
  examples: {
    bad: [
      {
        "src/archive.js":
          "import { exec } from 'node:child_process';\nexport const pack = (name) => exec(`tar czf out.tgz ${name}`);\n",
      },
      { "shop/archive.py": "import os\n\ndef pack(name):\n    os.system('tar czf out.tgz ' + name)\n" },
      {
        "shop/archive.py":
          "import subprocess\n\ndef pack(name):\n    subprocess.run(f'tar czf out.tgz {name}', check=True, shell=True)\n",
      },
      {
        "shop/archive.go":
          'package shop\n\nfunc pack(name string) {\n\texec.Command("sh", "-c", "tar czf out.tgz "+name).Run()\n}\n',
      },
      {
        "src/Archive.java":
          'class Archive {\n  void pack(String name) {\n    Runtime.getRuntime().exec("tar czf out.tgz " + name);\n  }\n}\n',
      },
      { "lib/archive.rb": 'def pack(name)\n  system("tar czf out.tgz #{name}")\nend\n' },
      { "lib/archive.rb": "def list(name)\n  `ls #{name}`\nend\n" },
      { "src/archive.php": '<?php\nfunction pack($name) {\n    exec("tar czf out.tgz $name");\n}\n' },
      {
        "src/archive.rs":
          'fn pack(name: &str) {\n    Command::new("sh").arg("-c").arg(format!("tar czf out.tgz {}", name)).status();\n}\n',
      },
    ],
    good: [
      {
        "src/archive.js":
          "import { execFile, exec } from 'node:child_process';\nexecFile('tar', ['czf', name]);\nexec('ls');\npattern.exec(`a${b}`.trim());\n",
      },
      { "src/match.js": "const found = pattern.exec(`${name} `);\n" },
      {
        "shop/archive.py":
          "import subprocess\nsubprocess.run(['tar', name])\nsubprocess.run(f'tar {shlex.quote(name)}', shell=True)\n",
      },
      {
        "lib/archive.rb":
          "def pack(name)\n  system('tar', name)\n  system(\"tar #{Shellwords.escape(name)}\")\nend\n",
      },
      { "src/archive.php": "<?php\nexec('tar ' . escapeshellarg($name));\n" },
      {
        "src/edit.php":
          "<?php\n$editor = escapeshellcmd($given);\nsystem($editor . ' ' . escapeshellarg($file));\n",
      },
    ],
  },
});
