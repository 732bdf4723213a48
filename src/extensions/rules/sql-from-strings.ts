import { defineRule, type SyntaxNode } from "../../contracts/review-rule.ts";
import { isClosed, readBuiltString, type Segment } from "./shared/built-string.ts";
import { closest } from "./shared/nodes.ts";
import { isDeveloperScript } from "./shared/paths.ts";
import { builtStringQueries } from "./shared/string-queries.ts";

/** A whole statement, as databases read it; words of a sentence are not enough. */
const statement =
  /^["'`$@rfbRFB{(\s\\n]*(select\s[^;]*?\sfrom\s+["'`[\w.{$]+|insert\s+(ignore\s+|or\s+\w+\s+)?into\s+["'`[\w.]+|update\s+["'`[\w.]+\s+set\s|delete\s+from\s+["'`[\w.]+|replace\s+into\s|with\s+\w+\s+as\s*\()/i;
/** After these a value stands, which could be bound. Names of tables and columns cannot. */
const beforeValue =
  /(?:=|<>|!=|<|>|\b(?:like|ilike|values|in|between|and|limit|offset)\b\s*\(?|,)\s*(?:N|E)?\s*['"]?%?$/i;
const insideValues = /\b(values|in)\s*\([^()]*$/i;
const aboutText =
  /\b(log\w*|print\w*|warn\w*|error|debug|info|trace|fail\w*|raise|throw|assert\w*|expect\w*|message|Errorf|panic|puts|echo|fatal\w*|explain\w*)\b[.\w!]*\s*\(?$/i;
const safeNames =
  /placeholder|table|column|field|schema|order|sort|direction|clause|where|condition|filter|prefix|suffix|sql|query|select|join|cols|names|keys|params|marks|binds|fragment|values|operator|\bop\b|cte|with|limit|offset|expr/i;

/** The first value that is written into the text instead of being bound. */
function firstValue(segments: readonly Segment[]): string | null {
  let before = "";
  for (const segment of segments) {
    if (typeof segment === "string") {
      before += segment;
      continue;
    }
    const tail = before.slice(-200);
    const isValue = beforeValue.test(tail) && (!/,\s*['"]?$/.test(tail) || insideValues.test(tail));
    if (isValue && !isClosed(segment) && !safeNames.test(segment.text)) return segment.text;
    before += "?";
  }
  return null;
}

function isTold(node: SyntaxNode): boolean {
  const call = closest(node, /call|invocation|new_expression|object_creation|raise|throw|command/);
  const called =
    call?.childForFieldName("function") ??
    call?.childForFieldName("name") ??
    call?.childForFieldName("method") ??
    call?.childForFieldName("constructor");
  return (
    aboutText.test((called?.text ?? call?.text.slice(0, 30) ?? "").slice(-80)) ||
    /^(raise|throw)/.test(call?.type ?? "")
  );
}

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
  queries: builtStringQueries(
    "[Ss](ELECT|elect) |[Ii](NSERT|nsert) |[Uu](PDATE|pdate) |[Dd](ELETE|elete) |[Rr](EPLACE|eplace) ",
  ),
  check({ node, file }) {
    const outer = node.parent;
    // Only the whole of a chain of concatenations.
    if (
      outer !== null &&
      /^(binary_expression|binary_operator|binary)$/.test(outer.type) &&
      readBuiltString(outer) !== null
    )
      return null;
    // A tagged template binds its values itself.
    if (outer?.type === "call_expression" && node.type === "template_string") return null;
    const segments = readBuiltString(node);
    if (segments === null) return null;
    const text = segments
      .map((segment) => (typeof segment === "string" ? segment : "?"))
      .join("")
      .slice(0, 4_000);
    if (!statement.test(text) || isTold(node)) return null;
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
