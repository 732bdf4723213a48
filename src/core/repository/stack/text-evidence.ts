import type { StackCategory } from "./technologies.ts";

/** Something a small configuration file says about the stack. */
export interface TextEvidence {
  readonly name: string;
  readonly category?: StackCategory;
  readonly version?: string;
  readonly line: number;
}

const VERSION_FILES: Readonly<Record<string, string>> = {
  ".nvmrc": "Node.js",
  ".node-version": "Node.js",
  ".python-version": "Python",
  ".ruby-version": "Ruby",
  ".java-version": "Java",
  ".go-version": "Go",
  ".php-version": "PHP",
  ".swift-version": "Swift",
  "rust-toolchain": "Rust",
};
const TOOLS: Readonly<Record<string, string>> = {
  nodejs: "Node.js",
  node: "Node.js",
  python: "Python",
  ruby: "Ruby",
  golang: "Go",
  go: "Go",
  rust: "Rust",
  java: "Java",
  elixir: "Elixir",
  erlang: "Erlang",
  php: "PHP",
  bun: "Bun",
  deno: "Deno",
  dotnet: ".NET",
  "dotnet-core": ".NET",
  zig: "Zig",
  dart: "Dart",
  flutter: "Flutter",
  kotlin: "Kotlin",
  scala: "Scala",
  swift: "Swift",
  terraform: "Terraform",
  pnpm: "pnpm",
  yarn: "Yarn",
  poetry: "Poetry",
  uv: "uv",
};
const CI_RUNTIMES: Readonly<Record<string, string>> = {
  "node-version": "Node.js",
  "python-version": "Python",
  "go-version": "Go",
  "java-version": "Java",
  "ruby-version": "Ruby",
  "php-version": "PHP",
  "dotnet-version": ".NET",
  "elixir-version": "Elixir",
  "otp-version": "Erlang",
};
const PROVIDERS: Readonly<Record<string, string>> = {
  aws: "AWS",
  google: "Google Cloud",
  azurerm: "Azure",
  digitalocean: "DigitalOcean",
  cloudflare: "Cloudflare",
  hcloud: "Hetzner Cloud",
  kubernetes: "Kubernetes",
};
const IS_CI = /^\.github\/workflows\/[^/]+\.ya?ml$|(^|\/)\.gitlab-ci\.yml$|^\.circleci\/config\.yml$/;
const MAY_BE_KUBERNETES =
  /(^|\/)(k8s|kubernetes|kube|deploy|deployment|deployments|manifests|kustomize|charts?|helm|overlays|base|infra|config|install)\/.*\.ya?ml$/i;
const PYTHON_TOOLS: Readonly<Record<string, string>> = {
  "tool.pytest.ini_options": "pytest",
  "tool.pytest": "pytest",
  "tool.ruff": "Ruff",
  "tool.black": "Black",
  "tool.mypy": "mypy",
  "tool.isort": "isort",
  "tool.pyright": "Pyright",
  "tool.coverage.run": "coverage.py",
  "tool.poetry": "Poetry",
  "tool.uv": "uv",
  "tool.pdm": "PDM",
  "tool:pytest": "pytest",
  flake8: "Flake8",
  mypy: "mypy",
  isort: "isort",
  "coverage:run": "coverage.py",
};

/** Whether a file tells a CI service what to do. */
export function isCiPath(path: string): boolean {
  return IS_CI.test(path);
}

/** Files whose content `readTextEvidence` understands; all of them are small. */
export function wantsStackText(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (
    Object.hasOwn(VERSION_FILES, name) ||
    [
      ".tool-versions",
      "rust-toolchain.toml",
      "global.json",
      "mise.toml",
      ".mise.toml",
      "pyproject.toml",
      "setup.cfg",
    ].includes(name) ||
    name.endsWith(".tf") ||
    IS_CI.test(path) ||
    MAY_BE_KUBERNETES.test(path)
  );
}

