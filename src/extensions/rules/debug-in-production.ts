import { defineRule } from "../../contracts/review-rule.ts";

/** What shows the insides of a program, by the files in which settings of production stand. */
const settings: readonly (readonly [path: RegExp, line: RegExp])[] = [
  [
    /(^|[/_.-])prod(uction)?\.py$|(^|\/)prod(uction)?\/(settings|config)\.py$/i,
    /^\s*(TEMPLATE_)?DEBUG\s*=\s*True\b/,
  ],
  [/(^|\/)config\/environments\/production\.rb$/, /^\s*config\.consider_all_requests_local\s*=\s*true\b/],
  [/(^|\/)\.env\.prod(uction)?$/, /^\s*(APP_|FLASK_|DJANGO_)?DEBUG\s*=\s*["']?(1|true|True|on)["']?\s*$/],
  [
    /(^|\/)\.env\.prod(uction)?$/,
    /^\s*(APP_ENV|RAILS_ENV|FLASK_ENV|NODE_ENV)\s*=\s*["']?dev(elopment)?["']?\s*$/,
  ],
  [
    /(^|\/)application-prod(uction)?\.(properties|ya?ml)$/,
    /^\s*(server\.error\.)?include-(stacktrace|stack-trace)\s*[=:]\s*["']?always\b|^\s*spring\.h2\.console\.enabled\s*=\s*true|^\s*management\.endpoints\.web\.exposure\.include\s*=\s*\*/,
  ],
  [
    /(^|\/)web\.(release|production)\.config$/i,
    /<customErrors\b[^>]{0,300}\bmode="Off"|<compilation\b[^>]{0,300}\bdebug="true"/,
  ],
];

export default defineRule({
  id: "debug-in-production",
  kind: "file",
  title: "Debugging switched on in production",
  severity: "warning",
  category: "security",
  confidence: "high",
  message: "Production shows what is for developers.",
  why: "Its error pages show code, settings and often secrets to whoever makes it fail.",
  docs: "Finds `DEBUG = True`, `consider_all_requests_local = true`, `APP_DEBUG=true`, `include-stacktrace: always` and their like in files whose name says that they are for production. Other settings are left alone. Ruff looks at `app.run(debug=True)`.",
  roles: ["code", "data"],
  examples: {
    bad: [
      { "shop/settings/production.py": "DEBUG = True\n" },
      { "config/environments/production.rb": "  config.consider_all_requests_local = true\n" },
      { ".env.production": "APP_DEBUG=true\n" },
      { "src/main/resources/application-prod.properties": "server.error.include-stacktrace=always\n" },
    ],
    good: [
      { "shop/settings/production.py": "DEBUG = False\n# DEBUG = True\n" },
      { "shop/settings/dev.py": "DEBUG = True\n" },
      { "shop/product.py": "DEBUG = True\n" },
    ],
  },
  check: (file) =>
    settings
      .filter(([path]) => path.test(file.path))
      .flatMap(([, line]) =>
        file.added.filter((at) => line.test(file.lines[at - 1] ?? "")).map((at) => ({ line: at })),
      ),
});
