import { defineRule } from "../../contracts/review-rule.ts";
import { closest, functionType } from "./shared/nodes.ts";

const writes =
  /^(?:Exec|NamedExec|MustExec|CopyFrom|SendBatch)|save|create|update|delete|remove|insert|add|store|set|write|charge|pay|apply|move/i;
const longestRead = 20_000;

export default defineRule({
  id: "unchecked-commit",
  kind: "syntax",
  title: "Commit whose failure nobody sees",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "Nobody asks whether this transaction was committed.",
  why: "A commit that fails keeps nothing, and the program goes on as if everything were saved.",
  docs: "Finds `Commit()` of a transaction in Go whose error is dropped: as a statement of its own, deferred, or given to `_`. Return the error. `Rollback()` is left alone: after a failure there is nothing to be done about it.",
  queries: [
    {
      languages: ["go"],
      query: `
        ((expression_statement (call_expression function: (selector_expression operand: (_) @transaction field: (field_identifier) @name))) @finding (#eq? @name "Commit"))
        ((defer_statement (call_expression function: (selector_expression operand: (_) @transaction field: (field_identifier) @name))) @finding (#eq? @name "Commit"))
        ((assignment_statement left: (expression_list (identifier) @blank) right: (expression_list (call_expression function: (selector_expression operand: (_) @transaction field: (field_identifier) @name)))) @finding
          (#eq? @blank "_") (#eq? @name "Commit"))`,
    },
  ],
  check: ({ node, capture, file }) =>
    /(^|\.)(\w*tx|\w*txn|\w*trans(action)?)$/i.test(capture("transaction")!.text) &&
    /"(database\/sql|github\.com\/(jmoiron\/sqlx|jackc\/pgx|uptrace\/bun|go-pg\/pg)[^"]*|xorm\.io\/xorm)"/.test(
      file.text ?? "",
    ) &&
    hasWritten((closest(node, functionType)?.text ?? "").slice(0, longestRead))
      ? {}
      : null,
  examples: {
    bad: [
      {
        "shop/pay.go":
          'package shop\n\nimport "database/sql"\n\nfunc pay(tx *sql.Tx) {\n\t_ = tx.Commit()\n}\n',
      },
      {
        "shop/pay.go":
          'package shop\n\nimport "database/sql"\n\nfunc pay(tx *sql.Tx) error {\n\tdefer tx.Commit()\n\treturn charge(tx)\n}\n',
      },
    ],
    good: [
      {
        "shop/pay.go":
          'package shop\n\nimport "database/sql"\n\nfunc pay(tx *sql.Tx) error {\n\tdefer tx.Rollback()\n\treturn tx.Commit()\n}\n',
      },
      { "shop/edit.go": "package shop\n\nfunc edit(repository Repository) {\n\trepository.Commit()\n}\n" },
    ],
  },
});

/** Whether a function writes through a transaction, itself or by handing it on: what was only read is not lost. */
function hasWritten(text: string): boolean {
  for (const [, name, given] of text.matchAll(/(?<!\w)(\w{1,80})\(([^()]{0,100})/g))
    if (writes.test(name!) && (/exec|CopyFrom|SendBatch/i.test(name!) || /\btx\b/i.test(given!))) return true;
  return false;
}