/** What one such file says. Reads line by line, so that a broken file costs nothing but its own evidence. */
export function readTextEvidence(path: string, text: string): readonly TextEvidence[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const lines = text.split("\n", 5000);
  const runtime = VERSION_FILES[name];
  if (runtime !== undefined) return readVersionFile(lines, runtime);
  if (name === ".tool-versions") return readTools(lines, /^([\w-]+)\s+(\S+)/);
  if (name.endsWith("mise.toml")) return readTools(lines, /^"?([\w-]+)"?\s*=\s*"([^"]+)"/);
  if (name === "rust-toolchain.toml") return match(lines, /^\s*channel\s*=\s*"([^"]+)"/, "Rust");
  if (name === "global.json") return match(lines, /^\s*"version"\s*:\s*"([^"]+)"/, ".NET");
  if (name === "pyproject.toml" || name === "setup.cfg") return readPythonTools(lines);
  if (name.endsWith(".tf")) return readTerraform(lines);
  if (IS_CI.test(path)) return readCi(lines);
  return readKubernetes(lines);
}

function readVersionFile(lines: readonly string[], name: string): TextEvidence[] {
  const at = lines.findIndex((line) => /^[^\s#]/.test(line));
  const version = (lines[at] ?? "").trim().replace(/^(v|ruby-|go)(?=\d)/, "");
  return at === -1 || !/^[\w./*-]{1,40}$/.test(version) ? [] : [{ name, version, line: at + 1 }];
}

function readTools(lines: readonly string[], pattern: RegExp): TextEvidence[] {
  return lines.flatMap((line, index) => {
    const [, tool = "", version = ""] = pattern.exec(line) ?? [];
    const name = Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined;
    return name === undefined ? [] : [{ name, version, line: index + 1 }];
  });
}

function match(lines: readonly string[], pattern: RegExp, name: string): TextEvidence[] {
  const at = lines.findIndex((line) => pattern.test(line));
  const version = pattern.exec(lines[at] ?? "")?.[1];
  return version === undefined ? [] : [{ name, version, line: at + 1 }];
}

function readPythonTools(lines: readonly string[]): TextEvidence[] {
  return lines.flatMap((line, index) => {
    const section = /^\[+\s*([^\]]+?)\s*\]/.exec(line)?.[1] ?? "";
    const name = Object.hasOwn(PYTHON_TOOLS, section) ? PYTHON_TOOLS[section] : undefined;
    return name === undefined ? [] : [{ name, line: index + 1 }];
  });
}

function readTerraform(lines: readonly string[]): TextEvidence[] {
  return lines.flatMap((line, index) => {
    const provider =
      /^\s*provider\s+"([\w-]+)"/.exec(line)?.[1] ?? /^\s*resource\s+"([a-z]+)_/.exec(line)?.[1] ?? "";
    const name = Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider] : undefined;
    const category = provider === "kubernetes" ? "orchestration" : "cloud";
    return name === undefined ? [] : [{ name, category, line: index + 1 }];
  });
}

/** Versions that are tried and services that are started; a `${{ … }}` is worked out by the CI and unknown here. */
function readCi(lines: readonly string[]): TextEvidence[] {
  return lines.flatMap((line, index): TextEvidence[] => {
    const [, key = "", value = ""] = /^\s*-?\s*([a-z]+-version):\s*(.+)$/.exec(line) ?? [];
    const name = Object.hasOwn(CI_RUNTIMES, key) ? CI_RUNTIMES[key] : undefined;
    if (name === undefined || value.includes("${{")) return [];
    const versions = value.replace(/\s#.*$/, "").match(/[\w.]*\d[\w.]*/g) ?? [];
    return versions.length === 0 ? [] : [{ name, version: versions.join(", "), line: index + 1 }];
  });
}

function readKubernetes(lines: readonly string[]): TextEvidence[] {
  const api = lines.findIndex((line) => /^apiVersion:\s*["']?[\w./-]+/.test(line));
  const kind = lines.findIndex((line) => /^kind:\s*["']?[A-Z]\w+/.test(line));
  if (api === -1 || kind === -1) return [];
  if (/kind:\s*["']?Kustomization|apiVersion:.*(kustomize|skaffold)/.test(`${lines[kind]}\n${lines[api]}`))
    return [];
  return [{ name: "Kubernetes", category: "orchestration", line: kind + 1 }];
}

/** Images that a CI file starts or a Kubernetes manifest runs, with their line. */
export function readImages(
  path: string,
  text: string,
): readonly { readonly image: string; readonly line: number }[] {
  if (!IS_CI.test(path) && !MAY_BE_KUBERNETES.test(path)) return [];
  return text.split("\n", 5000).flatMap((line, index) => {
    const image = /^\s+(?:-\s+)?image:\s*["']?([\w./-]+(?::[\w.-]+)?)/.exec(line)?.[1];
    return image === undefined ? [] : [{ image, line: index + 1 }];
  });
}
