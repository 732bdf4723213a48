import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { closest, functionType } from "./shared/nodes.ts";
import { isDeveloperScript } from "./shared/paths.ts";

const longestRead = 20_000;

export default defineRule({
  id: "open-permissions",
  kind: "syntax",
  title: "Files that everybody may change",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "Everybody on this machine may change this.",
  why: "Any other user or program that was broken into can put its own code or data there.",
  docs: "Finds `chmod` to 777 or 666 and its like, in shell scripts and in calls. Sockets, folders for temporary files, and scripts of developers and of CI, are left alone; so are `mkdir` and `open`, whose mode the umask cuts down. Give the one user or group what it needs. Python's `os.chmod` is looked at by Ruff, Dockerfiles by `dockerfile-pitfall`.",
  queries: [
    {
      languages: ["bash"],
      query: `
        ((command name: (command_name (word) @name) argument: [(word) (number)] @mode) @finding (#eq? @name "chmod") (#match? @mode "^(0?(777|666)|(a|ugo)[+=](rwx|rw|w)|o[+=]r?wx?)$"))
        ((command name: (command_name (word) @sudo) argument: (word) @name argument: [(word) (number)] @mode) @finding (#eq? @sudo "sudo") (#eq? @name "chmod") (#match? @mode "^(0?(777|666)|(a|ugo)[+=](rwx|rw|w)|o[+=]r?wx?)$"))`,
    },
    {
      languages: ecmascript,
      query: `((call_expression function: [(identifier) @name (member_expression property: (property_identifier) @name)] arguments: (arguments . (_) . [(number) (string)] @mode)) @finding
        (#any-of? @name "chmod" "chmodSync" "fchmod" "fchmodSync") (#match? @mode "^.?0?o?(777|666).?$"))`,
    },
    {
      languages: ["go"],
      query: `((call_expression function: (selector_expression) @name arguments: (argument_list . (_) . (_) @mode)) @finding
        (#eq? @name "os.Chmod") (#match? @mode "^(0o?(777|666)|(os|fs)[.]ModePerm|(os|fs)[.]FileMode\\\\(0o?(777|666)\\\\))$"))`,
    },
    {
      languages: ["php"],
      query: `((function_call_expression function: (name) @name arguments: (arguments . (_) . (argument (integer) @mode))) @finding (#eq? @name "chmod") (#match? @mode "^0o?(777|666)$"))`,
    },
    {
      languages: ["ruby"],
      query: `((call receiver: (constant) @object method: (identifier) @name arguments: (argument_list . (_) @mode)) @finding
        (#any-of? @object "File" "FileUtils") (#any-of? @name "chmod" "chmod_R") (#match? @mode "^(0o?(777|666)|.a[+=]rwx?.)$"))`,
    },
    {
      languages: ["c", "cpp"],
      query: `((call_expression function: (identifier) @name arguments: (argument_list . (_) . (number_literal) @mode)) @finding (#any-of? @name "chmod" "fchmod") (#match? @mode "^0(777|666)$"))`,
    },
  ],
  check({ node, file }) {
    if (isDeveloperScript(file.path) || /te?mp\b|temp_?dir|mktemp|sock(et)?\b|fifo/i.test(node.text))
      return null;
    // Whoever may talk to a socket must be able to write to it.
    const around = closest(node, functionType)?.text.slice(0, longestRead) ?? "";
    return /666/.test(node.text) && /["']unix["']|socket/i.test(around) ? null : {};
  },
  examples: {
    bad: [
      { "deploy/start.sh": "chmod -R 777 /var/www\n" },
      { "src/files.js": "fs.chmodSync(path, 0o777);\n" },
      { "shop/files.go": "package shop\n\nfunc open(path string) {\n\t_ = os.Chmod(path, 0777)\n}\n" },
      { "src/files.php": "<?php\nchmod($path, 0777);\n" },
      { "lib/files.rb": "FileUtils.chmod(0777, path)\n" },
      { "src/files.c": "void open_up(const char *path) {\n  chmod(path, 0777);\n}\n" },
    ],
    good: [
      {
        "shop/listen.go":
          'package shop\n\nfunc listen(path string) {\n\tlistener, _ := net.Listen("unix", path)\n\tos.Chmod(path, 0666)\n}\n',
      },
      { "deploy/start.sh": "chmod 755 run\nchmod +x run\nchmod 1777 /tmp\nchmod 777 /tmp/shop\n" },
      { "scripts/build.sh": "chmod -R 777 out\n" },
      { "src/files.js": "fs.mkdirSync(path, { mode: 0o777 });\nfs.chmodSync(path, 0o644);\n" },
    ],
  },
});
