import { defineRule, type SyntaxNode } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { closest, functionType } from "./shared/nodes.ts";

/** Whether the file declares an async function of that name, and nothing else of it. */
function isAsyncHere(text: string, name: string, isMethod: boolean): boolean {
  const declared = isMethod
    ? new RegExp(`^[ \\t]*(?:(?:public|private|protected|static|override)\\s+)*async\\s+${name}\\s*[(<]`, "m")
    : new RegExp(
        `^[ \\t]*(?:export\\s+)?(?:default\\s+)?async\\s+(?:function\\s+|def\\s+)${name}\\s*[(<]|^[ \\t]*(?:export\\s+)?const\\s+${name}\\s*=\\s*async\\b`,
        "m",
      );
  if (!declared.test(text)) return false;
  const others = new RegExp(
    isMethod
      ? `^[ \\t]*(?:(?:public|private|protected|static|override)\\s+)*${name}\\s*\\([^()]{0,300}\\)[^;{}]{0,200}\\{|^[ \\t]*(?:this\\.)?${name}\\s*=`
      : `\\b(?:let|var)\\s+${name}\\b|(?<!async )\\bfunction\\s+${name}\\b|[(,]\\s*${name}\\s*[,):=]\\s*(?:=>|\\{)|\\{[^{}\\n]{0,200}\\b${name}\\b[^{}\\n]{0,200}\\}\\s*[:=]|^[ \\t]*def\\s+${name}\\b`,
    "m",
  );
  return !others.test(text);
}

function isInAsync(node: SyntaxNode): boolean {
  const around = closest(node, functionType);
  return around !== null && /^[\s\w@.()]*?\basync\b/.test(around.text.slice(0, 120).split(/[({]/, 1)[0]!);
}

/** Started on purpose: somebody else waits, or nobody does and says so. */
const isDeliberate =
  /\bvoid\b|\b(fire and forget|background|no await|not awaited|don'?t (a)?wait|intentional|floating)/i;

export default defineRule({
  id: "missing-await",
  kind: "syntax",
  title: "Missing await",
  severity: "warning",
  category: "bug",
  confidence: "medium",
  message: "The result of an async function is not awaited.",
  why: "What comes next does not wait for it, and its errors reach nobody.",
  docs: "Finds calls of async functions declared in the same file that stand alone as a statement inside an async function, and in JavaScript those that a `try` with a `catch` returns without waiting, so that the `catch` never sees their errors; also conditions that are a promise, and `forEach` with an async function inside an async function. Write `await`, or `void` and a word about why nobody waits.",
  queries: [
    {
      languages: ecmascript,
      query: `
        (expression_statement (call_expression function: [(identifier) @name (member_expression object: (this) property: (property_identifier) @method)])) @finding
        (try_statement body: (statement_block (return_statement (call_expression function: [(identifier) @name (member_expression object: (this) property: (property_identifier) @method)])) @finding) handler: (catch_clause) @catch)
        (if_statement condition: (parenthesized_expression [
          (call_expression function: [(identifier) @name (member_expression object: (this) property: (property_identifier) @method)])
          (unary_expression operator: "!" argument: (call_expression function: [(identifier) @name (member_expression object: (this) property: (property_identifier) @method)]))
        ]) @condition @finding)
        ((expression_statement (call_expression function: (member_expression property: (property_identifier) @each) arguments: (arguments . (arrow_function "async")))) @finding (#eq? @each "forEach"))`,
    },
    {
      languages: ["python"],
      query: `(expression_statement (call function: [(identifier) @name (attribute object: (identifier) @self attribute: (identifier) @method)])) @finding`,
    },
  ],
  check({ node, capture, file, languageId }) {
    if (capture("each") !== undefined)
      return isInAsync(node) ? { message: "`forEach` does not wait for an async function." } : null;
    const method = capture("method");
    const name = (method ?? capture("name"))!.text;
    if (!/^[A-Za-z_]\w*$/.test(name) || (capture("self") !== undefined && capture("self")!.text !== "self"))
      return null;
    const text = file.text ?? "";
    const isCondition = capture("condition") !== undefined;
    if (!file.isWhole || !(isCondition || isInAsync(node)) || !isAsyncHere(text, name, method !== undefined))
      return null;
    if (isCondition)
      return {
        message: `\`${name}\` is async, so this is always ${node.text.startsWith("(!") ? "false" : "true"}.`,
        why: "What is asked is whether there is a promise, and there always is one.",
      };
    const line = node.startPosition.row;
    if (
      file.lines
        .slice(Math.max(0, line - 2), node.endPosition.row + 1)
        .some((near) => isDeliberate.test(near))
    )
      return null;
    // Others wait for what the call keeps; and what is started last holds nothing up.
    if (
      file.lines
        .slice(node.endPosition.row + 1, node.endPosition.row + 3)
        .some((next) => /await .*promise/i.test(next))
    )
      return null;
    if (capture("catch") !== undefined)
      return {
        message: `\`${name}\` is returned without \`await\`, so this \`catch\` never sees its errors.`,
      };
    const message = `\`${name}\` is async, and nothing waits for it.`;
    return node.nextNamedSibling === null && languageId !== "python"
      ? { severity: "info", message }
      : { message };
  },
  examples: {
    bad: [
      {
        "src/cart.ts":
          "async function isPaid(id: string): Promise<boolean> {\n  return (await find(id)).ok;\n}\nexport async function close(id: string) {\n  if (!isPaid(id)) throw new Error('unpaid');\n}\n",
      },
      {
        "src/mails.ts":
          "export async function send(list: string[]) {\n  list.forEach(async (to) => {\n    await mail(to);\n  });\n  return list.length;\n}\n",
      },
      {
        "src/cart.js":
          "async function save(cart) {\n  await store(cart);\n}\n\nasync function close(cart) {\n  save(cart);\n  cart.isOpen = false;\n}\n",
      },
      {
        "src/cart.ts":
          "class Cart {\n  async save() {\n    await store(this);\n  }\n\n  async close() {\n    this.save();\n  }\n}\n",
      },
      {
        "src/cart.js":
          "async function save(cart) {\n  await store(cart);\n}\n\nasync function close(cart) {\n  try {\n    return save(cart);\n  } catch (error) {\n    return null;\n  }\n}\n",
      },
      {
        "shop/cart.py":
          "async def save(cart):\n    await store(cart)\n\nasync def close(cart):\n    save(cart)\n",
      },
    ],
    good: [
      {
        "src/cart.js":
          "async function save(cart) {\n  await store(cart);\n}\n\nasync function close(cart) {\n  await save(cart);\n  void save(cart);\n}\n\nsave(cart);\n",
      },
      {
        "src/cart.js":
          "function save(cart) {\n  store(cart);\n}\n\nasync function close(cart) {\n  save(cart);\n}\n",
      },
      {
        "src/cart.js":
          "async function save(cart) {\n  await store(cart);\n}\n\nasync function close(cart) {\n  try {\n    return await save(cart);\n  } catch (error) {\n    return null;\n  }\n}\n",
      },
    ],
  },
});
