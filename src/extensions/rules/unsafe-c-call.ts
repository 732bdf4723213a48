import { defineRule } from "../../contracts/review-rule.ts";

/** Which argument is the format. */
const formats: Readonly<Record<string, number>> = {
  printf: 0,
  fprintf: 1,
  syslog: 1,
  sprintf: 1,
  snprintf: 2,
};

export default defineRule({
  id: "unsafe-c-call",
  kind: "syntax",
  title: "C call that input can turn against the program",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "What comes from outside is read as a format here.",
  why: "With `%n` or `%s` in it the text reads and writes memory.",
  docs: 'Finds `gets`, which writes past the end of its buffer whenever a line is longer, and `printf` and its like with a variable as the only thing to print. Write `fgets`, and `printf("%s", text)`. Texts that the file itself sets to a constant are left alone.',
  queries: [
    {
      languages: ["c", "cpp"],
      query: `((call_expression function: (identifier) @name arguments: (argument_list) @given) @finding (#any-of? @name "gets" "printf" "fprintf" "syslog" "sprintf" "snprintf"))`,
    },
  ],
  check({ capture, file }) {
    const name = capture("name")!.text;
    const given = capture("given")!.namedChildren;
    if (name === "gets")
      return given.length === 1
        ? {
            severity: "error",
            message: "`gets` does not know how long its buffer is.",
            why: "A longer line overwrites what lies behind it.",
          }
        : null;
    const at = formats[name]!;
    const format = given[at];
    if (format === undefined || given.length !== at + 1) return null;
    if (!/^(identifier|field_expression|subscript_expression)$/.test(format.type)) return null;
    const last = /\w+(?=\W*$)/.exec(format.text)?.[0] ?? "";
    if (/^[A-Z0-9_]+$/.test(last) || /usage|help|banner|format|fmt|^f$/i.test(last)) return null;
    const isConstant = new RegExp(`\\b${last}\\s*(?:\\[[^\\]]*\\]\\s*)?=\\s*(?:\\w+\\()?["{]|\\?\\s*"`);
    return isConstant.test(file.text ?? "") ? null : {};
  },
  examples: {
    bad: [
      { "src/hello.c": "void hello(char *name) {\n  char line[80];\n  gets(line);\n}\n" },
      { "src/hello.c": "void hello(char *name) {\n  fprintf(stderr, name);\n}\n" },
    ],
    good: [
      {
        "src/hello.c":
          'static const char intro[] = "Hello\\n";\nvoid hello(char *name) {\n  printf("%s", name);\n  printf(intro);\n  fgets(name, 8, stdin);\n}\n',
      },
    ],
  },
});
