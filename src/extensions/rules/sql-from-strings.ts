import { defineRule } from "../../contracts/review-rule.ts";
import { readBuiltString, wholeText } from "./shared/built-string.ts";
import { isDeveloperScript } from "./shared/paths.ts";
import { firstValue, fragment, isTold, statement } from "./shared/sql.ts";
import { builtStringQueries } from "./shared/string-queries.ts";

export default defineRule({
  id: "sql-from-strings",
  kind: "syntax",
  title: "SQL built from strings",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "A value is written into the text of an SQL statement.",
  why: "Whoever chooses the value can end the statement there and write another one.",
  docs: "Finds SQL statements that are concatenated, interpolated or formatted with something other than a constant, at a place where a value stands and could be bound. Names of tables and columns, lists of placeholders, numbers, quoted and escaped values, logging and tagged templates are left alone. Bind the value as a parameter.",
  queries: [
    ...builtStringQueries(
      "[Ss](ELECT|elect) |[Ii](NSERT|nsert) |[Uu](PDATE|pdate) |[Dd](ELETE|elete) |[Rr](EPLACE|eplace) ",
    ),
    {
      languages: ["ruby"],
      query: `((call method: (identifier) @sink arguments: (argument_list . (string (interpolation)) @finding)) (#any-of? @sink "where" "having" "find_by_sql" "exists?" "delete_by" "destroy_by"))`,
    },
    {
      languages: ["php"],
      query: `
        ((member_call_expression name: (name) @sink arguments: (arguments . (argument [(encapsed_string) (binary_expression)] @finding))) (#any-of? @sink "whereRaw" "orWhereRaw" "havingRaw" "andWhere" "orWhere"))
        ((scoped_call_expression name: (name) @sink arguments: (arguments . (argument [(encapsed_string) (binary_expression)] @finding))) (#any-of? @sink "whereRaw" "raw"))`,
    },
  ],
  check({ node, capture, file }) {
    // A tagged template binds its values itself.
    if (node.type === "template_string" && node.parent?.type === "call_expression") return null;
    const segments = readBuiltString(wholeText(node));
    if (segments === null) return null;
    const text = segments
      .map((segment) => (typeof segment === "string" ? segment : "?"))
      .join("")
      .slice(0, 4_000);
    const isWhole = statement.test(text);
    if (!isWhole && !(capture("sink") !== undefined && fragment.test(text))) return null;
    if (isTold(node)) return null;
    const value = firstValue(segments);
    if (value === null) return null;
    const shown = value
      .replace(/^[#$]?\{|\}$/g, "")
      .replace(/\s+/g, " ")
      .slice(0, 60);
    return {
      message: `\`${shown}\` is written into the text of an SQL statement.`,
      ...(isDeveloperScript(file.path) && { severity: "info" as const }),
    };
  },
  examples: {
    bad: [
      { "app/models/user.rb": "def find(name)\n  User.where(\"name = '#{name}'\")\nend\n" },
      {
        "src/users.js":
          "export const find = (db, name) => db.query(`SELECT * FROM users WHERE name = '${name}'`);\n",
      },
      {
        "src/users.ts":
          'export const find = (db: Db, id: string) => db.query("SELECT * FROM users WHERE id = " + id);\n',
      },
      {
        "shop/users.py":
          "def find(cursor, name):\n    cursor.execute(f\"SELECT * FROM users WHERE name = '{name}'\")\n",
      },
      {
        "shop/users.py":
          "def find(cursor, name):\n    cursor.execute(\"SELECT * FROM users WHERE name = '%s'\" % name)\n",
      },
      {
        "shop/users.py":
          "def find(cursor, name):\n    cursor.execute(\"DELETE FROM users WHERE name = '{}'\".format(name))\n",
      },
      {
        "shop/users.go":
          "package shop\n\nfunc find(db *sql.DB, name string) {\n\tdb.Query(fmt.Sprintf(\"SELECT * FROM users WHERE name = '%s'\", name))\n}\n",
      },
      {
        "src/Users.java":
          'class Users {\n  void find(String name) {\n    db.query("SELECT * FROM users WHERE name = \'" + name + "\'");\n  }\n}\n',
      },
      {
        "src/Users.cs":
          "class Users {\n  void Find(string name) {\n    db.Query($\"SELECT * FROM users WHERE name = '{name}'\");\n  }\n}\n",
      },
      {
        "app/models/user.rb":
          "def find(name)\n  connection.execute(\"SELECT * FROM users WHERE name = '#{name}'\")\nend\n",
      },
      {
        "src/Users.php":
          "<?php\nfunction find($db, $name) {\n    return $db->query(\"SELECT * FROM users WHERE name = '$name'\");\n}\n",
      },
      {
        "shop/users.py":
          "def find(cursor, name):\n    cursor.execute(\"SELECT * FROM users WHERE name LIKE '%%%s%%'\" % name)\n",
      },
      {
        "src/Users.php":
          "<?php\nfunction find($db, $user) {\n    return $db->query(\"SELECT * FROM users WHERE name = '{$user['name']}'\");\n}\n",
      },
      {
        "src/Users.kt":
          "fun find(db: Database, name: String) = db.rawQuery(\"SELECT * FROM users WHERE name = '$name'\", null)\n",
      },
      {
        "Sources/Users.swift":
          "func find(name: String) {\n  run(\"SELECT * FROM users WHERE name = '\\(name)'\")\n}\n",
      },
      {
        "src/users.rs":
          "fn find(db: &Db, name: &str) {\n    db.query(&format!(\"SELECT * FROM users WHERE name = '{}'\", name));\n}\n",
      },
    ],
    good: [
      {
        "src/users.js":
          "db.query(`SELECT * FROM ${table} WHERE name = $1`, [name]);\nsql`SELECT * FROM users WHERE name = ${name}`;\n",
      },
      {
        "src/users.js":
          "db.query(`SELECT * FROM users WHERE id IN (${placeholders}) LIMIT ${PAGE_SIZE}`, ids);\n",
      },
      {
        "src/users.js":
          "log.info(`select one from list = ${name}`);\nthrow new Error(`Update of x from = ${name}`);\n",
      },
      { "shop/users.py": 'cursor.execute("SELECT * FROM users WHERE name = %s", (name,))\n' },
      {
        "shop/users.go":
          'package shop\n\nfunc find(db *sql.DB, name string) {\n\tdb.Query("SELECT * FROM users WHERE name = $1", name)\n}\n',
      },
    ],
  },
});
