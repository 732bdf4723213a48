import type { SyntaxNode } from "../../../contracts/review-rule.ts";

/** How far up anything is looked for: hostile code may be nested thousands deep. */
const maxClimb = 60;

/** The nearest node around this one whose type matches. */
export function closest(node: SyntaxNode, type: RegExp): SyntaxNode | null {
  let at = node.parent;
  for (let step = 0; at !== null && step < maxClimb; step++, at = at.parent)
    if (type.test(at.type)) return at;
  return null;
}

export const functionType =
  /^(function|arrow_function|function_expression|generator_function|func_literal|lambda|lambda_expression|closure_expression|anonymous_function|method|singleton_method|constructor)$|(function|method|constructor)(_declaration|_definition|_item)$|^(local_function_statement|generator_function_declaration)$/;

const highestCondition = 6;

/** Whether a condition around a node asks where the program runs, or what its developer chose. */
export function dependsOnEnvironment(node: SyntaxNode): boolean {
  let at: SyntaxNode | null = node;
  for (let step = 0; step < highestCondition; step++) {
    at = closest(
      at,
      /^(if_statement|if|if_modifier|unless|conditional_expression|ternary_expression|conditional|else_clause|elif_clause)$/,
    );
    if (at === null) return false;
    if (
      /prod|\bdev|NODE_ENV|debug|local|test|staging|environment/i.test(at.text.slice(0, 200).split("\n")[0]!)
    )
      return true;
  }
  return false;
}

/** The text of the statement or declaration that a node is part of, at most as long as anybody reads. */
export function statementText(node: SyntaxNode): string {
  return (
    closest(node, /statement$|declaration$|^assignment$|^let_declaration$|^pair$|^field_definition$/) ?? node
  ).text.slice(0, 2_000);
}

/** Name of the innermost function around the node; empty without one. */
export function functionName(node: SyntaxNode): string {
  const around = closest(node, functionType);
  if (around === null) return "";
  const own = around.childForFieldName("name") ?? around.parent?.childForFieldName("name");
  return own?.text.slice(0, 200) ?? "";
}

/** A comment inside the node, or at the end of the line before it or of its own first line. */
export function hasComment(node: SyntaxNode): boolean {
  return node.namedChildren.some(
    (child) => /comment/.test(child.type) || (/block|body|statement/.test(child.type) && hasComment(child)),
  );
}
