import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each layer may import of ours; `ARCHITECTURE.md` says why. Roots may import everything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  base: ["base"],
  contracts: ["base", "contracts", "config"],
  config: ["base", "config"],
  core: ["base", "contracts", "config", "core"],
  extensions: ["base", "contracts"],
  adapters: ["base", "contracts"],
  server: ["base", "contracts", "config", "server"],
  cli: ["base", "contracts", "config", "cli"],
  features: ["base", "contracts", "config", "core"],
};
const programs = new Set(["main.ts", "scan-worker.ts", "database-worker.ts", "job-process.ts"]);
/** Programs and what they are put together by: these know every part, and no part knows them. */
const isRoot = (path: string): boolean => programs.has(path) || path.startsWith("composition/");
/** The outside world has one door each. */
const doors: readonly { readonly what: RegExp; readonly only: RegExp }[] = [
  { what: /^(node:)?child_process$/, only: /^adapters\/exec\// },
  {
    what: /^(node:)?worker_threads$/,
    only: /^(adapters\/(threads|pglite|exec|ast-grep)\/|(scan|database)-worker\.ts$)/,
  },
  {
    what: /^(node:)?(https?|http2|net|tls|dgram)$/,
    only: /^(adapters\/(http|models|network)\/|server\/access\.ts$|core\/repository\/host-policy\.ts$)/,
  },
  { what: /^pg$/, only: /^adapters\/postgres\// },
  { what: /^@ast-grep\//, only: /^adapters\/ast-grep\// },
  { what: /^@astral-sh\//, only: /^adapters\/ruff\// },
  { what: /^@secretlint\//, only: /^adapters\/secretlint\// },
  { what: /^@electric-sql\//, only: /^adapters\/pglite\// },
  { what: /^ioredis$/, only: /^adapters\/(redis|bullmq)\// },
  { what: /^bullmq$/, only: /^adapters\/bullmq\// },
  { what: /^(@?fastify(\/|$|-))/, only: /^server\// },
  { what: /^pino/, only: /^adapters\/pino\// },
  { what: /^prom-client$/, only: /^adapters\/prometheus\// },
  { what: /^@opentelemetry\//, only: /^adapters\/opentelemetry\// },
  // Packages of providers; their types are everybody's who speaks to the gateway.
  { what: /^@ai-sdk\//, only: /^extensions\/llm\// },
  { what: /^@octokit\//, only: /^adapters\/hosts\// },
  { what: /^@pydantic\//, only: /^core\/llm\// },
  { what: /^(node:)?dns(\/promises)?$/, only: /^adapters\/network\// },
  { what: /^(node:)?sqlite$/, only: /^adapters\/sqlite\// },
  { what: /^(@fastify\/.*|fastify.*)$/, only: /^server\// },
  { what: /^(pino|pino-pretty)$/, only: /^adapters\/pino\// },
  { what: /^prom-client$/, only: /^adapters\/prometheus\// },
  { what: /^@opentelemetry\//, only: /^adapters\/opentelemetry\// },
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.includes("/fixtures/"));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const { module, errors } = parseSync(file, readFileSync(join(root, "src", file), "utf8"));
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const still = module.staticImports.map((entry) => ({
    to: entry.moduleRequest.value,
    isType: entry.entries.length > 0 && entry.entries.every((name) => name.isType),
  }));
  const exported = module.staticExports.flatMap((entry) =>
    entry.entries.flatMap((name) =>
      name.moduleRequest ? [{ to: name.moduleRequest.value, isType: name.isType }] : [],
    ),
  );
  const text = readFileSync(join(root, "src", file), "utf8");
  const dynamic = module.dynamicImports.map((entry) => ({
    to: text.slice(entry.moduleRequest.start + 1, entry.moduleRequest.end - 1),
    isType: false,
  }));
  return [...still, ...exported, ...dynamic].map((entry) => ({ from: file, ...entry }));
}

function target(entry: Import): string | null {
  if (!entry.to.startsWith(".")) return null;
  return relative(join(root, "src"), resolve(join(root, "src", dirname(entry.from)), entry.to)).replaceAll(
    "\\",
    "/",
  );
}

/** `features/analyze/x.ts` → `features`; another feature's file names its feature. */
function layerOf(path: string): string {
  return path.split("/")[0]!;
}

test("the guard sees the source", () => {
  expect(files.length).toBeGreaterThan(60);
  expect(imports.length).toBeGreaterThan(200);
  expect(new Set(files.filter((file) => file.includes("/")).map(layerOf))).toEqual(
    new Set([...Object.keys(allowed), "composition"]),
  );
});

test("layers import only what they may", () => {
  const wrong = imports.flatMap((entry) => {
    const to = target(entry);
    if (to === null || isRoot(entry.from)) return [];
    if (to.startsWith("..")) return [`${entry.from} reaches outside src: ${entry.to}`];
    const from = layerOf(entry.from);
    if (isRoot(to)) return [`${entry.from} imports ${to}`];
    if (from === "features" && layerOf(to) === "features") {
      const own = entry.from.split("/")[1];
      return to.split("/")[1] === own || entry.from === "features/registry.generated.ts"
        ? []
        : [`${entry.from} imports another feature: ${to}`];
    }
    if (from === "extensions" && layerOf(to) === "extensions")
      return to.split("/")[1] === entry.from.split("/")[1] ? [] : [`${entry.from} imports ${to}`];
    if (from === "adapters" && layerOf(to) === "adapters")
      return to.split("/")[1] === entry.from.split("/")[1] ? [] : [`${entry.from} imports ${to}`];
    return allowed[from]!.includes(layerOf(to)) ? [] : [`${entry.from} (${from}) imports ${to}`];
  });
  expect(wrong).toEqual([]);
});

test("the outside world is reached through one door each", () => {
  const wrong = imports.flatMap((entry) =>
    doors
      .filter((door) => !entry.isType && door.what.test(entry.to) && !door.only.test(entry.from))
      .map(() => `${entry.from} imports ${entry.to}`),
  );
  expect(wrong).toEqual([]);
});

test("who asks no model loads nothing of it", () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const { module } = parseSync(file, readFileSync(join(root, "src", file), "utf8"));
    for (const entry of [
      ...module.staticImports,
      ...module.staticExports.flatMap(({ entries }) => entries),
    ]) {
      const names = "entries" in entry ? entry.entries : [entry];
      const to = entry.moduleRequest?.value;
      if (to === undefined || (names.length > 0 && names.every((name) => name.isType))) continue;
      const path = target({ from: file, to, isType: false });
      if (path === null) packages.add(to);
      else visit(path);
    }
  };
  for (const program of ["main.ts", "job-process.ts"]) visit(program);
  expect(seen.size).toBeGreaterThan(30);
  expect([...seen].filter((file) => /^((extensions|core)\/llm|adapters\/models)\//.test(file))).toEqual([]);
  expect([...packages].filter((name) => /^@(ai-sdk|pydantic)\//.test(name))).toEqual([]);
});

test("only programs read the environment", () => {
  const readers = files.filter((file) => /\bprocess\.env\b/.test(withoutComments(file)));
  expect(readers.filter((file) => !programs.has(file))).toEqual([]);
  expect(readers).toContain("main.ts");
});

test("registries are handed in, not imported", () => {
  const wrong = imports
    .filter((entry) => entry.to.endsWith("registry.generated.ts") && !isRoot(entry.from))
    .map((entry) => entry.from);
  expect(wrong).toEqual([]);
});

test("there are no drawers and no barrels", () => {
  expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types|index)\.ts$/.test(file))).toEqual(
    [],
  );
});

function withoutComments(file: string): string {
  const text = readFileSync(join(root, "src", file), "utf8");
  const { comments } = parseSync(file, text);
  return comments.reduceRight(
    (rest, comment) =>
      rest.slice(0, comment.start) + " ".repeat(comment.end - comment.start) + rest.slice(comment.end),
    text,
  );
}
