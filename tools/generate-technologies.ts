// Technologies known by their dependencies and file names, taken from @specfy/stack-analyser (MIT, © Specfy).
// Only data is copied, into a committed JSON file, so that nothing of it is needed at run time.
import { readFile } from "node:fs/promises";

interface SourceRule {
  readonly tech: string;
  readonly name: string;
  readonly type: string;
  readonly files?: readonly string[] | RegExp;
  readonly matchFullPath?: boolean;
  readonly dependencies?: readonly { readonly type: string; readonly name: string | RegExp }[];
}

/** Their types in our categories; a type that is missing here is left out (languages, icon sets, crm …). */
const CATEGORIES: Readonly<Record<string, string>> = {
  ai: "ai",
  analytics: "service",
  app: "service",
  auth: "service",
  automation: "service",
  builder: "build",
  ci: "ci",
  cms: "framework",
  cloud: "cloud",
  communication: "service",
  db: "database",
  etl: "service",
  framework: "framework",
  hosting: "cloud",
  iac: "infrastructure",
  linter: "lint",
  messaging: "queue",
  monitoring: "monitoring",
  network: "service",
  notification: "service",
  orm: "orm",
  package_manager: "package-manager",
  payment: "service",
  queue: "queue",
  saas: "service",
  security: "security",
  ssg: "documentation",
  storage: "service",
  test: "test",
  tool: "library",
  ui: "library",
  ui_framework: "framework",
  validation: "library",
};

const ECOSYSTEMS: Readonly<Record<string, string>> = {
  npm: "npm",
  python: "pypi",
  golang: "go",
  php: "composer",
  ruby: "bundler",
  rust: "cargo",
  docker: "docker",
  githubAction: "actions",
};

/**
 * Left out: what our own rules say better (runtimes, Docker, version files) and what names a platform rather than a
 * part of the software (GitHub because there is a `.github` folder, Slack because a chat notice is sent).
 */
const LEFT_OUT = new Set(
  "github github.pages github.actions gitlab docker nvm goenv phpenv rubyenv asdf nuget npm bunsh deno google facebook microsoft apple atlassian jsonschema mcp wikipedia wolframalpha twitter reddit youtube google.pay whatsapp telegram slack discord zoom".split(
    " ",
  ),
);

/** Names as their owners write them. */
const NAMES: Readonly<Record<string, string>> = {
  "Amplitude Analytics": "Amplitude",
  AzureCI: "Azure Pipelines",
  Betterauth: "Better Auth",
  "Biome JS": "Biome",
  CirrusCI: "Cirrus CI",
  CypressCI: "Cypress",
  Deepseek: "DeepSeek",
  DroneCI: "Drone",
  Ember: "Ember.js",
  Eslint: "ESLint",
  Flyio: "Fly.io",
  GCP: "Google Cloud",
  "Gemini AI": "Google Gemini",
  "Gitlab CI": "GitLab CI",
  "GolangCI Lint": "golangci-lint",
  HTTPD: "Apache HTTP Server",
  MilvusDB: "Milvus",
  Mysql: "MySQL",
  Nginx: "nginx",
  NX: "Nx",
  "Nuxt.js": "Nuxt",
  OxLint: "Oxlint",
  Openai: "OpenAI",
  Paypal: "PayPal",
  Postgres: "PostgreSQL",
  "Read The Docs": "Read the Docs",
  RedwoodJs: "RedwoodJS",
  Rubocop: "RuboCop",
  Tailwind: "Tailwind CSS",
  TravisCI: "Travis CI",
  Wordpress: "WordPress",
  "X AI": "xAI",
  pipenv: "Pipenv",
};

const OUTPUT = "src/core/repository/stack/technologies.generated.json";

/** The content of the committed table: one `[name, category, {ecosystem: names}, file names]` per technology. */
export async function generateTechnologies(): Promise<{ readonly path: string; readonly content: string }[]> {
  const analyser = new URL(import.meta.resolve("@specfy/stack-analyser"));
  await import(new URL("autoload.js", analyser).href);
  const { rawList } = (await import(new URL("loader.js", analyser).href)) as {
    readonly rawList: readonly { readonly ref: SourceRule }[];
  };
  const { version } = JSON.parse(await readFile(new URL("../package.json", analyser), "utf8")) as {
    version: string;
  };
  const rules = new Map<string, SourceRule>(rawList.map(({ ref }) => [ref.tech, ref]));
  const rows = [...rules.values()].flatMap((rule) => toRow(rule));
  rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const lines = rows.map((row) => JSON.stringify(row)).join(",\n");
  const origin = `@specfy/stack-analyser ${version}, MIT License, Copyright (c) 2023 Specfy`;
  return [{ path: OUTPUT, content: `{"origin":${JSON.stringify(origin)},"technologies":[\n${lines}\n]}\n` }];
}

type Row = readonly [string, string, Readonly<Record<string, readonly string[]>>, readonly string[]];

function toRow(rule: SourceRule): Row[] {
  const category = CATEGORIES[rule.type];
  if (category === undefined || LEFT_OUT.has(rule.tech)) return [];
  const dependencies: Record<string, string[]> = {};
  for (const { type, name } of rule.dependencies ?? []) {
    const ecosystem = ECOSYSTEMS[type];
    const pattern = typeof name === "string" ? name : toPattern(name);
    if (ecosystem === undefined || pattern === undefined) continue;
    const names = (dependencies[ecosystem] ??= []);
    if (!names.includes(pattern)) names.push(pattern);
  }
  // Patterns over whole paths are few; our own rules have them.
  const files = Array.isArray(rule.files)
    ? (rule.files as readonly string[]).filter((name) => name.includes(".") && !name.endsWith("ignore"))
    : [];
  if (Object.keys(dependencies).length === 0 && files.length === 0) return [];
  return [[NAMES[rule.name] ?? rule.name, category, dependencies, files]];
}

/** `/^@scope\//` → `@scope/*`, `/redis/` → `redis`; anything cleverer is dropped. */
function toPattern(name: RegExp): string | undefined {
  const source = name.source.replaceAll("\\\\/", "\\/").replaceAll("\\/", "/").replaceAll("\\.", ".");
  const scope = /^\^([@\w./-]+\/)$/.exec(source);
  if (scope !== null) return `${scope[1] ?? ""}*`;
  return /^[\w./-]+$/.test(source) ? source : undefined;
}
