import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeclaredDependency, DependencyScope } from "../../../contracts/ecosystem.ts";
import { detectStack, MAX_EVIDENCE } from "./detect-stack.ts";
import type { ReadManifest, StackInput } from "./stack-input.ts";
import { createTechnologyTable } from "./technologies.ts";
import { readTextEvidence, wantsStackText } from "./text-evidence.ts";

const table = createTechnologyTable();

function uses(
  name: string,
  line: number,
  scope: DependencyScope = "runtime",
  requirement = "^1.0.0",
): DeclaredDependency {
  return { name, requirement, scope, line };
}

function manifest(path: string, ecosystem: string, ...dependencies: DeclaredDependency[]): ReadManifest {
  return { path, ecosystem, facts: { dependencies } };
}

function detect(input: Partial<StackInput>): Record<string, string> {
  const manifests = input.manifests ?? [];
  const paths = [
    ...(input.paths ?? []),
    ...manifests.map(({ path }) => path),
    ...(input.texts?.keys() ?? []),
  ];
  const stack = detectStack({ texts: new Map(), ...input, manifests, paths }, table);
  return Object.fromEntries(
    stack.map(({ name, version, evidence }) => [
      name,
      [version, ...evidence.map(({ path, line }) => `${path}:${line}`)]
        .filter((part) => part !== undefined)
        .join(" "),
    ]),
  );
}

describe("from manifests", () => {
  test("a dependency shows its technology with version and line", () => {
    expect(detect({ manifests: [manifest("package.json", "npm", uses("koa", 7))] })).toMatchObject({
      Koa: "^1.0.0 package.json:7",
      "Node.js": "package.json:1",
      npm: "package.json:1",
    });
  });

  test("the lock file's version is preferred", () => {
    const manifests = [manifest("package.json", "npm", uses("koa", 7))];
    expect(detect({ manifests, lockedVersion: () => "3.0.3" })["Koa"]).toBe("3.0.3 package.json:7");
  });

  test("a client library's version is not the database's, an image's is", () => {
    const client = manifest("package.json", "npm", uses("pg", 3));
    const image = manifest("compose.yml", "docker", uses("postgres", 4, "runtime", "16"));
    expect(detect({ manifests: [client] })["PostgreSQL"]).toBe("package.json:3");
    expect(detect({ manifests: [client, image] })["PostgreSQL"]).toBe("16 package.json:3 compose.yml:4");
  });

  test("a framework to test against is none, a test runner is", () => {
    const found = detect({
      manifests: [
        manifest(
          "package.json",
          "npm",
          uses("pino", 2),
          uses("express", 3, "development"),
          uses("vitest", 4, "development"),
        ),
      ],
    });
    expect(found).not.toHaveProperty("Express");
    expect(found["Vitest"]).toBe("^1.0.0 package.json:4");
  });

  test.each([
    "test/fixtures/app/package.json",
    "examples/app/package.json",
    "vendor/x/package.json",
    "docs/package.json",
    "packages/create-x/template-react/package.json",
  ])("%s does not make the stack", (path) => {
    expect(detect({ manifests: [manifest(path, "npm", uses("react", 5))] })).toEqual({});
  });

  test("documentation and tests show how they are made", () => {
    expect(
      detect({
        manifests: [manifest("docs/requirements.txt", "pypi", uses("Sphinx", 2, "development", ""))],
      }),
    ).toEqual({
      Sphinx: "docs/requirements.txt:2",
    });
  });

  test("JVM package names are no folders", () => {
    expect(detect({ paths: ["src/main/java/org/acme/samples/AndroidManifest.xml"] })).toHaveProperty(
      "Android",
    );
  });

  test("a repository's own packages are not its stack", () => {
    const own = {
      path: "gson/pom.xml",
      ecosystem: "maven",
      facts: { packageName: "com.google.code.gson:gson" },
    };
    const other = manifest("proto/pom.xml", "maven", uses("com.google.code.gson:gson", 4));
    expect(detect({ manifests: [own, other] })).not.toHaveProperty("Gson");
    const fixture = { ...own, path: "test/fixtures/pom.xml" };
    expect(detect({ manifests: [fixture, other] })).toHaveProperty("Gson");
  });

  test("indirect dependencies do not count", () => {
    const indirect = { ...uses("github.com/gin-gonic/gin", 4), indirect: true as const };
    expect(detect({ manifests: [manifest("go.mod", "go", indirect)] })).not.toHaveProperty("Gin");
  });

  test("names are matched as each ecosystem writes them", () => {
    expect(
      detect({
        manifests: [
          manifest("requirements.txt", "pypi", uses("Flask_SQLAlchemy", 1)),
          manifest("go.mod", "go", uses("github.com/labstack/echo/v4", 2)),
          manifest("App.csproj", "nuget", uses("microsoft.aspnetcore.OpenApi", 3)),
          manifest("pom.xml", "maven", uses("org.springframework.boot:spring-boot-starter-web", 4)),
          manifest("Dockerfile", "docker", uses("docker.io/library/redis", 5, "runtime", "7")),
        ],
      }),
    ).toMatchObject({
      SQLAlchemy: "requirements.txt:1",
      Echo: "^1.0.0 go.mod:2",
      "ASP.NET Core": "App.csproj:3",
      "Spring Boot": "^1.0.0 pom.xml:4",
      Redis: "7 Dockerfile:5",
    });
  });
});

