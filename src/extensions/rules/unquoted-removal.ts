import { defineRule } from "../../contracts/review-rule.ts";

export default defineRule({
  id: "unquoted-removal",
  kind: "syntax",
  title: "rm -r of a variable that may be empty",
  severity: "warning",
  category: "bug",
  confidence: "high",
  roles: ["code", "test", "example"],
  message:
    "This removes a folder whose name comes from a variable, from the root when the variable is empty.",
  why: "With an empty variable `rm -rf $DIR/*` removes everything that it may remove.",
  docs: 'Finds `rm` with `-r` of a variable followed by `/` and of an unquoted variable with a star, unless the script stops at variables that are not set (`set -u`), the variable has a default or a check (`${DIR:?}`), or it was set in the same script. Write `"${DIR:?}"/`.',
  queries: [
    {
      languages: ["bash"],
      query: `((command name: (command_name (word) @name) argument: (word) @flags argument: [(concatenation) (simple_expansion) (expansion) (string)] @path) @finding
        (#eq? @name "rm") (#match? @flags "^-[a-zA-Z]*[rR]"))`,
    },
  ],
  check({ capture, file }) {
    if (!file.isWhole) return null;
    const path = capture("path")!.text;
    const name = /^"?\$\{?([A-Za-z_]\w*)\}?"?\/(\*|"?\*|[^"]*$|.*"$)/.exec(path)?.[1];
    if (name === undefined) return null;
    const text = file.text ?? "";
    if (/^\s*set\s+-\w*u|nounset/m.test(text)) return null;
    const escaped = name.replace(/\W/g, "");
    // Set here, or asked about: it is not empty.
    if (
      new RegExp(
        `(^|[\\s;])(export |local |readonly |declare )?${escaped}=|\\bread\\b.*\\b${escaped}\\b|\\bfor ${escaped} in|-[nzdef] "?\\$\\{?${escaped}|\\$\\{${escaped}:?[?=-]`,
        "m",
      ).test(text)
    )
      return null;
    return { message: `With an empty \`${name}\` this removes from the root of the file system.` };
  },
  examples: {
    bad: [{ "scripts/clean.sh": "rm -rf $OUTPUT/*\n" }, { "scripts/clean.sh": 'rm -rf "$OUTPUT/cache"\n' }],
    good: [
      { "scripts/clean.sh": "set -eu\nrm -rf $OUTPUT/*\n" },
      { "scripts/clean.sh": "OUTPUT=out\nrm -rf $OUTPUT/*\n" },
      { "scripts/clean.sh": 'rm -rf "${OUTPUT:?}"/* build\nrm $OUTPUT/file\n' },
    ],
  },
});
