import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** `npm run new -- <kind> <id>`: the first draft of one more thing of a kind that comes in a series. */
interface Draft {
  readonly path: string;
  readonly content: string;
}

const kinds: Readonly<Record<string, (id: string) => readonly Draft[]>> = {
  language: (id) => [
    {
      path: `src/extensions/languages/${id}.ts`,
      content: `import { defineLanguage } from "../../contracts/language.ts";

export default defineLanguage({
  id: ${JSON.stringify(id)},
  languages: [],
  grammar: "@vscode/tree-sitter-wasm/wasm/tree-sitter-${id}.wasm",
  symbols: "",
  environment: [],
});
`,
    },
  ],
  ecosystem: (id) => [
    {
      path: `src/extensions/ecosystems/${id}.ts`,
      content: `import { defineEcosystem } from "../../contracts/ecosystem.ts";

export default defineEcosystem({
  id: ${JSON.stringify(id)},
  title: ${JSON.stringify(id)},
  isManifest: () => false,
  parseManifest: () => ({}),
  isLockFile: () => false,
  parseLockFile: () => new Map(),
});
`,
    },
  ],
  provider: (id) => [
    {
      path: `src/extensions/llm/${id}.ts`,
      content: `import { defineProvider } from "../../contracts/llm-provider.ts";

export default defineProvider({
  id: ${JSON.stringify(id)},
  title: ${JSON.stringify(id)},
  keyNames: ["${id.replaceAll("-", "_").toUpperCase()}_API_KEY"],
  needsKey: true,
  keyHelp: "",
  defaultAddress: null,
  async createModel(name, { apiKey, baseUrl, fetch }) {
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    return createOpenAICompatible({ name: ${JSON.stringify(id)}, apiKey, baseURL: baseUrl, fetch }).chatModel(name);
  },
  probe: (name, { apiKey, baseUrl, fetch }, signal) =>
    fetch(\`\${baseUrl}/models/\${encodeURIComponent(name)}\`, {
      headers: { authorization: \`Bearer \${apiKey}\` },
      signal,
    }),
});
`,
    },
  ],
  rule: (id) => [
    {
      path: `src/extensions/rules/${id}.ts`,
      content: `import { defineRule } from "../../contracts/review-rule.ts";

export default defineRule({
  id: ${JSON.stringify(id)},
  kind: "syntax",
  title: "",
  severity: "warning",
  category: "bug",
  confidence: "high",
  message: "",
  why: "",
  docs: "",
  queries: [{ languages: ["javascript", "typescript", "tsx"], query: "(debugger_statement) @finding" }],
  examples: {
    bad: [{ "src/app.js": "" }],
    good: [{ "src/app.js": "" }],
  },
});
`,
    },
  ],
  route: (id) => {
    const [feature, name] = id.split("/");
    return [
      {
        path: `src/features/${feature}/${name ?? feature}.route.ts`,
        content: `import { z } from "zod";
import { defineRoute } from "../../contracts/route.ts";

export default defineRoute({
  method: "GET",
  path: "/v1/${name ?? feature}",
  summary: "",
  tag: ${JSON.stringify(feature)},
  access: "member",
  status: 200,
  response: z.object({}),
  async handle({ services }) {
    return { body: {} };
  },
});
`,
      },
    ];
  },
  job: (id) => {
    const [feature, name] = id.split("/");
    return [
      {
        path: `src/features/${feature}/${name ?? feature}.job.ts`,
        content: `import { z } from "zod";
import { defineJob } from "../../contracts/job.ts";

export default defineJob({
  kind: ${JSON.stringify(name ?? feature)},
  summary: "",
  needsSource: true,
  options: z.strictObject({}).prefault({}),
  attempts: 3,
  backoff: { firstMs: 2_000, mostMs: 60_000 },
  timeoutMs: 10 * 60_000,
  concurrency: 1,
  priority: 0,
  dedupeKey: (request, options) => JSON.stringify([request.source, request.rev, options]),
  async run(context, options) {
    return null;
  },
});
`,
      },
    ];
  },
  command: (id) => {
    const [feature, name] = id.split("/");
    return [
      {
        path: `src/features/${feature}/${name ?? feature}.command.ts`,
        content: `import { defineCommand } from "../../contracts/command.ts";

export default defineCommand({
  name: ${JSON.stringify((name ?? feature ?? "").replaceAll("-", " "))},
  summary: "",
  positionals: [],
  options: { json: { type: "boolean", description: "Print one JSON object" } },
  examples: [],
  async run({ terminal }) {
    terminal.write("\\n");
    return 0;
  },
});
`,
      },
    ];
  },
};

const [kind, id] = process.argv.slice(2);
const draft = kind === undefined ? undefined : kinds[kind];
if (!draft || id === undefined || !/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/.test(id)) {
  process.stderr.write(
    `Usage: npm run new -- <${Object.keys(kinds).join("|")}> <id>   (a command, route or job: <feature>/<name>)\n`,
  );
  process.exitCode = 2;
} else {
  const root = fileURLToPath(new URL("..", import.meta.url));
  for (const { path, content } of draft(id)) {
    if (existsSync(join(root, path))) {
      process.stderr.write(`${path} exists already.\n`);
      process.exitCode = 1;
      continue;
    }
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    process.stdout.write(
      `wrote ${path}; fill it in, add its fixtures, then run \`npm run generate\` and \`npm test\`.\n`,
    );
  }
}
