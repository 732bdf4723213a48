import { defineRule } from "../../contracts/review-rule.ts";
import { addedLineOf } from "./shared/added-line.ts";
import { anyOrigin, mirrorsOrigin, sendsCredentials } from "./shared/cors.ts";
import { ecmascript } from "./shared/ecmascript.ts";
import { isDeveloperScript, isLocalSettings } from "./shared/paths.ts";
import { closest, dependsOnEnvironment } from "./shared/nodes.ts";
import { textAround } from "./shared/requested.ts";

export default defineRule({
  id: "permissive-cors",
  kind: "syntax",
  title: "Every origin is let in with credentials",
  severity: "warning",
  category: "security",
  confidence: "high",
  message: "Every origin is let in together with the visitor's cookies.",
  why: "Any page that a visitor opens can ask here in the visitor's name and read the answer. Where the answer says `*`, browsers refuse it altogether.",
  docs: "Finds CORS settings that allow credentials and every origin at once: express's and fastify's cors, Flask-CORS, Starlette, Django, gin, rs/cors, Spring, ASP.NET and Rack::Cors. Also the two headers written by hand in one function, where the origin is `*` or the request's own and nothing is asked about it. Origins that are computed are left alone. Name the origins, or do without credentials.",
  queries: [
    {
      languages: ecmascript,
      query: `((object (pair key: [(property_identifier) (string)] @credentials value: (true))) @finding (#match? @credentials "^.?credentials.?$"))`,
    },
    {
      languages: ["python"],
      query: `
        ((call arguments: (argument_list (keyword_argument name: (identifier) @credentials value: (true)))) @finding (#any-of? @credentials "supports_credentials" "allow_credentials"))
        ((assignment left: (identifier) @setting right: (true)) @finding (#any-of? @setting "CORS_ALLOW_CREDENTIALS" "CORS_ALLOW_ALL_ORIGINS" "CORS_ORIGIN_ALLOW_ALL"))`,
    },
    {
      languages: ["go"],
      query: `((literal_value (keyed_element key: (literal_element (identifier) @credentials) value: (literal_element (true)))) @finding (#eq? @credentials "AllowCredentials"))`,
    },
    {
      languages: ["java"],
      query: `
        ((method_invocation name: (identifier) @credentials arguments: (argument_list (_) @value)) @call @finding (#any-of? @credentials "allowCredentials" "setAllowCredentials") (#match? @value "^(true|Boolean.TRUE)$"))
        ((annotation name: (identifier) @credentials) @finding (#eq? @credentials "CrossOrigin"))`,
    },
    {
      languages: ["csharp"],
      query: `((invocation_expression function: (member_access_expression name: (identifier) @credentials)) @call @finding (#eq? @credentials "AllowCredentials"))`,
    },
    {
      languages: ["ruby"],
      query: `((pair key: (hash_key_symbol) @credentials value: (true)) @call @finding (#eq? @credentials "credentials"))`,
    },
    {
      languages: ["php"],
      query: `((array_creation_expression (array_element_initializer (string) @credentials (boolean))) @finding (#match? @credentials "^.supports_credentials.$"))`,
    },
    ...(
      [
        [[...ecmascript, "python", "ruby"], "(string)"],
        [["go"], "(interpreted_string_literal)"],
        [["java", "csharp"], "(string_literal)"],
        [["php"], "[(string) (encapsed_string)]"],
      ] as const
    ).map(([languages, literal]) => ({
      languages,
      query: `(${literal} @header @finding (#match? @header "^.Access-Control-Allow-Credentials"))`,
    })),
  ],
  check({ node, capture, file, languageId }) {
    if (isDeveloperScript(file.path) || isLocalSettings(file.path) || dependsOnEnvironment(node)) return null;
    if (capture("header") !== undefined)
      return file.isWhole && mirrorsOrigin(textAround(node, file.text ?? "") ?? "") ? {} : null;
    if (capture("setting") !== undefined) {
      const text = file.text ?? "";
      const isBoth =
        /^CORS_ALLOW_CREDENTIALS\s*=\s*True/m.test(text) &&
        /^CORS_(ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)\s*=\s*True/m.test(text);
      return isBoth && node.text.startsWith("CORS_ALLOW_CREDENTIALS") ? {} : null;
    }
    // Settings that are called one after the other stand in one block.
    const around =
      capture("call") === undefined
        ? node
        : closest(node, /^(block|do_block|lambda_expression|method_declaration)$/);
    if (around === null || around.text.length > 4_000) return null;
    const origins = anyOrigin(around.text, languageId);
    if (origins === null || !sendsCredentials.test(around.text)) return null;
    const line = addedLineOf(around, file, [sendsCredentials, origins]);
    return line === null ? null : { line, endLine: line };
  },
  examples: {
    bad: [
      {
        "src/app.js":
          "function allow(req, res) {\n  const { origin } = req.headers;\n  res.setHeader('Access-Control-Allow-Origin', origin);\n  res.setHeader('Access-Control-Allow-Credentials', 'true');\n}\n",
      },
      {
        "src/allow.php":
          "<?php\nheader('Access-Control-Allow-Origin: ' . $_SERVER['HTTP_ORIGIN']);\nheader('Access-Control-Allow-Credentials: true');\n",
      },
      { "src/app.js": "app.use(cors({ origin: true, credentials: true }));\n" },
      {
        "src/app.ts":
          "export const options = {\n  credentials: true,\n  origin: (origin, done) => done(null, true),\n};\n",
      },
      { "shop/app.py": "CORS(app, supports_credentials=True)\n" },
      {
        "shop/app.py": "app.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)\n",
      },
      { "shop/settings.py": "CORS_ALLOW_ALL_ORIGINS = True\nCORS_ALLOW_CREDENTIALS = True\n" },
      {
        "shop/app.go":
          'package shop\n\nvar options = cors.Options{\n\tAllowedOrigins: []string{"*"},\n\tAllowCredentials: true,\n}\n',
      },
      {
        "src/Web.java":
          'class Web {\n  void add(CorsRegistry registry) {\n    registry.addMapping("/**").allowedOriginPatterns("*").allowCredentials(true);\n  }\n}\n',
      },
      {
        "src/Api.java": '@CrossOrigin(originPatterns = "*", allowCredentials = "true")\nclass Api {}\n',
      },
      {
        "src/App.cs":
          "class App {\n  void Use() { app.UseCors(o => o.SetIsOriginAllowed(_ => true).AllowCredentials()); }\n}\n",
      },
      {
        "config/initializers/cors.rb":
          "allow do\n  origins '*'\n  resource '*', headers: :any, credentials: true\nend\n",
      },
    ],
    good: [
      {
        "src/app.js":
          "function allow(req, res) {\n  if (!origins.includes(req.headers.origin)) return;\n  res.setHeader('Access-Control-Allow-Origin', req.headers.origin);\n  res.setHeader('Access-Control-Allow-Credentials', 'true');\n}\n",
      },
      {
        "src/app.js":
          "app.use(cors({ origin: true }));\napp.use(cors({ origin: ['https://shop.io'], credentials: true }));\nfetch('/', { credentials: true });\n",
      },
      { "shop/app.py": "CORS(app, origins=origins, supports_credentials=True)\n" },
      {
        "shop/app.go":
          'package shop\n\nvar options = cors.Options{AllowedOrigins: []string{"https://shop.io"}, AllowCredentials: true}\n',
      },
      {
        "src/App.cs":
          'class App {\n  void Use() { app.UseCors(o => o.WithOrigins("https://shop.io").AllowCredentials()); }\n}\n',
      },
    ],
  },
});
