import { defineRule } from "../../contracts/review-rule.ts";

export default defineRule({
  id: "string-identity",
  kind: "syntax",
  title: "Texts compared by identity",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "`==` asks whether it is the same object, not whether it is the same text.",
  why: "A text that was read or put together is another object, so the answer is no where it should be yes.",
  docs: "Finds `==` and `!=` with a string literal in Java. Use `equals`.",
  roles: ["code", "test", "example"],
  // The sides are read in `check`: with patterns for them, compiling the queries takes several times as long.
  queries: [{ languages: ["java"], query: `(binary_expression operator: ["==" "!="]) @finding` }],
  check({ node }) {
    const sides = node.namedChildren.filter(({ type }) => !type.endsWith("comment"));
    if (!sides.some(({ type }) => type === "string_literal")) return null;
    return sides.some(({ type }) => type === "null_literal") ? null : {};
  },
  examples: {
    bad: [
      { "src/Role.java": 'class Role {\n  boolean isAdmin(String role) { return role == "admin"; }\n}\n' },
    ],
    good: [
      {
        "src/Role.java":
          "class Role {\n  boolean isAdmin(String role) { return role != null && \"admin\".equals(role) && role.charAt(0) == 'a'; }\n}\n",
      },
    ],
  },
});
