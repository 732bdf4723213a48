import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { hasComment } from "./shared/nodes.ts";

const expected = /^(_\w*|\$?ignored?\w*|\$?expected\w*|\$?unused\w*|swallow\w*|ok|tooBad)$/i;
/** Errors that are not worth a word: there is nothing left to do when closing or stopping fails. */
const harmless =
  /^\s*\{?\s*(await\s+)?[\w.$]+\.(close|destroy|dispose|abort|kill|shutdown|disconnect|unlink\w*|rm\w*|delete\w*|remove\w*)\(/;

/** What catches every error; to pass over one particular error is a decision. */
const anything = /^\\?(System\.)?(Exception|Throwable|Error|RuntimeException|BaseException|StandardError)$/;
const asked =
  /(NumberFormat|ClassNotFound|NoSuch\w+|Interrupted|CloneNotSupported|FileAlreadyExists|FileNotFound|OperationCanceled|TaskCanceled)(Exception)?$|LoadError|Errno::|NameError|StopIteration|NotFound/;

/** Classes that a Ruby clause names; undefined without any. */
function rescued(clause: string): string | undefined {
  const named = /^rescue[ \t]+([^\n=]*)/.exec(clause)?.[1]?.trim() ?? "";
  return named === "" ? undefined : named;
}

export default defineRule({
  id: "empty-catch",
  kind: "syntax",
  title: "Errors that are caught and dropped",
  severity: "warning",
  category: "bug",
  confidence: "medium",
  message: "An error is caught and dropped without a word.",
  why: "When it happens, nobody learns that it did, or why what follows goes wrong.",
  docs: "Finds `catch` blocks, and in Go `if err != nil`, without code and without a comment. A comment that says why is enough, and so is a name such as `ignored` or `expected`, a `catch` without a name, and an attempt at closing or deleting. Passing over one particular error is for information, and in Python, where one asks like this, it is nothing.",
  queries: [
    {
      languages: ecmascript,
      query:
        '(try_statement body: (_) @tried handler: (catch_clause parameter: (_) @name body: (statement_block . "{" . "}")) @finding)',
    },
    {
      languages: ["java"],
      query:
        '(try_statement body: (_) @tried (catch_clause (catch_formal_parameter (catch_type) @type name: (_) @name) body: (block . "{" . "}")) @finding)',
    },
    {
      languages: ["csharp"],
      query:
        '(try_statement body: (_) @tried (catch_clause (catch_declaration type: (_) @type name: (identifier) @name) body: (block . "{" . "}")) @finding)',
    },
    {
      languages: ["php"],
      query:
        '(try_statement body: (_) @tried (catch_clause type: (_) @type name: (_)? @name body: (compound_statement . "{" . "}")) @finding)',
    },
    {
      languages: ["python"],
      query: `
        (try_statement body: (_) @tried (except_clause . (block . (pass_statement) .)) @finding)
        ((try_statement body: (_) @tried (except_clause . value: (_) @type . (block . (pass_statement) .)) @finding) (#match? @type "^(Exception|BaseException)$"))`,
    },
    {
      languages: ["kotlin"],
      query: '(catch_block (simple_identifier) @name (user_type) @type "{" . "}") @finding',
    },
    {
      languages: ["go"],
      query:
        '(if_statement condition: (binary_expression left: (identifier) @error operator: "!=" right: (nil)) consequence: (block . "{" . "}") !alternative) @finding',
    },
    { languages: ["swift"], query: '(catch_block . (catch_keyword) . "{" . "}") @finding' },
    {
      languages: ["ruby"],
      query: "(begin (rescue !body) @finding)\n(body_statement (rescue !body) @finding)",
    },
  ],
  check({ node, capture, file, languageId }) {
    if (hasComment(node) || !/err/i.test(capture("error")?.text ?? "err")) return null;
    const name = capture("name")?.text ?? "";
    if (expected.test(name.trim())) return null;
    const tried = capture("tried")?.text.replace(/^[{\s]+/, "") ?? "";
    if (harmless.test(tried) && tried.split("\n").length <= 3) return null;
    const type = languageId === "ruby" ? rescued(node.text) : capture("type")?.text;
    // Asking by trying: what is thrown there is the answer.
    if (type !== undefined && asked.test(type)) return null;
    const last = node.endPosition.row;
    // Python's and Ruby's comments may stand behind the clause or above it, outside its node.
    const around = file.lines.slice(Math.max(0, node.startPosition.row - 1), last + 2);
    if (around.some((line) => /(^|\s)(#|\/\/|\/\*)\s*\w/.test(line))) return null;
    return type === undefined || anything.test(type) ? {} : { severity: "info" };
  },
  examples: {
    bad: [
      {
        "src/Cart.kt":
          "fun charge(card: Card) {\n  try {\n    card.charge()\n  } catch (e: Exception) {\n  }\n}\n",
      },
      {
        "Sources/Cart.swift":
          "func charge(card: Card) {\n  do {\n    try card.charge()\n  } catch {\n  }\n}\n",
      },
      { "src/cart.js": "try {\n  charge(card);\n} catch (error) {}\n" },
      {
        "src/Cart.java":
          "class Cart {\n  void charge() {\n    try {\n      card.charge();\n    } catch (IOException e) {\n    }\n  }\n}\n",
      },
      {
        "shop/cart.py":
          "def charge(card):\n    try:\n        card.charge()\n    except Exception:\n        pass\n",
      },
      { "src/Cart.php": "<?php\ntry {\n    $card->charge();\n} catch (\\Exception $e) {\n}\n" },
      {
        "src/Cart.cs":
          "class Cart {\n  void Charge() {\n    try { card.Charge(); } catch (Exception e) { }\n  }\n}\n",
      },
      {
        "shop/cart.go":
          "package shop\n\nfunc charge(c Card) {\n\tif err := c.Charge(); err != nil {\n\t}\n}\n",
      },
      { "app/models/cart.rb": "begin\n  card.charge\nrescue StandardError\nend\n" },
    ],
    good: [
      {
        "src/cart.js":
          "try {\n  charge(card);\n} catch (error) {\n  // The card is charged again tomorrow.\n}\n",
      },
      {
        "src/cart.js":
          "try {\n  charge(card);\n} catch {}\ntry {\n  charge(card);\n} catch (error) {\n  log(error);\n}\n",
      },
      { "shop/cart.py": "try:\n    import fast\nexcept ImportError:\n    pass\n" },
      {
        "src/Cart.java":
          "class Cart {\n  void charge() {\n    try {\n      card.charge();\n    } catch (IOException ignored) {\n    }\n  }\n}\n",
      },
    ],
  },
});
