import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { hasComment } from "./shared/nodes.ts";

/** Nothing is left to do when these fail. */
const harmless =
  /\b(close|destroy|dispose|abort|kill|shutdown|disconnect|unlink\w*|rm|remove\w*|delete\w*|cancel|stop|quit|end|prefetch|preload|play|warm\w*|ping|releaseLock)\([^()]*\)$/;

export default defineRule({
  id: "swallowed-promise",
  kind: "syntax",
  title: "Rejections that are dropped",
  severity: "info",
  category: "bug",
  confidence: "medium",
  message: "A rejection is dropped without a word.",
  why: "When what it stands for fails, nobody learns of it.",
  docs: "Finds `.catch(() => {})` without a comment, except after closing and deleting. It is often meant so, therefore it is for information. Log the error, or say why it does not matter.",
  queries: [
    {
      languages: ecmascript,
      query: `((call_expression function: (member_expression object: (_) @before property: (property_identifier) @name)
        arguments: (arguments . [(arrow_function body: (statement_block . "{" . "}")) (function_expression body: (statement_block . "{" . "}"))] @handler .)) @finding (#eq? @name "catch"))`,
    },
  ],
  check({ capture, node, file }) {
    if (hasComment(capture("handler")!) || harmless.test(capture("before")!.text.slice(-200))) return null;
    const handler = capture("handler")!;
    const line = handler.startPosition.row + 1;
    const near = file.lines.slice(Math.max(0, node.startPosition.row - 1), handler.endPosition.row + 1);
    if (near.some((text) => /(^|\s)(\/\/|\/\*|\*)\s*\w/.test(text))) return null;
    return { line, endLine: handler.endPosition.row + 1 };
  },
  examples: {
    bad: [{ "src/cart.js": "save(cart).catch(() => {});\n" }],
    good: [
      {
        "src/cart.js":
          "save(cart).catch(() => {\n  // Saved again with the next change.\n});\nfile.close().catch(() => {});\nsave(cart).catch((error) => log(error));\n",
      },
    ],
  },
});