describe("from files", () => {
  test.each([
    ["Dockerfile", "Docker"],
    ["deploy/Dockerfile.api", "Docker"],
    [".github/workflows/ci.yml", "GitHub Actions"],
    [".gitlab-ci.yml", "GitLab CI"],
    ["infra/main.tf", "Terraform"],
    ["CMakeLists.txt", "CMake"],
    ["docs/conf.py", "Sphinx"],
    ["tests/conftest.py", "pytest"],
    ["Cargo.toml", "Cargo"],
    [".devcontainer/devcontainer.json", "Dev Containers"],
  ])("%s shows %s", (path, name) => {
    expect(detect({ paths: [path] })).toHaveProperty([name], `${path}:1`);
  });

  test.each([
    "test/fixtures/Dockerfile",
    "doc/Makefile",
    "a/node_modules/x/Makefile",
    "backend/Procfile",
    ".prettierignore",
  ])("%s shows nothing", (path) => {
    expect(detect({ paths: [path] })).toEqual({});
  });

  test("evidence is limited, best first", () => {
    const paths = ["z/Makefile", "Makefile", ...Array.from({ length: 9 }, (_, at) => `lib${at}/Makefile`)];
    const [make] = detectStack({ paths, manifests: [], texts: new Map() }, table);
    expect(make?.evidence).toHaveLength(MAX_EVIDENCE);
    expect(make?.evidence[0]).toEqual({ path: "Makefile", line: 1 });
  });
});

describe("from texts", () => {
  test.each([
    [".nvmrc", "# ours\nv20.11.0\n", { "Node.js": "20.11.0 .nvmrc:2" }],
    [
      ".tool-versions",
      "erlang 26.0\nnodejs 20.1.0\n",
      { Erlang: "26.0 .tool-versions:1", "Node.js": "20.1.0 .tool-versions:2" },
    ],
    ["rust-toolchain.toml", '[toolchain]\nchannel = "1.80"\n', { Rust: "1.80 rust-toolchain.toml:2" }],
    ["global.json", '{\n "sdk": {\n  "version": "8.0.100"\n }\n}', { ".NET": "8.0.100 global.json:3" }],
    [
      "k8s/web.yaml",
      "apiVersion: apps/v1\nkind: Deployment\nspec:\n      - image: nginx:1.27\n",
      { Kubernetes: "k8s/web.yaml:2", nginx: "1.27 k8s/web.yaml:4" },
    ],
    ["infra/main.tf", 'provider "aws" {}\n', { AWS: "infra/main.tf:1" }],
    ["pyproject.toml", "[tool.ruff]\n", { Ruff: "pyproject.toml:1" }],
  ])("%s", (path, text, expected) => {
    expect(wantsStackText(path)).toBe(true);
    expect(detect({ texts: new Map([[path, text]]) })).toMatchObject(expected);
  });

  test("CI alone shows neither a runtime nor a database, but adds versions that are tried", () => {
    const ci = ".github/workflows/ci.yml";
    const texts = new Map([
      [ci, "    strategy:\n      node-version: [18, 20]\n    services:\n        image: postgres:16\n"],
    ]);
    expect(Object.keys(detect({ texts }))).toEqual(["GitHub Actions"]);
    const found = detect({ texts, manifests: [manifest("package.json", "npm", uses("pg", 3))] });
    expect(found["Node.js"]).toBe(`18, 20 package.json:1 ${ci}:2`);
    expect(found["PostgreSQL"]).toBe(`package.json:3 ${ci}:4`);
  });

  test("no text throws and no line lies outside it", () => {
    const path = fc.constantFrom(
      ".nvmrc",
      ".tool-versions",
      "global.json",
      "k8s/a.yml",
      "a.tf",
      ".github/workflows/x.yml",
      "setup.cfg",
    );
    fc.assert(
      fc.property(path, fc.string({ unit: "binary" }), (path, text) => {
        for (const { line } of readTextEvidence(path, text))
          expect(line).toBeLessThanOrEqual(text.split("\n").length);
      }),
    );
  });
});

test("the table holds no row that can never match", () => {
  expect(table.named("PostgreSQL")?.category).toBe("database");
  expect(table.ofDependency("npm", "constructor")).toEqual([]);
  expect(table.ofPath("constructor")).toEqual([]);
});
