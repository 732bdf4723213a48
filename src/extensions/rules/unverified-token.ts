import { defineRule } from "../../contracts/review-rule.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { functionName, statementText } from "./shared/nodes.ts";

export default defineRule({
  id: "unverified-token",
  kind: "syntax",
  title: "Token whose signature is not checked",
  severity: "warning",
  category: "security",
  confidence: "medium",
  message: "Tokens that nobody signed are accepted here.",
  why: "Whoever sends one writes into it who they are and what they may do.",
  docs: "Finds JSON Web Tokens that are read without their signature: `verify_signature: False`, `verify=False`, the algorithm `none`, `UnsafeAllowNoneSignatureType`, `RequireSignedTokens = false`, `parseUnsecuredClaims`. Go's `ParseUnverified` is for information, because its name says it. Fine where a client reads its own token to learn when it expires.",
  queries: [
    {
      languages: ecmascript,
      query: `
        ((pair key: (property_identifier) @key value: (array (string) @none)) @finding (#eq? @key "algorithms") (#match? @none "^.[nN]one.$"))
        ((pair key: (property_identifier) @key value: (string) @none) @finding (#any-of? @key "algorithm" "alg") (#match? @none "^.none.$"))`,
    },
    {
      languages: ["python"],
      query: `
        ((keyword_argument name: (identifier) @key value: [(list (string) @none) (string) @none]) @finding (#any-of? @key "algorithms" "algorithm") (#match? @none "^.[nN]one.$"))
        ((pair key: (string) @key value: (false)) @finding (#match? @key "^.verify_signature.$"))
        ((keyword_argument name: (identifier) @key value: (false)) @finding (#eq? @key "verify_signature"))
        ((call function: (attribute object: (identifier) @object attribute: (identifier) @called) arguments: (argument_list (keyword_argument name: (identifier) @key value: (false)) @finding)) (#match? @object "jwt$") (#eq? @called "decode") (#eq? @key "verify"))
        ((call function: (attribute attribute: (identifier) @named)) @finding (#any-of? @named "get_unverified_claims"))`,
    },
    {
      languages: ["go"],
      query: `
        ((selector_expression field: (field_identifier) @key) @finding (#eq? @key "UnsafeAllowNoneSignatureType"))
        ((call_expression function: (selector_expression field: (field_identifier) @named)) @finding (#eq? @named "ParseUnverified"))`,
    },
    {
      languages: ["ruby"],
      query: `
        ((call receiver: (constant) @object method: (identifier) @called arguments: (argument_list (string) @key .)) @finding (#eq? @object "JWT") (#eq? @called "encode") (#match? @key "^.none.$"))
        ((call receiver: (constant) @object method: (identifier) @called arguments: (argument_list . (_) . (_) . (false))) @finding (#eq? @object "JWT") (#eq? @called "decode"))`,
    },
    {
      languages: ["java"],
      query: `
        ((method_invocation name: (identifier) @key) @finding (#any-of? @key "parseUnsecuredClaims" "parseUnsecuredContent" "parseClaimsJwt"))
        ((method_invocation object: (identifier) @object name: (identifier) @key arguments: (argument_list . ")")) @finding (#eq? @object "Algorithm") (#eq? @key "none"))`,
    },
    {
      languages: ["csharp"],
      query: `((assignment_expression left: (_) @key right: (boolean_literal) @value) @finding (#match? @key "(^|[.])RequireSignedTokens$") (#eq? @value "false"))`,
    },
  ],
  check({ node, capture, languageId }) {
    if (capture("named") !== undefined)
      return {
        severity: "info",
        message: "The token is read before anybody knows who wrote it.",
        why: "What it says is worth nothing until its signature was checked.",
      };
    const name = functionName(node);
    const around = statementText(node);
    if (
      capture("none") !== undefined &&
      !/jwt|jws|jose|token|sign|verif|decode|claims/i.test(`${around} ${name}`)
    )
      return null;
    // Reads when a token of its own ends, whose it says it is, or which key to check it with.
    if (
      languageId !== "go" &&
      (/unverified|unsafe|peek|insecure|expir|issuer|key_?id|^(?:is|has)_/i.test(name) ||
        /unverified|expir|\[['"](?:exp|kid|iat|iss)['"]\]|\.exp\b/i.test(around))
    )
      return { severity: "info", confidence: "low" };
    return {};
  },
  examples: {
    bad: [
      {
        "src/token.js": "export const read = (token) => jwt.verify(token, null, { algorithms: ['none'] });\n",
      },
      {
        "shop/token.py":
          "def read(token):\n    return jwt.decode(token, options={'verify_signature': False})\n",
      },
      { "shop/token.py": "claims = jwt.decode(token, verify=False)\n" },
      { "shop/token.py": "claims = jwt.decode(token, key, algorithms=['HS256', 'none'])\n" },
      {
        "shop/token.go":
          "package shop\n\nfunc key(token *jwt.Token) (any, error) {\n\treturn jwt.UnsafeAllowNoneSignatureType, nil\n}\n",
      },
      { "lib/token.rb": "claims = JWT.decode(token, nil, false)\n" },
      {
        "src/Token.java":
          "class Token {\n  Claims read(String text) { return parser.parseUnsecuredClaims(text).getPayload(); }\n}\n",
      },
      {
        "src/Token.cs": "class Token {\n  void Read() { parameters.RequireSignedTokens = false; }\n}\n",
      },
    ],
    good: [
      {
        "src/token.js":
          "jwt.verify(token, key, { algorithms: ['RS256'] });\nlist({ display: 'none', algorithm: 'none' });\n",
      },
      { "shop/token.py": "claims = jwt.decode(token, key, algorithms=['HS256'])\n" },
      { "lib/token.rb": "claims = JWT.decode(token, key, true, algorithm: 'HS256')\n" },
    ],
  },
});
