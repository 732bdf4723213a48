import { defineRule } from "../../contracts/review-rule.ts";
import { namesSecret, looksLikeSecret } from "./shared/credential.ts";
import { ecmascript } from "./shared/ecmascript.ts";

export default defineRule({
  id: "hardcoded-credential",
  kind: "syntax",
  title: "Credential in the code",
  severity: "error",
  category: "secret",
  confidence: "medium",
  message: "A credential is written into the code.",
  why: "Everybody who reads the repository, now or later, can use it; taking it out again does not take it back.",
  docs: "Finds literals that are assigned to names such as `password`, `secret`, `apiKey` or `accessToken` and look like chance rather than like words. Placeholders and documented examples are left alone, and so are tests and examples. Take it from the environment, and change the credential: it is in the history.",
  queries: [
    {
      languages: ecmascript,
      query: `
        (variable_declarator name: (identifier) @name value: (string) @value) @finding
        (pair key: [(property_identifier) (string)] @name value: (string) @value) @finding
        (assignment_expression left: [(identifier) @name (member_expression property: (property_identifier) @name)] right: (string) @value) @finding`,
    },
    {
      languages: ["python"],
      query: `
        (assignment left: [(identifier) @name (attribute attribute: (identifier) @name)] right: (string) @value) @finding
        (keyword_argument name: (identifier) @name value: (string) @value) @finding
        (pair key: (string) @name value: (string) @value) @finding`,
    },
    {
      languages: ["go"],
      query: `
        (short_var_declaration left: (expression_list . (identifier) @name .) right: (expression_list . [(interpreted_string_literal) (raw_string_literal)] @value .)) @finding
        (const_spec name: (identifier) @name value: (expression_list . (interpreted_string_literal) @value)) @finding
        (var_spec name: (identifier) @name value: (expression_list . (interpreted_string_literal) @value)) @finding
        (keyed_element key: (literal_element (identifier) @name) value: (literal_element (interpreted_string_literal) @value)) @finding`,
    },
    {
      languages: ["java"],
      query: "(variable_declarator name: (identifier) @name value: (string_literal) @value) @finding",
    },
    {
      languages: ["csharp"],
      query: "(variable_declarator name: (identifier) @name (string_literal) @value) @finding",
    },
    {
      languages: ["ruby"],
      query: `
        (assignment left: [(identifier) (constant) (instance_variable)] @name right: (string) @value) @finding
        (pair key: (hash_key_symbol) @name value: (string) @value) @finding`,
    },
    {
      languages: ["php"],
      query: `
        (assignment_expression left: (variable_name) @name right: [(string) (encapsed_string)] @value) @finding
        (array_element_initializer (string) @name (string) @value) @finding
        (const_element (name) @name (string) @value) @finding`,
    },
    {
      languages: ["rust"],
      query: `
        (let_declaration pattern: (identifier) @name value: (string_literal) @value) @finding
        (const_item name: (identifier) @name value: (string_literal) @value) @finding`,
    },
    {
      languages: ["bash"],
      query:
        "(variable_assignment name: (variable_name) @name value: [(word) (string) (raw_string)] @value) @finding",
    },
  ],
  check({ capture }) {
    const name = capture("name")!.text.replace(/^["'$@:]+|["']$/g, "");
    if (!namesSecret(name)) return null;
    const value = capture("value")!.text.replace(/^[a-zA-Z]{0,2}["'`]+|["'`]+$/g, "");
    if (!looksLikeSecret(value)) return null;
    return { message: `A credential is written into the code as \`${name.slice(0, 60)}\`.` };
  },
  examples: {
    bad: [
      { "src/mail.js": "const password = 'k8Vq-2zRw91mXe';\n" },
      { "src/mail.ts": "export const options = { apiKey: 'a91kzP0qV7mw3Rt8yB5n' };\n" },
      { "shop/mail.py": "SMTP_PASSWORD = 'k8Vq-2zRw91mXe'\n" },
      { "shop/mail.go": 'package shop\n\nconst clientSecret = "k8Vq2zRw91mXeT4"\n' },
      { "src/Mail.java": 'class Mail {\n  private String dbPassword = "k8Vq-2zRw91mXe";\n}\n' },
      { "lib/mail.rb": "options = { password: 'k8Vq-2zRw91mXe' }\n" },
      { "src/mail.php": "<?php\n$password = 'k8Vq-2zRw91mXe';\n" },
      { "src/mail.rs": 'const API_KEY: &str = "k8Vq2zRw91mXeT4";\n' },
      { "deploy.sh": "DB_PASSWORD='k8Vq-2zRw91mXe'\n" },
    ],
    good: [
      {
        "src/mail.js":
          "const password = environment.PASSWORD;\nconst apiKey = 'your-api-key';\nconst passwordField = 'k8Vq-2zRw91mXe';\nconst secret = 'changeme1';\n",
      },
      {
        "src/mail.js":
          "const messages = { password: 'Password must have 8 characters', secret: 'settings.secret2' };\n",
      },
      { "test/mail.test.js": "const password = 'k8Vq-2zRw91mXe';\n" },
      { "deploy.sh": 'DB_PASSWORD="$1"\nAPI_KEY=$(cat key)\n' },
    ],
  },
});
